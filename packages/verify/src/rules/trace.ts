/** A trace: what the stage-2 code, the host and the guest do one after the other, for rules to look at. */
import type { MicroOp } from '../kernel/micro-op.ts';
import type { SectionEnd } from './rule.ts';

/** One step of a trace. Pages are those of a slot of four whose page n is at guest page n. */
export type TraceStep =
  | MicroOp
  | {
      readonly do: 'access';
      readonly page: number;
      readonly kind: 'read' | 'write' | 'fetch';
      readonly caches: boolean;
    }
  | { readonly do: 'host-write'; readonly page: number }
  /** The bitmap is read: these pages are reported and cleared. */
  | { readonly do: 'collect'; readonly pages: readonly number[] }
  | { readonly do: 'mark-dirty'; readonly page: number }
  /** The operation returns; what it left behind, where a rule looks at it. */
  | { readonly do: 'return'; readonly end?: Partial<SectionEnd> };

/** A trace over a table with one level-2 root in slot 0 and, where it says so, a level-3 table in slot 1. */
export interface Trace {
  /** Descriptors that stand when it begins: those of a full level-3 table, of a block, or none. */
  readonly begin: 'empty' | 'table' | 'block';
  readonly logging?: boolean;
  readonly steps: readonly TraceStep[];
}
