/** What the host takes away, and the guest keeps: the notifier's sequence ignored, an unmap without a flush. */
import { OK } from '@s2bench/core';
import type { Stage2Table, Level } from '@s2bench/core/stage2';
import { isTable, outputAddress, VALID } from '@s2bench/core/stage2';
import type { GuestFault, Memslot, Visitor, WalkState } from '@s2bench/kernel';
import { LEAF, TABLE_POST, VirtualMachine, walk } from '@s2bench/kernel';
import baseline from '@s2bench/strategy-baseline';
import type { Animal } from '../animal.ts';
import { animal } from '../breed.ts';
import { habitat } from '../habitats.ts';
import { OpenFaultHandler } from '../open-fault-handler.ts';

class NeverRetries extends OpenFaultHandler {
  protected override mustRetry(): boolean {
    return false;
  }
}

class LooksAtCountOnly extends OpenFaultHandler {
  protected override mustRetry(): boolean {
    const { notifier } = this.vm;
    return notifier.mustRetry(notifier.sequence);
  }
}

class LooksAtSequenceOnly extends OpenFaultHandler {
  protected override mustRetry(fault: GuestFault): boolean {
    return this.vm.notifier.sequence !== fault.notifierSequence;
  }
}

/** The stock unmap, but for the TLBI of leaves. */
class UnflushedUnmap implements Visitor {
  readonly flags = LEAF | TABLE_POST;
  readonly #table: Stage2Table;

  constructor(table: Stage2Table) {
    this.#table = table;
  }

  tablePre(): number {
    return OK;
  }

  leaves(first: number, count: number, level: number, state: WalkState): number {
    const table = this.#table;
    const granule = table.geometry.granuleBytes[level as Level];
    for (let index = 0; index < count; index++) {
      const entry = first + index;
      const low = table.low(entry);
      if ((low & VALID) === 0) continue;
      table.invalidate(entry, state.entryAddress + index * granule, level);
      table.drop(table.slotOf(entry), 1);
      if (!table.fwb) table.effects.dcacheClean(outputAddress(low, table.high(entry), table.geometry), granule);
    }
    return OK;
  }

  tablePost(entry: number, level: number, state: WalkState): number {
    const table = this.#table;
    const child = table.childOf(entry);
    if (!isTable(table.low(entry)) || !table.isEmpty(child)) return OK;
    table.invalidate(entry, state.entryAddress, level);
    table.effects.tlbiIpa(state.entryAddress, level);
    table.drop(table.slotOf(entry), 1);
    table.freeTable(child);
    return OK;
  }
}

class MovesWithoutFlush extends VirtualMachine {
  override moveSlot(slot: Memslot, baseIpa: number): void {
    walk(this.table, slot.baseIpa, slot.sizeBytes, new UnflushedUnmap(this.table));
    slot.baseIpa = baseIpa;
  }
}

export const NOTIFIER: readonly Animal[] = [
  animal({
    name: 'no-retry',
    mistake: 'The fault maps what it has pinned, whatever the notifier said in between.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('thp-collapse', 'fresh'),
    handler: (vm) => new NeverRetries(vm),
  }),
  animal({
    name: 'notifier-count-only',
    mistake:
      'A fault is turned away while the host takes pages, and not when it has taken them since the page was pinned.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('thp-collapse', 'fresh'),
    handler: (vm) => new LooksAtCountOnly(vm),
  }),
  animal({
    name: 'notifier-sequence-only',
    mistake:
      'The sequence is compared, and that an invalidation is under way is ignored: the sequence changes only at its end.',
    of: baseline,
    rule: 'mapping',
    habitat: habitat('thp-collapse', 'fresh'),
    handler: (vm) => new LooksAtSequenceOnly(vm),
  }),
  animal({
    name: 'unmap-without-tlbi',
    mistake: 'A memslot that moves is unmapped page by page without a TLBI for its leaves.',
    of: baseline,
    rule: 'stale-translation',
    habitat: habitat('slot-move'),
    machine: (options) => new MovesWithoutFlush(options),
  }),
];
