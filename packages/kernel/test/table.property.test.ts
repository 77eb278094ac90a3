import { EAGAIN, OK } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import {
  outputAddress,
  VALID,
  makeGeometry,
  PAGE_SIZES,
  findEntry,
  isTranslated,
  levelOfEntry,
  walkFromRoot,
  WalkCache,
} from '@s2bench/core/stage2';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryCache } from '../src/memory-cache.ts';
import { dumpTable } from '../src/ops/dump.ts';
import { EventRecorder } from '../src/ops/recorder.ts';
import { isYoung, markOld, markYoung, relaxPermissions, writeProtect } from '../src/v5/attributes.ts';
import { destroy, unmap } from '../src/v5/unmap.ts';
import { ENDLESS, makeTable, READ_WRITE } from './fixtures.ts';

const BASE = 2 ** 31;
const PAGES = 3000;

interface Step {
  readonly op: 'map' | 'unmap' | 'wrprotect' | 'relax' | 'young' | 'old';
  readonly page: number;
  readonly pages: number;
  readonly hostPage: number;
  readonly cachePages: number;
}

const page = fc.oneof(fc.nat({ max: PAGES }), fc.constantFrom(0, 511, 512, 513, 1024, 2048));
const steps: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom('map', 'map', 'map', 'unmap', 'wrprotect', 'relax', 'young', 'old'),
  page,
  pages: fc.oneof(fc.nat({ max: 3 }), fc.constantFrom(511, 512, 513, 1024), fc.nat({ max: 1500 })),
  hostPage: page,
  cachePages: fc.constantFrom(0, 1, 2, Infinity, Infinity),
});

function apply(step: Step, { table, mapper }: ReturnType<typeof makeTable>): void {
  const { pageSizeBytes } = table.geometry;
  const address = BASE + step.page * pageSizeBytes;
  const sizeBytes = step.pages * pageSizeBytes;
  if (step.op === 'map')
    mapper.map(address, sizeBytes, step.hostPage * pageSizeBytes, READ_WRITE, new MemoryCache(step.cachePages));
  else if (step.op === 'unmap') unmap(table, address, sizeBytes);
  else if (step.op === 'wrprotect') writeProtect(table, address, sizeBytes);
  else if (step.op === 'relax') relaxPermissions(table, address, READ_WRITE);
  else if (step.op === 'young') markYoung(table, address);
  else markOld(table, address);
}

/** Every live table page: one reference of its own and one a valid entry, and the count of those right. */
function expectCountsRight(table: Stage2Table): void {
  const { arena } = table;
  for (const slot of arena.liveSlots()) {
    const valid = table.countValid(slot * arena.entriesPerTable, arena.entriesPerTable);
    expect(table.validCount(slot)).toBe(valid);
    expect(arena.refcounts[slot]).toBe(1 + valid);
  }
}

const setups = fc.record({
  pageSizeBytes: fc.constantFrom(...PAGE_SIZES),
  kernel: fc.constantFrom('v5.11', 'v5.12', 'v5.12p1'),
});

