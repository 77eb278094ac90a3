import { describe, expect, it } from 'vitest';
import { destroy, unmap } from '../src/v5/unmap.ts';
import { effectLog, ENDLESS, makeTable, READ_WRITE } from './fixtures.ts';

const PAGE = 4096;
const MIB2 = 2 ** 21;
const GIB = 2 ** 30;
const DEVICE = { ...READ_WRITE, device: true };

/** A table with its effects, of which the mapping's own are forgotten. */
function mapped(
  ranges: readonly (readonly [address: number, sizeBytes: number, phys?: number])[],
  { fwb = false, protection = READ_WRITE } = {},
) {
  const { effects, lines } = effectLog();
  const { table, mapper } = makeTable({ effects, fwb });
  for (const [address, sizeBytes, phys = address] of ranges)
    mapper.map(address, sizeBytes, phys, protection, ENDLESS());
  lines.length = 0;
  return { table, lines };
}

/** The effects of some names, in their order, without the entry's number. */
function only(lines: readonly string[], ...names: string[]): string[] {
  return lines.filter((line) => names.includes(line.split(' ')[0] ?? ''));
}

/** What is taken, or dropped, in all. */
function sumOf(lines: readonly string[], name: string): number {
  return only(lines, name).reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
}

describe('unmap', () => {
  it('breaks a page, flushes it by its address and level, and cleans what it mapped', () => {
    const { table, lines } = mapped([[GIB, 2 * PAGE, 8 * GIB]]);
    expect(unmap(table, GIB + PAGE, PAGE)).toBe(0);
    const entry = table.arena.slotOfSerial(3) * 512 + 1;
    expect(lines).toEqual([
      `descriptorsRead 1 1`,
      `descriptorsRead 1 ${table.arena.slotOfSerial(2) * 512}`,
      `descriptorsRead 1 ${entry}`,
      `entryInvalidated ${entry} ${GIB + PAGE} 3`,
      `tlbiIpa ${GIB + PAGE} 3`,
      'referencesDropped 1',
      `dcacheClean ${8 * GIB + PAGE} ${PAGE}`,
    ]);
  });

  it('goes from page to page, and leaves holes alone', () => {
    const { table, lines } = mapped([
      [GIB, PAGE],
      [GIB + 2 * PAGE, PAGE],
    ]);
    unmap(table, GIB, 4 * PAGE);
    expect(only(lines, 'tlbiIpa').slice(0, 2)).toEqual([`tlbiIpa ${GIB} 3`, `tlbiIpa ${GIB + 2 * PAGE} 3`]);
    expect(only(lines, 'dcacheClean')).toHaveLength(2);
  });

  it('takes a block away whole, and cleans all of it', () => {
    const { table, lines } = mapped([[GIB, MIB2]]);
    unmap(table, GIB, PAGE);
    expect(only(lines, 'tlbiIpa', 'dcacheClean')).toEqual([
      `tlbiIpa ${GIB} 2`,
      `dcacheClean ${GIB} ${MIB2}`,
      // The table of level 2 is left empty, and so is the one above.
      `tlbiIpa ${GIB} 1`,
    ]);
  });

  it('breaks a table that is left empty, flushes it at its level, and frees it, from the lowest one up', () => {
    const { table, lines } = mapped([[GIB, PAGE]]);
    const pages = table.arena.livePages;
    unmap(table, GIB, PAGE);
    expect(only(lines, 'tlbiIpa', 'tableFreed')).toEqual([
      `tlbiIpa ${GIB} 3`,
      ...[`tlbiIpa ${GIB} 2`, 'tableFreed 3'],
      ...[`tlbiIpa ${GIB} 1`, 'tableFreed 2'],
    ]);
    expect(sumOf(lines, 'referencesDropped')).toBe(5);
    expect(table.arena.livePages).toBe(pages - 2);
  });

  it('gives no level for a table, and its own for a leaf, with linux 36e008323926', () => {
    const { table, lines } = mapped([[GIB, PAGE]]);
    unmap(table, GIB, PAGE, 'unknown');
    expect(only(lines, 'tlbiIpa')).toEqual([`tlbiIpa ${GIB} 3`, `tlbiIpa ${GIB} 0`, `tlbiIpa ${GIB} 0`]);
  });

  it('leaves a table that still maps something', () => {
    const { table, lines } = mapped([[GIB, 2 * PAGE]]);
    unmap(table, GIB, PAGE);
    expect(only(lines, 'tableFreed')).toEqual([]);
  });

  it('cleans neither device memory nor anything with FEAT_S2FWB', () => {
    for (const options of [{ protection: DEVICE }, { fwb: true }]) {
      const { table, lines } = mapped([[GIB, PAGE]], options);
      unmap(table, GIB, PAGE);
      expect(only(lines, 'tlbiIpa')).toHaveLength(3);
      expect(only(lines, 'dcacheClean')).toEqual([]);
    }
  });
});

describe('destroy', () => {
  it('gives back every page and every reference, without a break, a TLBI or a clean', () => {
    const { effects, lines } = effectLog();
    const { table, mapper } = makeTable({ effects });
    // A full table page, one with holes, a block, and pages of the second root page.
    mapper.map(GIB, MIB2, GIB + PAGE, READ_WRITE, ENDLESS());
    mapper.map(GIB + MIB2, 3 * PAGE, GIB, READ_WRITE, ENDLESS());
    mapper.map(GIB + 2 * MIB2, MIB2, GIB, READ_WRITE, ENDLESS());
    mapper.map(2 ** 39 + PAGE, PAGE, GIB, READ_WRITE, ENDLESS());
    const held = sumOf(lines, 'referencesTaken') - sumOf(lines, 'referencesDropped');
    const pages = table.arena.livePages;
    lines.length = 0;
    destroy(table);
    expect(table.arena.livePages).toBe(0);
    // Every valid entry's, and each page's own.
    expect(sumOf(lines, 'referencesDropped')).toBe(held + pages);
    expect(only(lines, 'tableFreed')).toHaveLength(pages);
    const names = new Set(lines.map((line) => line.split(' ')[0]));
    expect(names).toEqual(new Set(['descriptorsRead', 'referencesDropped', 'tableFreed']));
  });

  it('drops the references of a table page at once', () => {
    const { table, lines } = mapped([[GIB, MIB2, GIB + PAGE]]);
    destroy(table);
    expect(only(lines, 'referencesDropped')).toEqual([
      'referencesDropped 512',
      // For each table below the root its entry's reference, then its own; then the two pages of the root.
      ...['referencesDropped 1', 'referencesDropped 1', 'referencesDropped 1', 'referencesDropped 1'],
      ...['referencesDropped 1', 'referencesDropped 1'],
    ]);
  });

  it('drops nothing for a part of a table that maps nothing', () => {
    const { table, lines } = mapped([[GIB, PAGE]]);
    unmap(table, GIB, PAGE);
    lines.length = 0;
    destroy(table);
    expect(only(lines, 'referencesDropped')).toEqual(['referencesDropped 1', 'referencesDropped 1']);
  });
});
