/** What mmu_lock protects, as a value: two states with the same key behave the same from then on. */
import { childSerial, isTable, VALID } from '@s2bench/core/stage2';
import { int32At, uint32At } from '@s2bench/core/stage2';
import type { BackingState } from './backing-state.ts';
import type { Operation } from './operation.ts';
import type { Rig } from './rig.ts';

/** A table page of a state. */
export interface TablePage {
  readonly slot: number;
  readonly serial: number;
  readonly level: number;
  readonly base: number;
  readonly references: number;
  /** Valid entries, counted in the page itself. */
  readonly valid: number;
  /** Slots that its valid table descriptors point to. */
  readonly children: readonly number[];
}

/** An operation, and what the host mapped when it took the lock. */
export interface PastOperation {
  readonly operation: Operation;
  readonly backing: BackingState;
}

/** A protected state: the operations that lead to it, and what can be read from it. */
export interface KernelState {
  readonly id: number;
  /** From a machine in which nothing happened. Running them again gives the state. */
  readonly path: readonly PastOperation[];
  readonly key: string;
  /** Low and high words of all descriptors. */
  readonly words: Uint32Array;
  readonly pages: readonly TablePage[];
  /** Base of the memslot; the end of the address space where it was deleted. */
  readonly baseIpa: number;
  /** Invalidations of the notifier in progress. */
  readonly invalidations: number;
}

/** What can be read from the machine of a rig. */
export function readState(rig: Rig): Omit<KernelState, 'id' | 'path'> {
  const { table } = rig.vm;
  const { arena, geometry } = table;
  const slots = [...rig.recorder.live].sort((a, b) => a - b);
  const pages: TablePage[] = [];
  const baseIpa = rig.vm.slots.includes(rig.slot) ? rig.slot.baseIpa : geometry.ipaLimit;
  let key = `${baseIpa};${rig.invalidations};${rig.recorder.freeSlots.join(' ')}`;
  for (const slot of slots) {
    const level = arena.levelOf(slot);
    const children: number[] = [];
    let valid = 0;
    key += `;${slot}:${level}:${arena.baseOf(slot)}:${int32At(arena.refcounts, slot)}:${table.validCount(slot)}`;
    for (let entry = slot * arena.entriesPerTable; entry < (slot + 1) * arena.entriesPerTable; entry++) {
      const low = uint32At(arena.words, 2 * entry);
      const high = uint32At(arena.words, 2 * entry + 1);
      if ((low & VALID) !== 0) valid++;
      if (level < 3 && (low & 2) !== 0) {
        // A serial counts allocations, so that it grows for ever: what matters is which page it leads to.
        const serial = childSerial(low, high, geometry);
        const child = arena.slotOfSerial(serial);
        key += `,t${low & VALID}:${child}:${arena.serialOf(child) === serial}`;
        if (isTable(low)) children.push(child);
      } else key += `,${low.toString(16)}:${high.toString(16)}`;
    }
    pages.push({
      slot,
      level,
      valid,
      children,
      serial: arena.serialOf(slot),
      base: arena.baseOf(slot),
      references: int32At(arena.refcounts, slot),
    });
  }
  const length = (Math.max(...slots) + 1) * arena.entriesPerTable * 2;
  return {
    key,
    words: arena.words.slice(0, length),
    pages,
    baseIpa,
    invalidations: rig.invalidations,
  };
}
