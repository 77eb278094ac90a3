/**
 * What the walks of the hardware cost a guest, in both stages.
 *
 * A walk reads a descriptor at each level of stage 1 and of stage 2: of stage 2 the fewer, the larger the block. What it reads is mostly in
 * a cache, but of eight descriptors that a loop comes to one after the other, the first brings the line. The translations of the stage-1
 * tables themselves, and what walk caches spare, are in the cost of a read.
 *
 * `guestAccess` is measured with a walk in it, so a profile's walks are told apart from that one: of a loop from page to page, through the
 * largest block that there is.
 */
import type { Geometry } from '@s2bench/core/stage2';
import type { Costs } from './costs.ts';
import { latencyNs } from './memory-contention.ts';

/** Descriptors of a 64-byte line. */
const DESCRIPTORS_PER_LINE = 8;
/** Bits of a virtual address that stage 1 translates: what Linux guests use. */
const VIRTUAL_BITS = 48;
/** Bits of a descriptor's address in its table. */
const DESCRIPTOR_SHIFT = 3;

/** The walks of a guest whose stage 1 maps pages of the size of stage 2's. */
export class GuestWalks {
  /** Bytes that an entry of a TLB reaches: no more than the smaller mapping of both stages. */
  readonly entryBytes: number;
  /** What a descriptor that is read takes, and a line of them that is brought. */
  readonly readNs: number;
  readonly lineNs: number;
  /** What an access takes longer in far memory. */
  readonly farNs: number;
  readonly #stage1Reads: number;
  readonly #geometry: Geometry;
  readonly #readPart: number;
  readonly #linePart: number;
  readonly #readsIncluded: number;
  readonly #linesIncluded: number;

  constructor(geometry: Geometry, costs: Costs, vcpus: number) {
    const { pageShift, pageSizeBytes, startLevel } = geometry;
    const aloneNs = latencyNs(costs, vcpus);
    this.#geometry = geometry;
    this.entryBytes = pageSizeBytes;
    this.#stage1Reads = Math.ceil((VIRTUAL_BITS - pageShift) / (pageShift - DESCRIPTOR_SHIFT));
    this.readNs = costs.guestWalkRead ?? 0;
    this.lineNs = costs.guestWalkLine ?? 0;
    this.farNs = aloneNs - costs.guestAccess;
    this.#readPart = this.readNs / aloneNs;
    this.#linePart = this.lineNs / aloneNs;
    this.#readsIncluded = this.readsOf(startLevel, pageSizeBytes);
    this.#linesIncluded = this.linesOf(startLevel, pageSizeBytes);
  }

  /** Descriptors that an access of a loop reads, at a mean, where each page is new to the TLBs and stage 2 maps it at a level. */
  readsOf(level: number, strideBytes: number): number {
    return (this.#stage1Reads + level - this.#geometry.startLevel + 1) * Math.min(1, strideBytes / this.entryBytes);
  }

  /** The same where stage 2 is known, so that stage 1 alone is walked. */
  readsOfStage1(strideBytes: number): number {
    return this.#stage1Reads * Math.min(1, strideBytes / this.entryBytes);
  }

  /** Lines of descriptors that an access of a loop brings, at a mean. */
  linesOf(level: number, strideBytes: number): number {
    const granuleBytes = this.#geometry.granuleBytes[level] ?? 0;
    return linePart(strideBytes, this.entryBytes) + linePart(strideBytes, granuleBytes);
  }

  /** How long an access takes, in accesses that walk as the one does which the profile's `guestAccess` is. */
  accessesOf(reads: number, lines: number): number {
    return 1 + (reads - this.#readsIncluded) * this.#readPart + (lines - this.#linesIncluded) * this.#linePart;
  }
}

function linePart(strideBytes: number, mappingBytes: number): number {
  return Math.min(1, strideBytes / (DESCRIPTORS_PER_LINE * mappingBytes));
}
