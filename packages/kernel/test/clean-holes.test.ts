/** A strategy that cleans what was missing and nothing else: what `clean` cleans, page by page. */
import type { MapOperation, Stage2Entry, Strategy, TableId } from '@s2bench/core';
import { defineStrategy, NO_ENTRY, NO_TABLE, OK } from '@s2bench/core';
import { IgnoreEffects } from '@s2bench/core/stage2';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENDLESS, makeTable, READ_WRITE } from './fixtures.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;
const GIB = 2 ** 30;
/** The block, and the host memory that it maps: far from each other, so that one is not taken for the other. */
const IPA = 3 * GIB;
const PHYS = 21 * GIB;

/** What was cleaned, in order. */
class CleanLog extends IgnoreEffects {
  readonly cleans: { readonly address: number; readonly sizeBytes: number }[] = [];

  override dcacheClean(address: number, sizeBytes: number): void {
    this.cleans.push({ address, sizeBytes });
  }
}

function cleanHoles(table: TableId, map: MapOperation): void {
  map.walkLeaves(table, (leaf) => {
    if (!leaf.valid) map.clean(leaf);
  });
}

function begins(entry: Stage2Entry, map: MapOperation): boolean {
  if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return false;
  map.anchor = entry.id;
  map.followed = map.follow(entry);
  return true;
}

function makes(entry: Stage2Entry, map: MapOperation): void {
  map.invalidate(entry);
  map.tlbiVmid();
  map.install(entry);
}

function tablePost(entry: Stage2Entry, map: MapOperation): void {
  if (map.anchor === NO_ENTRY) return;
  if (map.anchor !== entry.id) {
    map.freeTable(map.follow(entry));
    map.put(entry);
    return;
  }
  map.freeTable(map.followed);
  map.followed = NO_TABLE;
  map.anchor = NO_ENTRY;
}

const about = { name: 'clean-holes', summary: 'clean only what was not mapped', source: 'of this test' };

/** The holes are cleaned before the break: where they have to be. */
const BEFORE_BREAK = defineStrategy({
  ...about,
  tablePre(entry, map) {
    if (!begins(entry, map)) return;
    cleanHoles(map.followed, map);
    makes(entry, map);
  },
  tablePost,
});

/** Too late for a guest, but the same memory: the walk maps something else next. */
const AFTER_INSTALL = defineStrategy({
  ...about,
  tablePre(entry, map) {
    if (!begins(entry, map)) return;
    makes(entry, map);
    cleanHoles(map.followed, map);
  },
  tablePost,
});

const ON_THE_WAY_DOWN = defineStrategy({
  ...about,
  tablePre(entry, map) {
    if (begins(entry, map)) makes(entry, map);
  },
  leaf(entry, map) {
    if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
    if (entry.valid) map.put(entry);
    else map.clean(entry);
    return OK;
  },
  tablePost,
});

const ON_THE_WAY_UP = defineStrategy({
  ...about,
  tablePre(entry, map) {
    if (begins(entry, map)) makes(entry, map);
  },
  tablePost(entry, map) {
    // A table of level 3 has nothing below it that could be gone already.
    if (map.anchor !== NO_ENTRY && entry.level === 2)
      cleanHoles(map.anchor === entry.id ? map.followed : map.follow(entry), map);
    tablePost(entry, map);
  },
});

/** What is mapped before: pages, and blocks of 2M, each by its place in the block of 1G or 2M. */
interface Mapped {
  readonly pages: readonly number[];
  readonly blocks?: readonly number[];
}

/** The cleans of the coalesce, in order, as offsets in the block. */
function cleansOf(strategy: Strategy, blockBytes: number, { pages, blocks = [] }: Mapped, fwb = false) {
  const effects = new CleanLog();
  const { table, mapper } = makeTable({ strategy, effects, fwb });
  const map = (offset: number, sizeBytes: number): number =>
    mapper.map(IPA + offset, sizeBytes, PHYS + offset, READ_WRITE, ENDLESS());
  const results = [...blocks.map((block) => map(block * MIB2, MIB2)), ...pages.map((page) => map(page * PAGE, PAGE))];
  expect(results.every((result) => result === OK)).toBe(true);
  effects.cleans.length = 0;
  expect(map(0, blockBytes)).toBe(OK);
  // The root's own pages, and for a block of 2M the table that holds it.
  expect(table.arena.livePages).toBe(table.geometry.rootPages + (blockBytes === GIB ? 0 : 1));
  return effects.cleans.map(({ address, sizeBytes }) => ({ offset: address - PHYS, sizeBytes }));
}

/** How often each page of a block was cleaned. A clean of anything else fails. */
function cleansByPage(cleans: ReturnType<typeof cleansOf>, blockBytes: number): Uint8Array {
  const times = new Uint8Array(blockBytes / PAGE);
  const isInside = ({ offset, sizeBytes }: (typeof cleans)[number]) =>
    offset >= 0 && offset % PAGE === 0 && sizeBytes % PAGE === 0 && offset + sizeBytes <= blockBytes;
  expect(cleans.filter((clean) => !isInside(clean))).toEqual([]);
  for (const { offset, sizeBytes } of cleans) {
    for (let page = offset / PAGE; page < (offset + sizeBytes) / PAGE; page++) times[page] = (times[page] ?? 0) + 1;
  }
  return times;
}

