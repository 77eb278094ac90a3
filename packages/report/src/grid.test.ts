import { describe, expect, it } from 'vitest';
import { threadDocument } from '../test/thread-fixture.ts';
import { renderGrid } from './grid.ts';

const WIDE = { columns: 200, color: false };

/** Lines of the table alone, cells as words. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => /\d (?:m?s|[µn]s)/.test(line) && !line.includes(','))
    .map((line) => line.trim().split(/\s{2,}/));
}

describe('a grid', () => {
  const document = threadDocument();

  it('has a column for each value across and a row for what else varies', () => {
    const rows = rowsOf(renderGrid(document, { cols: 'strategy' }, WIDE));
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row).toHaveLength(2 + 4);
  });

  it('puts what is named first to the left, and across what is left', () => {
    const text = renderGrid(document, { rows: ['history', 'strategy'] }, WIDE);
    expect(text).toContain('20 vCPUs');
    expect(text).toContain('60 vCPUs');
    const rows = rowsOf(text);
    expect(rows).toHaveLength(8);
    expect(rows[0]?.[0]).toBe('block-first');
  });

  it('says the factor to a strategy in the same setting, and none beside that one', () => {
    const rows = rowsOf(renderGrid(document, { cols: 'strategy', reference: 'baseline' }, WIDE));
    const [first] = rows;
    if (first === undefined) throw new Error('no row');
    expect(first.filter((cell) => cell.includes('×'))).toHaveLength(3);
    const ofCell = (strategy: string): number => {
      const found = document.cells.find(({ cell }) => cell.strategy === strategy);
      if (found?.status !== 'ok') throw new Error('no such cell');
      return found.stages['ADJUST']?.timeNs ?? NaN;
    };
    const factor = ofCell('install-first-no-cmo') / ofCell('baseline');
    expect(first.some((cell) => cell.endsWith(` ${factor.toFixed(2)}×`))).toBe(true);
  });

  it('fits a narrow terminal, keys in each part', () => {
    const text = renderGrid(document, { cols: 'strategy', reference: 'baseline' }, { columns: 60, color: false });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(text.match(/vCPUs {2}history/g)?.length).toBeGreaterThan(1);
  });

  it('has one column where nothing stands across', () => {
    const [first] = document.cells;
    if (first === undefined) throw new Error('empty fixture');
    const text = renderGrid({ ...document, cells: [first] }, {}, WIDE);
    expect(rowsOf(text)).toHaveLength(1);
  });
});
