/** The page-table code of v6.2 and later, as one. */
import type { Strategy } from '@s2bench/core';
import type { Ipa, Pa, Protection, Stage2Table } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import type { MemoryCache } from '../memory-cache.ts';
import { setOwner } from '../owners.ts';
import type { PageTableCode, WalkFlags } from '../page-table-code.ts';
import { isYoung, markOld, markYoung, writeProtect } from '../v5/attributes.ts';
import { flush } from '../v5/flush.ts';
import { destroy, unmap } from '../v5/unmap.ts';
import { relaxLeaf, testClearYoung } from './attributes.ts';
import { flushRange } from '../flush-range.ts';
import { V6Mapper } from './map.ts';
import { Splitter } from './split.ts';
import { UnlinkedTables } from './unlinked.ts';
import { V6Walk } from './walker.ts';

/** A table, and the code of a model that works on it. */
export class V6Code implements PageTableCode {
  readonly #table: Stage2Table;
  readonly #kernel: KernelModel;
  readonly #unlinked: UnlinkedTables;
  readonly #mapper: V6Mapper;

  constructor(table: Stage2Table, kernel: KernelModel, strategy: Strategy) {
    this.#table = table;
    this.#kernel = kernel;
    this.#unlinked = new UnlinkedTables(table);
    this.#mapper = new V6Mapper(table, kernel, strategy, this.#unlinked);
  }

  get installedLeaves(): number {
    return this.#mapper.installedLeaves;
  }

  get hasUnlinked(): boolean {
    return this.#unlinked.any;
  }

  /** Nothing is known of the visitors of this walker, which decide on what they read. */
  get strategyActs(): boolean {
    return true;
  }

  map(
    address: Ipa,
    sizeBytes: number,
    physAddress: Pa,
    protection: Protection,
    cache: MemoryCache | null,
    flags: WalkFlags,
  ): number {
    return this.#mapper.map(address, sizeBytes, physAddress, protection, cache, flags);
  }

  unmap(address: Ipa, sizeBytes: number): number {
    const { deferredUnmap, rangeTlbi, unlinkHint } = this.#kernel;
    const table = this.#table;
    // Cleans have to be made leaf by leaf anyway, so that without FWB nothing is deferred.
    const isDeferred = deferredUnmap !== 'nothing' && rangeTlbi && table.fwb && table.tlbRange;
    const rc = unmap(table, address, sizeBytes, unlinkHint, isDeferred ? deferredUnmap : 'nothing');
    if (isDeferred) this.flushTlb(address, sizeBytes);
    return rc;
  }

  writeProtect(address: Ipa, sizeBytes: number): number {
    return writeProtect(this.#table, address, sizeBytes);
  }

  flush(address: Ipa, sizeBytes: number): number {
    return flush(this.#table, address, sizeBytes);
  }

  relax(address: Ipa, protection: Protection): number {
    return relaxLeaf(this.#table, this.#kernel, address, protection);
  }

  markYoung(address: Ipa): bigint | undefined {
    const before = markYoung(this.#table, address);
    return this.#kernel.youngAnswer === 'nothing' ? undefined : before;
  }

  markOld(address: Ipa, sizeBytes: number): bigint {
    if (!this.#kernel.agesRanges) return markOld(this.#table, address);
    return testClearYoung(this.#table, address, sizeBytes, true) === 1 ? 1n : 0n;
  }

  isYoung(address: Ipa): boolean {
    return isYoung(this.#table, address);
  }

  testClearYoung(address: Ipa, sizeBytes: number, clear: boolean): number | undefined {
    return this.#kernel.agesRanges ? testClearYoung(this.#table, address, sizeBytes, clear) : undefined;
  }

  split(address: Ipa, sizeBytes: number, cache: MemoryCache): number | undefined {
    if (!this.#kernel.splits) return undefined;
    return new V6Walk(this.#table).run(address, sizeBytes, new Splitter(this.#table, cache));
  }

  setOwner(address: Ipa, sizeBytes: number, owner: number, cache: MemoryCache | null): number | undefined {
    return setOwner(owner, this.#kernel, (annotation) => this.#mapper.annotate(address, sizeBytes, annotation, cache));
  }

  endGracePeriod(): void {
    this.#unlinked.free();
  }

  flushTlb(address: Ipa, sizeBytes: number): void {
    flushRange(this.#table, this.#kernel.rangeTlbi, address, sizeBytes);
  }

  destroy(): void {
    this.endGracePeriod();
    destroy(this.#table);
  }
}