function holesOf({ pages, blocks = [] }: Mapped, blockBytes: number): Uint8Array {
  const holes = new Uint8Array(blockBytes / PAGE).fill(1);
  for (const page of pages) holes[page] = 0;
  for (const block of blocks) holes.fill(0, (block * MIB2) / PAGE, ((block + 1) * MIB2) / PAGE);
  return holes;
}

const BELOW_1G = [
  ['before the break', BEFORE_BREAK],
  ['after the install', AFTER_INSTALL],
  ['on the way down', ON_THE_WAY_DOWN],
] as const;
const BELOW_2M = [...BELOW_1G, ['on the way up', ON_THE_WAY_UP]] as const;

describe.each(BELOW_2M)('holes that are cleaned %s', (_when, strategy) => {
  it('are cleaned once each in a block of 2M, and the pages between them are not', () => {
    const pages = fc.uniqueArray(fc.nat({ max: 511 }), { minLength: 1, maxLength: 512 });
    fc.assert(
      fc.property(pages, (mapped) => {
        const cleans = cleansOf(strategy, MIB2, { pages: mapped });
        expect(cleansByPage(cleans, MIB2)).toEqual(holesOf({ pages: mapped }, MIB2));
        expect(cleans.every(({ sizeBytes }) => sizeBytes === PAGE)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('are none in a full table, and need no clean with FEAT_S2FWB', () => {
    const all = Array.from({ length: 512 }, (_, page) => page);
    expect(cleansOf(strategy, MIB2, { pages: all })).toEqual([]);
    expect(cleansOf(strategy, MIB2, { pages: [0] }, true)).toEqual([]);
  });
});

describe.each(BELOW_1G)('holes of several levels that are cleaned %s', (_when, strategy) => {
  it('are cleaned in the size of their level', () => {
    // Level 2: a block, a table whose first and last page are missing, a table with one page; the rest is missing.
    const pages = [...Array.from({ length: 510 }, (_, page) => 512 + 1 + page), 3 * 512 + 7];
    const cleans = cleansOf(strategy, GIB, { blocks: [0], pages });
    const pageHoles = (first: number, end: number) =>
      Array.from({ length: end - first }, (_, index) => ({ offset: (first + index) * PAGE, sizeBytes: PAGE }));
    const blockHoles = (first: number, end: number) =>
      Array.from({ length: end - first }, (_, index) => ({ offset: (first + index) * MIB2, sizeBytes: MIB2 }));
    expect(cleans).toEqual([
      ...pageHoles(512, 513),
      ...pageHoles(1023, 1024),
      ...blockHoles(2, 3),
      ...pageHoles(3 * 512, 3 * 512 + 7),
      ...pageHoles(3 * 512 + 8, 4 * 512),
      ...blockHoles(4, 512),
    ]);
  });

  it('are cleaned once each, whatever is mapped', () => {
    const mapped = fc.record({
      blocks: fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { maxLength: 4 }),
      pages: fc.uniqueArray(fc.integer({ min: 256 * 512, max: 512 * 512 - 1 }), { minLength: 1, maxLength: 20 }),
    });
    fc.assert(
      fc.property(mapped, (before) => {
        const times = cleansByPage(cleansOf(strategy, GIB, before), GIB);
        expect(Buffer.compare(times, holesOf(before, GIB))).toBe(0);
      }),
      { numRuns: 12 },
    );
  });
});

describe('an entry that is cleaned', () => {
  /** The cleans of a map that cleans each table that it comes to, before what lies below. */
  function cleansOfTables(offset: number, sizeBytes: number) {
    const effects = new CleanLog();
    const strategy = defineStrategy({
      ...about,
      tablePre: (entry, map) => {
        map.clean(entry);
      },
    });
    const { mapper } = makeTable({ strategy, effects, kernel: 'v5.12' });
    expect(mapper.map(IPA, PAGE, PHYS, READ_WRITE, ENDLESS())).toBe(OK);
    effects.cleans.length = 0;
    mapper.map(IPA + offset, sizeBytes, PHYS + offset, READ_WRITE, ENDLESS());
    return effects.cleans;
  }

  it('and lies partly in the range is cleaned there, wherever the walk came in', () => {
    const clean = (offset: number, sizeBytes: number) => ({ address: PHYS + offset, sizeBytes });
    expect(cleansOfTables(5 * PAGE, 3 * PAGE)).toEqual([clean(5 * PAGE, 3 * PAGE), clean(5 * PAGE, 3 * PAGE)]);
    expect(cleansOfTables(5 * PAGE, PAGE)).toEqual([clean(5 * PAGE, PAGE), clean(5 * PAGE, PAGE)]);
    const beyond = MIB2 - PAGE;
    expect(cleansOfTables(beyond, 2 * PAGE)).toEqual([clean(beyond, 2 * PAGE), clean(beyond, PAGE)]);
  });

  it('and lies outside of the range is refused: the map does not know its memory', () => {
    const strategy = defineStrategy({
      ...about,
      tablePre(entry, map) {
        if (entry.level === 2) map.walkLeaves(map.follow(entry), (leaf) => map.clean(leaf));
      },
    });
    for (const fwb of [false, true]) {
      const { mapper } = makeTable({ strategy, fwb });
      mapper.map(IPA, PAGE, PHYS, READ_WRITE, ENDLESS());
      const message = 'clean: the entry of level 3 at 0xc0000000 lies outside of what is being mapped';
      expect(() => mapper.map(IPA + PAGE, PAGE, PHYS + PAGE, READ_WRITE, ENDLESS())).toThrow(message);
    }
  });
});