describe('any sequence of operations', () => {
  it('leaves counts right after each of them, and nothing when the table is destroyed', () => {
    fc.assert(
      fc.property(setups, fc.array(steps, { maxLength: 15 }), (setup, sequence) => {
        const made = makeTable(setup);
        for (const step of sequence) {
          apply(step, made);
          expectCountsRight(made.table);
        }
        expect(dumpTable(made.table, new EventRecorder(0).totals.toRecord())).toMatchObject({
          refs_ok: true,
          leaked: [],
        });
        destroy(made.table);
        expect(made.table.arena.livePages).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('never makes a walk cache answer otherwise than a walk from the root', () => {
    fc.assert(
      fc.property(setups, fc.array(fc.tuple(steps, page), { maxLength: 20 }), (setup, sequence) => {
        const made = makeTable(setup);
        const { table } = made;
        for (const [step, looked] of sequence) {
          apply(step, made);
          for (const offset of [looked, looked + 1]) {
            const address = BASE + offset * table.geometry.pageSizeBytes;
            expect(findEntry(table, address)).toBe(walkFromRoot(table, address, new WalkCache(table)));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('maps page by page with the effects and the result of a walk from the root', () => {
    const maps = fc.array(
      fc.record({ page: fc.nat({ max: 1030 }), hostPage: fc.nat({ max: 5 }), isUnmap: fc.boolean() }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(setups, maps, (setup, sequence) => {
        const [one, other] = [new EventRecorder(1000), new EventRecorder(1000)];
        const cached = makeTable({ ...setup, effects: one });
        const uncached = makeTable({ ...setup, effects: other });
        const size = setup.pageSizeBytes;
        for (const step of sequence) {
          const address = BASE + step.page * size;
          // A change of structure makes the cache of the second mapper forget, so that it walks.
          uncached.table.structureVersion++;
          const results = [cached, uncached].map(({ table, mapper }) =>
            step.isUnmap
              ? unmap(table, address, size)
              : mapper.map(address, size, step.hostPage * size, READ_WRITE, ENDLESS()),
          );
          expect(results[0]).toBe(results[1]);
        }
        expect(one.events).toEqual(other.events);
        expect(one.totals.toRecord()).toEqual(other.totals.toRecord());
        expect(dumpTable(cached.table, one.totals.toRecord())).toEqual(
          dumpTable(uncached.table, other.totals.toRecord()),
        );
      }),
      { numRuns: 100 },
    );
  });
});

const ranges = fc.record({
  pageSizeBytes: fc.constantFrom(...PAGE_SIZES),
  page: fc.nat({ max: PAGES }),
  pages: fc.integer({ min: 1, max: 1500 }),
  hostPage: fc.nat({ max: PAGES }),
  probe: fc.nat(),
});

describe('a mapped range', () => {
  it('translates to the host address, in it and not beyond, until it is unmapped', () => {
    fc.assert(
      fc.property(ranges, ({ pageSizeBytes, page: first, pages, hostPage, probe }) => {
        const { table, mapper } = makeTable({ pageSizeBytes });
        const [from, host] = [BASE + first * pageSizeBytes, hostPage * pageSizeBytes];
        expect(mapper.map(from, pages * pageSizeBytes, host, READ_WRITE, ENDLESS())).toBe(OK);
        const offset = (probe % pages) * pageSizeBytes;
        const entry = findEntry(table, from + offset) ?? -1;
        const granule = table.geometry.granuleBytes[levelOfEntry(table, entry) as 2 | 3];
        expect(table.low(entry) & VALID).toBe(VALID);
        expect(outputAddress(table.low(entry), table.high(entry), table.geometry) + ((from + offset) % granule)).toBe(
          host + offset,
        );
        expect(isTranslated(table, from - pageSizeBytes)).toBe(false);
        expect(isTranslated(table, from + pages * pageSizeBytes)).toBe(false);
        expect(isYoung(table, from + offset)).toBe(true);

        expect(unmap(table, from, pages * pageSizeBytes)).toBe(OK);
        expect(isTranslated(table, from + offset)).toBe(false);
        expect(isYoung(table, from + offset)).toBe(false);
        expect(table.arena.livePages).toBe(table.geometry.rootPages);
      }),
    );
  });

  it('answers EAGAIN when it is mapped again, from v5.12 on, and stays as it is', () => {
    fc.assert(
      fc.property(
        ranges,
        fc.constantFrom('v5.11', 'v5.12'),
        ({ pageSizeBytes, page: first, pages, hostPage }, kernel) => {
          const { table, mapper } = makeTable({ pageSizeBytes, kernel });
          const map = () =>
            mapper.map(
              BASE + first * pageSizeBytes,
              pages * pageSizeBytes,
              hostPage * pageSizeBytes,
              READ_WRITE,
              ENDLESS(),
            );
          map();
          const { e } = dumpTable(table, new EventRecorder(0).totals.toRecord());
          expect(map()).toBe(kernel === 'v5.11' ? OK : EAGAIN);
          expect(dumpTable(table, new EventRecorder(0).totals.toRecord()).e).toEqual(e);
        },
      ),
    );
  });
});

describe('a coalesced block', () => {
  it('is the block that a fresh table gets, whatever part of it was mapped', () => {
    const blocks = fc.record({
      pageSizeBytes: fc.constantFrom(...PAGE_SIZES),
      parts: fc.array(fc.tuple(fc.nat({ max: 511 }), fc.integer({ min: 1, max: 300 })), { minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(blocks, ({ pageSizeBytes, parts }) => {
        const blockBytes = makeGeometry(pageSizeBytes, 40).granuleBytes[2];
        const [used, fresh] = [makeTable({ pageSizeBytes }), makeTable({ pageSizeBytes })];
        for (const [first, pages] of parts) {
          const [from, to] = [
            first * pageSizeBytes,
            Math.min((first + pages) * pageSizeBytes, blockBytes - pageSizeBytes),
          ];
          if (to > from) used.mapper.map(BASE + from, to - from, from, READ_WRITE, ENDLESS());
        }
        const results = [used, fresh].map(({ mapper }) => mapper.map(BASE, blockBytes, 0, READ_WRITE, ENDLESS()));
        expect(results).toEqual([OK, OK]);
        const leaves = [used, fresh].map(({ table }) =>
          dumpTable(table, new EventRecorder(0).totals.toRecord()).e.filter(([, , kind]) => kind !== 'T'),
        );
        expect(leaves[0]).toEqual(leaves[1]);
        expect(used.table.arena.livePages).toBe(fresh.table.arena.livePages);
      }),
    );
  });
});
