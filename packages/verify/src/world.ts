/** A small world: the memslot, what the vCPUs and the host do, and how it began. */
import type { BackingKind, History } from '@s2bench/kernel';
import type { SmallLevels } from './small-geometry.ts';

/** Bytes of a page in every world. */
export const PAGE_BYTES = 4096;

/**
 * One access of a guest: `r` reads, `w` writes, `x` fetches an instruction; the number is the guest page. `'r2'`,
 * or a choice that the explorer makes both ways: `'r2|w3'`. `'@1'` waits until the host has done one step.
 */
export type GuestStep = string;

/** What one vCPU does. */
export interface VcpuProgram {
  /** Whether the guest runs with its caches on. With FEAT_S2FWB it makes no difference. */
  readonly caches: boolean;
  readonly steps: readonly GuestStep[];
}

/** One step of the host's user space, or of its memory management. */
export type HostStep =
  /** User space stores to a page: a kernel image. */
  | { readonly do: 'write'; readonly page: number }
  | { readonly do: 'logging'; readonly on: boolean }
  /** KVM_GET_DIRTY_LOG. */
  | { readonly do: 'collect' }
  /** The MMU notifier takes pages of the slot away. */
  | { readonly do: 'unmap'; readonly firstPage: number; readonly pages: number }
  /** khugepaged makes a huge page of the pages that back the block at `page`. */
  | { readonly do: 'collapse'; readonly page: number }
  /** Waits until a vCPU has done so many steps. */
  | { readonly do: 'await'; readonly vcpu: number; readonly steps: number }
  /** User space moves the memslot. */
  | { readonly do: 'move'; readonly toPage: number }
  /** User space deletes the memslot: what is accessed there from then on is a device's. */
  | { readonly do: 'delete-slot' };

/** What backs the slot when the world begins. */
export type BackingBegin =
  /** The host wrote all of it: a kernel image. */
  | 'written'
  /** Nothing was touched. */
  | 'untouched'
  /** Transparent huge pages only: each block split, its first page written, the others the zero page. */
  | 'split';

/** A memslot at the begin of a world. Sizes are in pages. */
export interface WorldSlot {
  readonly basePage: number;
  readonly pages: number;
  readonly backing: BackingKind;
  /** Pages of a huge page of the backing. */
  readonly blockPages: 4 | 16;
  /** How far the host address is off the alignment that a block needs. */
  readonly hostOffsetPages?: number;
  readonly begin: BackingBegin;
}

/** A world. Data: what it is for is said in its purpose. */
export interface World {
  readonly name: string;
  readonly purpose: string;
  readonly levels: SmallLevels;
  readonly slot: WorldSlot;
  readonly histories: readonly History[];
  readonly vcpus: readonly VcpuProgram[];
  readonly host: readonly HostStep[];
}

/** An access, decoded. */
export interface GuestAccess {
  readonly page: number;
  readonly kind: AccessKind;
}

/** Read, write or fetch as a number: an index of tables in the inner loop. */
export type AccessKind = 0 | 1 | 2;
export const READ = 0;
export const WRITE = 1;
export const FETCH = 2;

const KINDS: Record<string, AccessKind> = { r: READ, w: WRITE, x: FETCH };

/** A step of a guest, decoded. */
export interface DecodedStep {
  /** Steps that the host has to have done. */
  readonly awaits: number;
  /** One of them is made; none where the step only waits. */
  readonly accesses: readonly GuestAccess[];
}

/**
 * Decodes a step.
 *
 * @throws RangeError where the text is no step
 */
export function decodeStep(step: GuestStep): DecodedStep {
  const wait = /^@(\d+)$/.exec(step);
  if (wait !== null) return { awaits: Number(wait[1]), accesses: [] };
  const accesses = step.split('|').map((text) => {
    const match = /^([rwx])(\d+)$/.exec(text);
    const kind = KINDS[match?.[1] ?? ''];
    if (kind === undefined)
      throw new RangeError(`guest step '${step}': must be like r0, w1 or x2 joined by |, or like @1`);
    return { page: Number(match?.[2]), kind };
  });
  return { awaits: 0, accesses };
}
