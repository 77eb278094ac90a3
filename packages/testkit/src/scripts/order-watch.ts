/** Watches the order of effects in one map: what is broken, when it is flushed, and what stands in its place when. */
import type { EntryId } from '@s2bench/core';
import type { EffectSink, Stage2Table } from '@s2bench/core/stage2';
import { isTable, LAST_LEVEL } from '@s2bench/core/stage2';

/** A rule that an effect broke. */
export interface OrderFault {
  readonly rule: 'break-before-make' | 'walker-safety';
  readonly step: string;
  readonly message: string;
}

type Effect = keyof EffectSink;

/** Effects that are steps of an operation: what happens to entries, TLBs, caches and table pages. */
const STEPS: Partial<Record<Effect, string>> = {
  entryInvalidated: 'invalidate',
  leafInstalled: 'install',
  tableInstalled: 'install table',
  tlbiVmid: 'TLBI VMID',
  tlbiIpa: 'TLBI IPA',
  dcacheClean: 'clean',
  tableAllocated: 'allocate table',
  tableFreed: 'free table',
};

/** Hands a table's effects on, and watches those of the operation in progress. */
export class OrderWatch {
  fault: OrderFault | undefined;
  readonly #table: Stage2Table;
  /** Entries that held a table when the operation began. */
  readonly #tables = new Set<EntryId>();
  /** Those of them that were broken, and not yet flushed. */
  readonly #broken = new Set<EntryId>();
  #steps = 0;

  constructor(table: Stage2Table) {
    this.#table = table;
    const sink = table.effects;
    table.effects = new Proxy(sink, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...values: number[]): unknown => {
          this.#see(name as Effect, values);
          return (member as (...values: number[]) => unknown).apply(target, values);
        };
      },
    });
  }

  /** Begins an operation. */
  begin(): void {
    const { arena, geometry } = this.#table;
    this.#tables.clear();
    this.#broken.clear();
    this.#steps = 0;
    for (const slot of arena.liveSlots()) {
      if (arena.levelOf(slot) === LAST_LEVEL) continue;
      const first = slot * geometry.entriesPerTable;
      for (let entry = first; entry < first + geometry.entriesPerTable; entry++) {
        if (isTable(this.#table.low(entry))) this.#tables.add(entry);
      }
    }
  }

  #see(effect: Effect, [entry = -1]: readonly number[]): void {
    const what = STEPS[effect];
    if (what === undefined) return;
    this.#steps++;
    switch (effect) {
      case 'entryInvalidated':
        if (this.#tables.delete(entry)) this.#broken.add(entry);
        break;
      case 'tlbiVmid':
        this.#broken.clear();
        break;
      case 'leafInstalled':
        if (this.#tables.has(entry))
          this.#blame('break-before-make', what, 'a block is stored over a table that is still valid');
        if (this.#broken.has(entry)) {
          this.#blame(
            'break-before-make',
            what,
            'the block stands before the VMID was flushed: TLBs may hold the pages and the block',
          );
        }
        break;
      case 'tableFreed':
        if (this.#broken.size > 0)
          this.#blame(
            'walker-safety',
            what,
            'a table page is freed before the VMID was flushed: a walker may be in it',
          );
        break;
      default:
    }
  }

  #blame(rule: OrderFault['rule'], what: string, message: string): void {
    this.fault ??= { rule, step: `${this.#steps} (${what})`, message };
  }
}
