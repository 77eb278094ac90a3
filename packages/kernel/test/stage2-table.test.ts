import { findEntry } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';

import { effectLog, ENDLESS, makeTable, READ_WRITE } from './fixtures.ts';

const PAGE = 4096;
const GIB = 2 ** 30;

/** A table that maps one page, and where its entries are, from the root down. */
function withOnePage() {
  const { effects, lines } = effectLog();
  const { table, mapper } = makeTable({ effects });
  mapper.map(GIB, PAGE, GIB, READ_WRITE, ENDLESS());
  lines.length = 0;
  // The root has two pages; then come the tables of level 2 and 3.
  const [level2, level3] = [table.arena.slotOfSerial(2), table.arena.slotOfSerial(3)];
  return { table, lines, level2, level3, rootEntry: 1, level2Entry: level2 * 512, page: level3 * 512 };
}

describe('a stage-2 table', () => {
  it('is another structure once a table was broken or freed, and not when a page comes or goes', () => {
    const { table, level3, level2Entry, page } = withOnePage();
    const { structureVersion } = table;
    table.invalidate(page, GIB, 3);
    table.installLeaf(page, GIB, 3, 0, 0);
    expect(table.structureVersion).toBe(structureVersion);
    table.invalidate(level2Entry, GIB, 2);
    const broken = table.structureVersion;
    expect(broken).toBeGreaterThan(structureVersion);
    table.freeTable(level3);
    expect(table.structureVersion).toBeGreaterThan(broken);
  });

  it('finds no entry any more in a page that was freed under it', () => {
    const { table, level2, level3, page } = withOnePage();
    expect(findEntry(table, GIB)).toBe(page);
    table.freeTable(level3);
    // Its slot is given to another table, and the old entry is made to point elsewhere.
    table.installTable(level2 * 512, GIB, 2, table.allocateChild(GIB, 2));
    table.installTable(level2 * 512, GIB, 2, table.allocateChild(GIB, 2));
    expect(findEntry(table, GIB)).not.toBe(page);
  });

  it('translates as the table does whose contents it took over', () => {
    const { table, page } = withOnePage();
    const { table: empty } = makeTable();
    expect(findEntry(table, GIB)).toBe(page);
    table.copyFrom(empty);
    expect(findEntry(table, GIB)).toBe(1);
    expect(table.arena.livePages).toBe(2);
  });

  it('tells what was broken, where, and at which level', () => {
    const { table, lines, page, rootEntry } = withOnePage();
    table.invalidate(page, GIB, 3);
    table.invalidate(rootEntry, GIB, 1);
    expect(lines).toEqual([`entryInvalidated ${page} ${GIB} 3`, `entryInvalidated ${rootEntry} ${GIB} 1`]);
  });

  it('keeps the address of a table that it broke, so that it can still be followed', () => {
    const { table, level3, level2Entry } = withOnePage();
    expect(table.pointsToTable(level2Entry, 2)).toBe(true);
    table.invalidate(level2Entry, GIB, 2);
    expect(table.pointsToTable(level2Entry, 2)).toBe(false);
    expect(table.childOf(level2Entry)).toBe(level3);
  });

  it('calls no entry of level 3 a table', () => {
    const { table, page } = withOnePage();
    expect(table.pointsToTable(page, 3)).toBe(false);
  });

  it('counts valid entries and references of a page apart', () => {
    const { table, lines, level3 } = withOnePage();
    expect([table.validCount(level3), table.countValid(level3 * 512, 512), table.isEmpty(level3)]).toEqual([
      1,
      1,
      false,
    ]);
    table.take(level3);
    table.drop(level3, 2);
    expect([table.validCount(level3), table.isEmpty(level3)]).toEqual([1, true]);
    expect(lines).toEqual(['referencesTaken 1', 'referencesDropped 2']);
  });

  it('gives a child the addresses that its entry covers, and frees it with the reference that is its own', () => {
    const { table, lines } = withOnePage();
    const child = table.allocateChild(GIB + 5 * PAGE, 2);
    const serial = table.arena.serialOf(child);
    expect([table.arena.baseOf(child), table.arena.levelOf(child), table.isEmpty(child)]).toEqual([GIB, 3, true]);
    table.freeTable(child);
    expect(lines).toEqual([`tableAllocated ${serial}`, 'referencesDropped 1', `tableFreed ${serial}`]);
  });
});
