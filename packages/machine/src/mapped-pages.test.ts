import { IgnoreEffects, Stage2Table } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { BASE_IPA, BLOCK, FANOUT, LARGE_BLOCK, PAGE, smallGeometry } from '../test/cell.ts';
import { mappedPages } from './mapped-pages.ts';

/** A level-1 entry over a table with a block, and a table with two pages. */
function tables(clearsEntries = false) {
  const effects = new IgnoreEffects();
  const table = new Stage2Table({ geometry: smallGeometry(), fwb: false, effects, clearsEntries });
  const [large] = [BASE_IPA / LARGE_BLOCK] as [number];
  const child = (entry: number, address: number, level: number): number => {
    const slot = table.allocateChild(address, level);
    table.installTable(entry, address, level, slot);
    return slot * FANOUT;
  };
  const blocks = child(large, BASE_IPA, 1);
  table.installLeaf(blocks + 3, BASE_IPA + 3 * BLOCK, 2, 0, 0);
  const pages = child(blocks + 5, BASE_IPA + 5 * BLOCK, 2);
  for (const page of [0, 6]) table.installLeaf(pages + page, BASE_IPA + 5 * BLOCK + page * PAGE, 3, 0, 0);
  return { table, large, blocks, pages };
}

describe('the pages that a cleared entry had mapped', () => {
  it.each([
    ['a table of tables', ({ large }: ReturnType<typeof tables>) => [large, 1], FANOUT + 2],
    ['a table of pages', ({ blocks }: ReturnType<typeof tables>) => [blocks + 5, 2], 2],
    ['a block', ({ blocks }: ReturnType<typeof tables>) => [blocks + 3, 2], FANOUT],
    ['a page', ({ pages }: ReturnType<typeof tables>) => [pages + 6, 3], 1],
  ] as const)('are counted below %s, whatever is left in the entry', (_, pick, expected) => {
    for (const clearsEntries of [false, true]) {
      const all = tables(clearsEntries);
      const [entry = 0, level = 0] = pick(all);
      all.table.invalidate(entry, BASE_IPA, level);
      expect(mappedPages(all.table, level), `cleared to 0: ${clearsEntries}`).toBe(expected);
    }
  });

  it('are counted below an entry that was locked', () => {
    const { table, large } = tables();
    table.lock(large, BASE_IPA, 1);
    expect(mappedPages(table, 1)).toBe(FANOUT + 2);
  });

  it('are fewer where some were taken away before', () => {
    const { table, large, pages } = tables();
    table.invalidate(pages, BASE_IPA + 5 * BLOCK, 3);
    table.invalidate(large, BASE_IPA, 1);
    expect(mappedPages(table, 1)).toBe(FANOUT + 1);
  });
});
