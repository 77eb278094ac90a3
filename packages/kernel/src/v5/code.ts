/** The page-table code of v5.11 to v6.1, as one. */
import type { Strategy } from '@s2bench/core';
import type { Ipa, Pa, Protection, Stage2Table } from '@s2bench/core/stage2';
import type { KernelModel } from '../kernel-model.ts';
import type { MemoryCache } from '../memory-cache.ts';
import { setOwner } from '../owners.ts';
import type { PageTableCode, WalkFlags } from '../page-table-code.ts';
import { isYoung, markOld, markYoung, relaxPermissions, writeProtect } from './attributes.ts';
import { flush } from './flush.ts';
import { Mapper } from './map.ts';
import { destroy, unmap } from './unmap.ts';

/** A table, and the code of a model that works on it. */
export class V5Code implements PageTableCode {
  readonly #table: Stage2Table;
  readonly #kernel: KernelModel;
  readonly #mapper: Mapper;

  constructor(table: Stage2Table, kernel: KernelModel, strategy: Strategy) {
    this.#table = table;
    this.#kernel = kernel;
    this.#mapper = new Mapper(table, kernel, strategy);
  }

  get installedLeaves(): number {
    return this.#mapper.installedLeaves;
  }

  get strategyActs(): boolean {
    return this.#mapper.strategyActs;
  }

  map(
    address: Ipa,
    sizeBytes: number,
    physAddress: Pa,
    protection: Protection,
    cache: MemoryCache | null,
    { pagesOnly, cleaned = false }: WalkFlags,
  ): number {
    const isForced = pagesOnly && this.#kernel.forcesPages;
    return this.#mapper.map(address, sizeBytes, physAddress, protection, cache, isForced, cleaned);
  }

  unmap(address: Ipa, sizeBytes: number): number {
    return unmap(this.#table, address, sizeBytes, this.#kernel.unlinkHint);
  }

  writeProtect(address: Ipa, sizeBytes: number): number {
    return writeProtect(this.#table, address, sizeBytes);
  }

  flush(address: Ipa, sizeBytes: number): number {
    return flush(this.#table, address, sizeBytes);
  }

  relax(address: Ipa, protection: Protection): number {
    return relaxPermissions(this.#table, address, protection, this.#kernel.icacheSite === 'map-handler');
  }

  markYoung(address: Ipa): bigint {
    return markYoung(this.#table, address);
  }

  markOld(address: Ipa): bigint {
    return markOld(this.#table, address);
  }

  isYoung(address: Ipa): boolean {
    return isYoung(this.#table, address);
  }

  testClearYoung(): undefined {
    return undefined;
  }

  split(): undefined {
    return undefined;
  }

  setOwner(address: Ipa, sizeBytes: number, owner: number, cache: MemoryCache | null): number | undefined {
    return setOwner(owner, this.#kernel, (annotation) => this.#mapper.annotate(address, sizeBytes, annotation, cache));
  }

  readonly unlinkedTables = 0;

  endGracePeriod(): void {}

  flushTlb(): void {
    this.#table.effects.tlbiVmid();
  }

  destroy(): void {
    destroy(this.#table);
  }
}
