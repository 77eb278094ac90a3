import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { adjustResult, documentOf, okResult, threadCell, threadCells, threadDocument } from '../test/thread-fixture.ts';
import type { CellResult } from './schema.ts';
import { renderTable } from './table.ts';

const STAGES = ['CREATE', 'LOG_ON', 'UPDATE', 'LOG_OFF', 'ADJUST'];
const plain = { columns: 100, color: false };

function lines(text: string): readonly string[] {
  return text.trimEnd().split('\n');
}

describe('the terminal table', () => {
  it('of the default matrix fits in 100 columns, with every column', () => {
    const text = renderTable(threadDocument(), plain);
    expect(Math.max(...lines(text).map((line) => line.length))).toBeLessThanOrEqual(100);
    for (const label of ['strategy', 'vCPUs', 'history', 'ADJUST', 'faults', 'window', 'p99', 'reads']) {
      expect(text).toContain(label);
    }
    expect(text).not.toContain('left out');
    expect(lines(text).filter((line) => /^(baseline|install|full)/.test(line))).toHaveLength(24);
  });

  it('gives the values of a cell', () => {
    const row = lines(renderTable(threadDocument(), plain)).find((line) => /^baseline +60 +block-first/.test(line));
    expect(row?.split(/ {2,}/)).toEqual(['baseline', '60', 'block-first', '3.11 s', '1200', '130 ms', '150 ms', '0']);
  });

  it('has what the cells share in its first line', () => {
    expect(renderTable(threadDocument(), plain)).toMatch(/^20 GiB memory, hugetlb, 1 GiB granule, 4 KiB pages, /);
    const one = renderTable(documentOf([okResult(threadCell())]), plain);
    expect(one).toMatch(/^strategy baseline, 20 vCPUs, history block-first, /);
    expect(lines(one).at(-2)?.trim().split(/ {2,}/)).toEqual(['2.88 s', '400', '130 ms', '139 ms', '0']);
  });

  it('says how far the published figures are', () => {
    expect(lines(renderTable(threadDocument(), plain)).at(-1)).toBe('6 published medians: largest error 1.6 %');
    const { published: _, ...silent } = okResult(threadCell());
    expect(renderTable(documentOf([silent]), plain)).not.toContain('published');
  });

  it('leaves out columns where the terminal is narrow, and says which', () => {
    const text = renderTable(threadDocument(), { columns: 75, color: false });
    expect(text).toContain('left out: stall p99, faults');
    expect(text).toContain('reads');
    expect(Math.max(...lines(text).map((line) => line.length))).toBeLessThanOrEqual(75);
  });

  it.each([80, 200])('never leaves out the invalid window, and fits %d columns', (columns) => {
    const results = threadCells().map((result) => ({
      ...result,
      stages: Object.fromEntries(STAGES.map((stage) => [stage, adjustResult(threadCell())])),
      verdict: { status: 'safe' as const },
    }));
    const text = renderTable(documentOf(results), { columns, color: false });
    expect(Math.max(...lines(text).map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(text).toMatch(/ window/);
    for (const stage of STAGES) expect(text).toContain(stage);
    // With room for all there is one table.
    expect(text.match(/^strategy/gm)).toHaveLength(columns === 200 ? 1 : 2);
  });

  it('gives a reason once, with the cells that it is of', () => {
    const skipped = [1, 2, 4, 8, 16, 32].map((vcpus): CellResult => ({
      cell: threadCell({ vcpus }),
      status: 'skipped',
      reason: 'no such corner',
    }));
    const text = renderTable(documentOf([okResult(threadCell()), ...skipped]), plain);
    expect(lines(text).at(-1)).toBe('skipped: 6 cells (1 vCPU; 2 vCPUs; 4 vCPUs; 8 vCPUs; and 2 more): no such corner');
  });

  it('shows verdicts where any cell has one', () => {
    const cells = threadCells().map((result, index): CellResult =>
      index === 0 ? { ...result, verdict: { status: 'unsafe' } } : result,
    );
    const text = renderTable(documentOf(cells), { columns: 120, color: false });
    expect(text).toContain('verdict');
    expect(lines(text).filter((line) => line.endsWith('unsafe'))).toHaveLength(1);
    expect(lines(text).filter((line) => line.endsWith('not explored'))).toHaveLength(23);
    expect(renderTable(threadDocument(), plain)).not.toContain('verdict');
  });

  it('has one time column a stage, and marks what was extrapolated', () => {
    const stage = adjustResult(threadCell());
    const stages = { CREATE: stage, ADJUST: { ...stage, extrapolated: true } };
    const text = renderTable(documentOf([{ ...okResult(threadCell()), stages }]), plain);
    expect(text).toMatch(/CREATE +ADJUST/);
    expect(text).toMatch(/2\.88 s +~2\.88 s +800 /);
    expect(text).toContain('~ simulated in part and extrapolated');
  });

  it('says below why a cell has no result', () => {
    const text = renderTable(
      documentOf([
        okResult(threadCell()),
        { cell: threadCell({ vcpus: 40 }), status: 'skipped', reason: 'no such\ncorner' },
        { cell: threadCell({ vcpus: 60 }), status: 'failed', reason: 'threw', verdict: { status: 'unsafe' } },
      ]),
      plain,
    );
    expect(lines(text).slice(-2)).toEqual(['skipped: 40 vCPUs: no such corner', 'failed: 60 vCPUs, unsafe: threw']);
  });

  it('has colour only when asked, and the same words with it', () => {
    const colored = renderTable(threadDocument(), { columns: 100, color: true });
    const without = renderTable(threadDocument(), plain);
    expect(stripVTControlCharacters(without)).toBe(without);
    expect(colored).not.toBe(without);
    expect(stripVTControlCharacters(colored)).toBe(without);
  });

  it('of no cells is empty but for its end of line', () => {
    expect(renderTable(documentOf([]), plain)).toBe('\n');
  });
});
