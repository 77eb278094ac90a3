/** A table with one block's worth of pages, and what a strategy does when a block is mapped over them. */
import type { EntryId, Strategy } from '@s2bench/core';
import type { Ipa, Pa } from '@s2bench/core/stage2';
import type { Stage2Table } from '@s2bench/core/stage2';
import { findEntry, IgnoreEffects, levelOfEntry, makeGeometry } from '@s2bench/core/stage2';
import { MemoryCache, type PageTableCode, pageTableCode, stage2TableOf } from '@s2bench/kernel';
import { mainKernels } from './kernels.ts';

const PROTECTION = { read: true, write: true, execute: false, device: false };

/** A fault's walk. Nobody else is there who could share the lock. */
const WALK = { shared: true, fault: true, pagesOnly: false };

/** The block is mapped to this block of physical memory. */
const PHYS_BLOCK = 8;

/** What a coalesce did, in order. */
export type Action =
  | { readonly do: 'invalidate' | 'install'; readonly level: number }
  | { readonly do: 'tlbi-vmid' | 'tlbi-ipa' | 'free' | 'unlink' | 'grace-period' }
  | { readonly do: 'clean'; readonly address: Pa; readonly sizeBytes: number };

/** Writes effects down. */
class ActionLog extends IgnoreEffects {
  readonly actions: Action[] = [];
  override entryInvalidated(_entry: EntryId, _address: Ipa, level: number): void {
    this.actions.push({ do: 'invalidate', level });
  }
  override leafInstalled(_entry: EntryId, _address: Ipa, level: number): void {
    this.actions.push({ do: 'install', level });
  }
  override tlbiVmid(): void {
    this.actions.push({ do: 'tlbi-vmid' });
  }
  override tlbiIpa(): void {
    this.actions.push({ do: 'tlbi-ipa' });
  }
  override tableUnlinked(): void {
    this.actions.push({ do: 'unlink' });
  }
  override gracePeriodEnded(): void {
    this.actions.push({ do: 'grace-period' });
  }
  override tableFreed(): void {
    this.actions.push({ do: 'free' });
  }
  override dcacheClean(address: Pa, sizeBytes: number): void {
    this.actions.push({ do: 'clean', address, sizeBytes });
  }
}

/** A table on which pages are mapped one by one, and then a block over them, by one strategy. */
export class CoalesceBench {
  readonly table: Stage2Table;
  readonly blockBytes: number;
  readonly pageSizeBytes: number;
  readonly #code: PageTableCode;

  /** @param blockLevel - 2, or 1 with 4K pages */
  constructor(strategy: Strategy, pageSizeBytes: number, blockLevel: 1 | 2, fwb = false) {
    const [kernel] = mainKernels(strategy);
    if (kernel === undefined) throw new Error(`strategy ${strategy.name} is written for no walker`);
    const geometry = makeGeometry(pageSizeBytes, 40);
    this.table = stage2TableOf(kernel, { geometry, fwb, effects: new IgnoreEffects() });
    this.blockBytes = geometry.granuleBytes[blockLevel];
    this.pageSizeBytes = pageSizeBytes;
    this.#code = pageTableCode(this.table, kernel, strategy);
  }

  /** What a coalesce of a 2M block does whose first `pages` pages of 4K were mapped. */
  static coalesceFirst(strategy: Strategy, pages: number): readonly Action[] {
    const bench = new CoalesceBench(strategy, 4096, 2);
    for (let page = 0; page < pages; page++) bench.mapPage(page);
    return bench.mapBlock().actions;
  }

  /** The clean of the whole block of {@link coalesceFirst}. */
  static readonly WHOLE_BLOCK: Action = { do: 'clean', address: PHYS_BLOCK * 2 ** 21, sizeBytes: 2 ** 21 };

  /** Maps one page of the block. */
  mapPage(page: number): number {
    const offset = page * this.pageSizeBytes;
    return this.#map(offset, this.pageSizeBytes);
  }

  /** Maps the whole block, and gives what happened. */
  mapBlock(): { readonly rc: number; readonly actions: readonly Action[] } {
    const log = new ActionLog();
    this.table.effects = log;
    const rc = this.#map(0, this.blockBytes);
    return { rc, actions: log.actions };
  }

  /** Level at which the block's first address is translated. */
  get leafLevel(): number {
    return levelOfEntry(this.table, findEntry(this.table, this.blockBytes) ?? 0);
  }

  /** Descriptor words of the leaf of the block's first address. */
  get leafWords(): readonly [number, number] {
    const entry = findEntry(this.table, this.blockBytes) ?? 0;
    return [this.table.low(entry), this.table.high(entry)];
  }

  /** Table pages whose references are not one plus their valid entries, counted descriptor by descriptor. */
  get miscounted(): number[] {
    const { arena } = this.table;
    const { entriesPerTable } = arena;
    return [...arena.liveSlots()].filter(
      (slot) => arena.refcounts[slot] !== 1 + this.table.countValid(slot * entriesPerTable, entriesPerTable),
    );
  }

  #map(offset: number, sizeBytes: number): number {
    // One block above zero, so that an address that was lost shows.
    const address = this.blockBytes + offset;
    const phys = PHYS_BLOCK * this.blockBytes + offset;
    const rc = this.#code.map(address, sizeBytes, phys, PROTECTION, new MemoryCache(Infinity), WALK);
    this.#code.endGracePeriod();
    return rc;
  }
}
