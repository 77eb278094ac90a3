/** What of a schedule Casemate can be told: the lock sections, one after the other, with their micro-operations. */
import { uint32At } from '@s2bench/core/stage2';
import { KERNEL, LOCK, RETURN } from '../explore/action.ts';
import type { ScheduledStep } from '../explore/explorer.ts';
import { MOMENT } from '../explore/layout.ts';
import type { Model } from '../explore/model.ts';
import type { KernelState } from '../kernel/kernel-state.ts';
import type { MicroOp } from '../kernel/micro-op.ts';
import type { Operation } from '../kernel/operation.ts';

/** A lock section, as far as it came. */
export interface RunSection {
  /** A vCPU's number; the host comes after the last. */
  readonly agent: number;
  readonly operation: Operation;
  /** The state that it begins in. Serials of table pages hold within a section only. */
  readonly from: KernelState;
  readonly ops: readonly MicroOp[];
  /** Whether the lock was released. */
  readonly ended: boolean;
}

/** A schedule as the table sees it. */
export interface Run {
  readonly begin: KernelState;
  readonly sections: readonly RunSection[];
}

/** A step, and the state after it. */
export type MadeStep = ScheduledStep & { readonly after: Uint32Array };

/** Reads the sections of a schedule. */
export function runOf(model: Model, begin: Uint32Array, steps: readonly MadeStep[]): Run {
  const { moments, rests, passages } = model.timeline;
  const sections: RunSection[] = [];
  let open: { agent: number; moment: number; section: RunSection; ops: MicroOp[] } | undefined;
  for (const { agent, kind, after } of steps) {
    const moment = uint32At(after, MOMENT);
    if (kind === LOCK) {
      const passage = passages[moments.passage.at(moment)];
      if (passage === undefined) throw new RangeError('the lock is taken outside of a passage');
      const ops = [...(moments.steps[moment] ?? [])];
      const { operation, from } = passage.section;
      open = { agent, moment, ops, section: { agent, operation, from, ops, ended: false } };
      sections.push(open.section);
    } else if (kind === KERNEL && open?.agent === agent && moment === open.moment + 1) {
      open.ops.push(...(moments.steps[moment] ?? []));
      open.moment = moment;
    } else if (kind === RETURN && open !== undefined) {
      sections[sections.length - 1] = { ...open.section, ended: true };
      open = undefined;
    }
  }
  const rest = rests[moments.rest.at(uint32At(begin, MOMENT))];
  if (rest === undefined) throw new RangeError('a run begins at a rest');
  return { begin: rest.state, sections };
}

/** Whether a run replaces a table by a block: a section stores a valid leaf above level 3 and frees a table page. */
export function hasCoalesce({ sections }: Run): boolean {
  return sections.some(({ ops }) => {
    const freed = ops.some((op) => op.do === 'free');
    return freed && ops.some((op) => op.do === 'write' && (op.low & 3) === 1);
  });
}
