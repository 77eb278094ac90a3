/** The stock unmap, with other TLBIs: what animals and variations of the notifier and of memslots are made of. */
import { LEVEL_UNKNOWN, OK } from '@s2bench/core';
import type { Level, Stage2Table } from '@s2bench/core/stage2';
import { isTable, outputAddress, VALID } from '@s2bench/core/stage2';
import type { Memslot, PhaseOverrides, VirtualMachine, Visitor, WalkState } from '@s2bench/kernel';
import { LEAF, TABLE_POST, walk } from '@s2bench/kernel';

/** How an entry that was invalidated is flushed. */
type Flush = (table: Stage2Table, ipa: number, level: number) => void;

/** The TLBIs of an unmap; what is left out is as in the kernel that has linux 36e008323926. */
export interface UnmapTlbis {
  readonly leaf?: Flush;
  readonly unlinked?: Flush;
}

/** By IPA, with a given hint. */
export const byIpa =
  (hint: number): Flush =>
  (table, ipa) => {
    table.effects.tlbiIpa(ipa, hint);
  };

/** By IPA, with the entry's own level as the hint. */
export const byOwnLevel: Flush = (table, ipa, level) => {
  table.effects.tlbiIpa(ipa, level);
};

/** Unmaps a range. */
export function unmapWith(table: Stage2Table, ipa: number, sizeBytes: number, tlbis: UnmapTlbis): void {
  const { leaf = byOwnLevel, unlinked = byIpa(LEVEL_UNKNOWN) } = tlbis;
  const visitor: Visitor = {
    flags: LEAF | TABLE_POST,
    tablePre: () => OK,
    leaves(first: number, count: number, level: number, state: WalkState): number {
      const granule = table.geometry.granuleBytes[level as Level];
      for (let index = 0; index < count; index++) {
        const entry = first + index;
        const at = state.entryAddress + index * granule;
        const low = table.low(entry);
        const high = table.high(entry);
        if ((low & VALID) === 0) continue;
        table.invalidate(entry, at, level);
        leaf(table, at, level);
        table.drop(table.slotOf(entry), 1);
        if (!table.fwb) table.effects.dcacheClean(outputAddress(low, high, table.geometry), granule);
      }
      return OK;
    },
    tablePost(entry: number, level: number, state: WalkState): number {
      const child = table.childOf(entry);
      if (!isTable(table.low(entry)) || !table.isEmpty(child)) return OK;
      table.invalidate(entry, state.entryAddress, level);
      unlinked(table, state.entryAddress, level);
      table.drop(table.slotOf(entry), 1);
      table.freeTable(child);
      return OK;
    },
  };
  walk(table, ipa, sizeBytes, visitor);
}

/** A memslot moves, and is unmapped otherwise than in the kernel. */
export const movesBy =
  (unmapSlot: (vm: VirtualMachine, slot: Memslot, toIpa: number) => void) =>
  (vm: VirtualMachine): PhaseOverrides => ({
    'move-slot': {
      unmap: ({ request }) => {
        if (request.do !== 'move-slot') return undefined;
        unmapSlot(vm, request.slot, request.toIpa);
        request.slot.baseIpa = request.toIpa;
        return undefined;
      },
    },
  });

/** A range of a slot, in the guest's addresses. */
export interface TakenRange {
  readonly ipa: number;
  readonly sizeBytes: number;
}

/** The notifier is told of a range, and unmaps otherwise than the kernel. */
export const takesBy =
  (unmapRange: (vm: VirtualMachine, range: TakenRange, slot: Memslot) => void) =>
  (vm: VirtualMachine): PhaseOverrides => ({
    invalidate: {
      start: ({ request }) => {
        vm.notifier.start();
        if (request.do === 'invalidate') {
          const { slot, offset, sizeBytes } = request;
          unmapRange(vm, { ipa: slot.baseIpa + offset - slot.backingOffsetBytes, sizeBytes }, slot);
        }
        return vm.phases.host.invalidate['end'];
      },
    },
  });
