import { ERANGE, OK } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import { findEntry, isTranslated, PAGE_SIZES, VALID } from '@s2bench/core/stage2';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unmap } from '../src/v5/unmap.ts';
import type { Visitor } from '../src/v5/walker.ts';
import { LEAF, TABLE_POST, TABLE_PRE, walk, walkBelow } from '../src/v5/walker.ts';
import { ENDLESS, makeTable, READ_WRITE } from './fixtures.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;
const GIB = 2 ** 30;

/** Writes down what it visits; a run of leaves entry by entry. */
function visitLog(flags = LEAF | TABLE_PRE | TABLE_POST): { visitor: Visitor; visits: [string, number, number][] } {
  const visits: [string, number, number][] = [];
  const visitor: Visitor = {
    flags,
    leaves: (_entry, count, level, { entryAddress }) => {
      for (let index = 0; index < count; index++) visits.push(['leaf', level, entryAddress + index * PAGE]);
      return OK;
    },
    tablePre: (_entry, level, { entryAddress }) => {
      visits.push(['pre', level, entryAddress]);
      return OK;
    },
    tablePost: (_entry, level, { entryAddress }) => {
      visits.push(['post', level, entryAddress]);
      return OK;
    },
  };
  return { visitor, visits };
}

function pagesAt(table: Stage2Table, address: number, sizeBytes: number): [string, number, number][] {
  const { visitor, visits } = visitLog();
  expect(walk(table, address, sizeBytes, visitor)).toBe(OK);
  return visits;
}

