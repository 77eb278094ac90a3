/** Random op scripts, which fast-check can shrink line by line. */
import { makeGeometry } from '@s2bench/core/stage2';
import type { KernelModel } from '@s2bench/kernel';
import * as fc from 'fast-check';
import type { ScriptSetup } from './check-script.ts';

/** A script, and what it is run with. */
export interface RandomScript extends ScriptSetup {
  readonly text: string;
}

/** One block above zero, so that an address that was lost shows. */
const FIRST_BLOCK = 1;
/** The upper half of a guest's addresses of 40 bits. */
const HIGH = 2 ** 39;
/** A physical block of any size is aligned there. */
const PHYS = 2 ** 40;

/** Page sizes and block levels that a coalesce is tried at. */
export const SHAPES = [
  { pageSizeBytes: 4096, blockLevel: 2 },
  { pageSizeBytes: 16384, blockLevel: 2 },
  { pageSizeBytes: 65536, blockLevel: 2 },
  { pageSizeBytes: 4096, blockLevel: 1 },
] as const;

/** Pages of a block that are mapped one by one. */
const MOST_PAGES = 24;

/** Some pages of one block are mapped, in any order; then the block is, low or beyond what 32 bits say. Hardware can invalidate by range. */
export function coalesces(
  { pageSizeBytes, blockLevel }: (typeof SHAPES)[number],
  kernel: KernelModel,
): fc.Arbitrary<RandomScript> {
  const blockBytes = makeGeometry(pageSizeBytes, 40).granuleBytes[blockLevel];
  const pages = fc.uniqueArray(fc.nat({ max: blockBytes / pageSizeBytes - 1 }), {
    minLength: 1,
    maxLength: MOST_PAGES,
  });
  return fc.record({ pages, fwb: fc.boolean() }).map(({ pages: mapped, fwb }) => {
    const places = [FIRST_BLOCK, FIRST_BLOCK + 1, HIGH / blockBytes, HIGH / blockBytes + FIRST_BLOCK];
    const ipa = (places[(mapped[0] ?? 0) % places.length] ?? FIRST_BLOCK) * blockBytes;
    const at = (page: number, sizeBytes: number): string => mapLine(ipa + page * pageSizeBytes, sizeBytes, 'rw');
    const lines = [...mapped.map((page) => at(page, pageSizeBytes)), at(0, blockBytes)];
    const coalesced = { ipa, pa: PHYS + ipa, pages: blockBytes / pageSizeBytes };
    return { text: scriptOf(lines, fwb, ' tlbrange=1'), kernel, pageSizeBytes, coalesced };
  });
}

/** Blocks that random sequences move in. */
const BLOCKS = 3;

/** Any operations on a few blocks, with table pages running short now and then. */
export function sequences(pageSizeBytes: number, kernels: readonly KernelModel[]): fc.Arbitrary<RandomScript> {
  const blockBytes = makeGeometry(pageSizeBytes, 40).granuleBytes[2];
  const pagesPerBlock = blockBytes / pageSizeBytes;
  const page = fc.oneof(
    fc.nat({ max: BLOCKS * pagesPerBlock - 1 }),
    fc.nat({ max: BLOCKS - 1 }).map((block) => block * pagesPerBlock),
  );
  const count = fc.oneof(
    { weight: 3, arbitrary: fc.constant(pagesPerBlock) },
    { weight: 3, arbitrary: fc.constant(1) },
    fc.integer({ min: 1, max: 4 }),
  );
  const protection = fc.constantFrom('rw', 'rw', 'rw', 'r', 'rwx');
  const line = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.tuple(page, count, protection).map(([at, pages, rights]) => {
        // As a fault maps: a whole block, or pages of one.
        const first = pages === pagesPerBlock ? at - (at % pagesPerBlock) : at;
        const within = Math.min(pages, pagesPerBlock - (first % pagesPerBlock));
        return mapLine(addressOf(first), within * pageSizeBytes, rights);
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('unmap', 'wrprotect', 'flush'), page, count)
        .map(([verb, at, pages]) => `${verb} ${hex(addressOf(at))} ${hex(pages * pageSizeBytes)}`),
    },
    { weight: 1, arbitrary: fc.tuple(page, protection).map(([at, rights]) => `relax ${hex(addressOf(at))} ${rights}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('mkold', 'mkyoung', 'isyoung'), page)
        .map(([verb, at]) => `${verb} ${hex(addressOf(at))}`),
    },
    { weight: 1, arbitrary: fc.constantFrom('set mc=0', 'set mc=1', 'set mc=2', 'set mc=inf', 'set mc=inf') },
  );
  return fc
    .record({
      lines: fc.array(line, { minLength: 1, maxLength: 24 }),
      fwb: fc.boolean(),
      kernel: fc.constantFrom(...kernels),
    })
    .map(({ lines, fwb, kernel }) => ({ text: scriptOf(lines, fwb), kernel, pageSizeBytes }));

  function addressOf(at: number): number {
    return FIRST_BLOCK * blockBytes + at * pageSizeBytes;
  }
}

function scriptOf(lines: readonly string[], fwb: boolean, more = ''): string {
  return `init ipa=40 fwb=${fwb ? 1 : 0}${more}\n${lines.join('\n')}\n`;
}

function mapLine(address: number, sizeBytes: number, protection: string): string {
  return `map ${hex(address)} ${hex(sizeBytes)} ${hex(PHYS + address)} ${protection}`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
