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

  it('takes the reference of each setting for the cells of that setting, and marks what is faster in green', () => {
    // Under each number of vCPUs both take as many times as long, so that only the factors stay what they are.
    const cells = document.cells.map((result) => {
      const stage = result.status === 'ok' ? result.stages['ADJUST'] : undefined;
      if (result.status !== 'ok' || stage === undefined) return result;
      const { strategy, vcpus } = result.cell;
      const timeNs = vcpus * 1e6 * (strategy === 'baseline' ? 4 : strategy === 'install-first-no-cmo' ? 1 : 5);
      return { ...result, stages: { ADJUST: { ...stage, timeNs } } };
    });
    const layout = { cols: 'strategy', reference: 'baseline' } as const;
    const rows = rowsOf(renderGrid({ ...document, cells }, layout, WIDE));
    for (const row of rows)
      expect(row.flatMap((cell) => /([\d.]+×)$/.exec(cell)?.[1] ?? [])).toEqual(['0.25×', '1.25×', '1.25×']);
    const painted = renderGrid({ ...document, cells }, layout, { ...WIDE, color: true });
    const green = [...painted.matchAll(/\u001B\[32m([^\u001B]*)\u001B/g)].map(([, text]) => text);
    expect(green).toHaveLength(6);
    for (const text of green) expect(text).toContain('0.25×');
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