describe('walk', () => {
  it('visits a table before and after what is below it, at the address that it came in with', () => {
    const { table, mapper } = makeTable();
    mapper.map(GIB, 2 * PAGE, GIB, READ_WRITE, ENDLESS());
    expect(pagesAt(table, GIB + PAGE, PAGE)).toEqual([
      ['pre', 1, GIB + PAGE],
      ['pre', 2, GIB + PAGE],
      ['leaf', 3, GIB + PAGE],
      ['post', 2, GIB + PAGE],
      ['post', 1, GIB + PAGE],
    ]);
  });

  it('visits every page of a populated range once, in order', () => {
    const { table, mapper } = makeTable();
    mapper.map(GIB, 4 * MIB2, GIB + PAGE, READ_WRITE, ENDLESS());
    const pages = (4 * MIB2) / PAGE;
    fc.assert(
      fc.property(fc.nat({ max: pages - 1 }), fc.nat({ max: pages - 1 }), (one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        const { visitor, visits } = visitLog(LEAF);
        walk(table, GIB + first * PAGE, (last - first + 1) * PAGE, visitor);
        const wanted = Array.from({ length: last - first + 1 }, (_, index) => [
          'leaf',
          3,
          GIB + (first + index) * PAGE,
        ]);
        expect(visits).toEqual(wanted);
      }),
    );
  });

  it('asks only for the visits that the flags name, and ends with what a visit returns', () => {
    const { table, mapper } = makeTable();
    mapper.map(GIB, 2 * PAGE, GIB, READ_WRITE, ENDLESS());
    const { visitor, visits } = visitLog(TABLE_POST);
    // A page in a table, and a hole beside it.
    expect(walk(table, GIB, 2 * MIB2, visitor)).toBe(OK);
    expect(visits.map(([what]) => what)).toEqual(['post', 'post']);
    const before = visitLog();
    expect(walk(table, GIB, PAGE, { ...before.visitor, tablePre: () => -22 })).toBe(-22);
    expect(before.visits).toEqual([]);
  });

  it('rounds a range outwards to pages, and walks nothing for nothing', () => {
    const { table, mapper } = makeTable();
    mapper.map(GIB, 8 * PAGE, GIB, READ_WRITE, ENDLESS());
    const leavesOf = (address: number, sizeBytes: number) =>
      pagesAt(table, address, sizeBytes).flatMap(([what, , at]) => (what === 'leaf' ? [(at - GIB) / PAGE] : []));
    expect(leavesOf(GIB + 5, 1)).toEqual([0]);
    expect(leavesOf(GIB + PAGE - 1, 2)).toEqual([0]);
    expect(leavesOf(GIB + PAGE - 1, PAGE + 1)).toEqual([0, 1]);
    expect(leavesOf(GIB + 5, 0)).toEqual([]);
  });

  it('steps over a block from where it came in, and so skips entries of the next table', () => {
    const { table, mapper } = makeTable();
    mapper.map(GIB, MIB2, GIB, READ_WRITE, ENDLESS());
    mapper.map(GIB + MIB2, 4 * PAGE, 0, READ_WRITE, ENDLESS());
    const { visitor, visits } = visitLog(LEAF);
    walk(table, GIB + MIB2 / 2, MIB2, visitor);
    expect(visits[0]).toEqual(['leaf', 2, GIB + MIB2 / 2]);
    // The first half of the table is never seen, and the walk ends where its size says.
    expect(visits).toHaveLength(1);
  });

  it('passes over the begin of the next table after a hole, but for a kernel that aligns walks', () => {
    for (const [kernel, left] of [
      ['v5.11', 256],
      ['v5.12', 256],
      ['v5.12p1', 256],
      ['v5.11?aligned-walk=on', 0],
      ['v5.12?aligned-walk=on', 0],
      ['v5.12p1?aligned-walk=on', 0],
    ] as const) {
      const { table, mapper } = makeTable({ kernel });
      mapper.map(MIB2, MIB2 / 2, 4 * GIB, READ_WRITE, ENDLESS());
      mapper.map(MIB2 + MIB2 / 2, MIB2 / 2, 5 * GIB, READ_WRITE, ENDLESS());
      unmap(table, MIB2 / 2, 2 * MIB2);
      const pages = Array.from({ length: 512 }, (_, page) => MIB2 + page * PAGE);
      expect(pages.filter((address) => isTranslated(table, address))).toHaveLength(left);
      // What is left is the first half.
      expect(isTranslated(table, 2 * MIB2 - PAGE)).toBe(false);
    }
  });

  it('that is aligned visits every entry that translates a page of its range, once and in order, and no other', () => {
    const piece = fc.record({
      page: fc.nat({ max: 3000 }),
      pages: fc.oneof(fc.constantFrom(1, 512, 1024), fc.integer({ min: 1, max: 900 })),
      isUnmap: fc.boolean(),
    });
    const setup = fc.record({
      pageSizeBytes: fc.constantFrom(...PAGE_SIZES),
      pieces: fc.array(piece, { maxLength: 6 }),
      from: fc.nat({ max: 3000 }),
      pages: fc.integer({ min: 1, max: 1500 }),
    });
    fc.assert(
      fc.property(setup, ({ pageSizeBytes, pieces, from, pages }) => {
        const { table, mapper } = makeTable({ pageSizeBytes, kernel: 'v5.12p1?aligned-walk=on' });
        // A begin of 1G lies in it, so that holes are as large as a table can have them.
        const base = 2 * GIB - 1500 * pageSizeBytes;
        for (const { page, pages: count, isUnmap } of pieces) {
          const [address, sizeBytes] = [base + page * pageSizeBytes, count * pageSizeBytes];
          if (isUnmap) unmap(table, address, sizeBytes);
          else mapper.map(address, sizeBytes, page * pageSizeBytes, READ_WRITE, ENDLESS());
        }
        const visited: number[] = [];
        const begin = base + from * pageSizeBytes;
        walk(table, begin, pages * pageSizeBytes, {
          ...visitLog(LEAF).visitor,
          leaves: (entry, count) => {
            for (let index = 0; index < count; index++) visited.push(entry + index);
            return OK;
          },
        });
        const translating = Array.from({ length: pages }, (_, page) => findEntry(table, begin + page * pageSizeBytes));
        expect(visited).toEqual([...new Set(translating)]);
      }),
    );
  });

  it('descends through what it read before a visitor overwrote the entry', () => {
    const { table, mapper } = makeTable();
    mapper.map(GIB, PAGE, GIB, READ_WRITE, ENDLESS());
    let leaves = 0;
    walk(table, GIB, PAGE, {
      flags: LEAF | TABLE_PRE,
      tablePre: (entry, level, { entryAddress }) => {
        table.invalidate(entry, entryAddress, level);
        return OK;
      },
      leaves: (entry) => {
        leaves += table.low(entry) & VALID;
        return OK;
      },
      tablePost: () => OK,
    });
    expect(leaves).toBe(1);
  });

  it('ends with what a visitor returns, without the visits that would follow', () => {
    const { table, mapper } = makeTable();
    mapper.map(GIB, 2 * PAGE, GIB, READ_WRITE, ENDLESS());
    const { visitor, visits } = visitLog();
    const stopping: Visitor = { ...visitor, leaves: () => -5 };
    expect(walk(table, GIB, PAGE, stopping)).toBe(-5);
    expect(visits.map(([what]) => what)).toEqual(['pre', 'pre']);
  });

  it.each([
    [2 ** 40, 0, OK],
    [2 ** 40 - PAGE, PAGE, OK],
    [2 ** 40 - PAGE, PAGE + 1, ERANGE],
    [2 ** 40, 1, ERANGE],
    [2 ** 40 + PAGE, 0, ERANGE],
    [2 ** 53, PAGE, ERANGE],
    [2 ** 64 - PAGE, PAGE, ERANGE],
    // Sizes that wrap around 2^64: an end before the beginning is an empty range, one below 0 a huge address.
    [GIB, -1, OK],
    [GIB, -GIB, OK],
    [GIB, -GIB - 1, OK],
    [GIB, -GIB - PAGE, ERANGE],
  ])('of 0x%x for %d bytes answers %i', (address, sizeBytes, rc) => {
    const { visitor } = visitLog();
    expect(walk(makeTable().table, address, sizeBytes, visitor)).toBe(rc);
  });
});

describe('walkBelow', () => {
  it('visits all of a table page and nothing else', () => {
    const { table, mapper } = makeTable();
    mapper.map(GIB, 2 * MIB2, GIB + PAGE, READ_WRITE, ENDLESS());
    const { visitor, visits } = visitLog(LEAF);
    // The root has two pages; the level-2 page and the first level-3 page follow.
    walkBelow(table, table.arena.slotOfSerial(3), visitor);
    expect(visits).toHaveLength(512);
    expect([visits[0], visits.at(-1)]).toEqual([
      ['leaf', 3, GIB],
      ['leaf', 3, GIB + MIB2 - PAGE],
    ]);
  });
});
