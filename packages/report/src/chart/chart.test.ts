import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell, threadCells, threadDocument } from '../../test/thread-fixture.ts';
import type { CellResult } from '../schema.ts';
import { renderChart } from './chart.ts';

/** Bars, each with what stands before and behind it. */
interface Row {
  readonly name: string;
  readonly fill: string;
  readonly left: number;
  readonly length: number;
  readonly at: number;
  readonly value: string;
}

const ROW =
  /class="name">([^<]*)<\/text><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="11" fill="([^"]+)" class="bar"\/>(?:<polygon[^>]*\/>)?<text x="([\d.]+)" y="[\d.]+" class="value[^"]*">([^<]*)</g;

function rowsOf(svg: string): readonly Row[] {
  return [...svg.matchAll(ROW)].map(([, name = '', left, length, fill = '', at, value = '']) => ({
    name,
    fill,
    left: Number(left),
    length: Number(length),
    at: Number(at),
    value,
  }));
}

function numbers(svg: string, pattern: RegExp): readonly (readonly number[])[] {
  return [...svg.matchAll(pattern)].map((match) => match.slice(1).map(Number));
}

describe('the picture of the thread', () => {
  const svg = renderChart(threadDocument());

  it('is the same for the same document', () => {
    renderChart(documentOf([okResult(threadCell())]));
    expect(renderChart(structuredClone(threadDocument()))).toBe(svg);
  });

  it('has a bar for each cell and measure, and a mark for each published figure', () => {
    expect(rowsOf(svg)).toHaveLength(2 * 24);
    expect(svg.match(/class="published"/g)).toHaveLength(6);
  });

  it('shows what is the same in two settings once', () => {
    const [cell] = threadCells();
    if (cell === undefined) throw new Error('empty fixture');
    const both = ['block-first', 'logging-first'].map((history) => ({ ...cell, cell: { ...cell.cell, history } }));
    const { published: _, ...without } = cell;
    const alike = renderChart(documentOf(both.map(({ cell: own }) => ({ ...without, cell: own }))));
    expect(rowsOf(alike)).toHaveLength(2);
    expect(alike).toContain('>Longest window: history block-first and logging-first<');
    // A published figure under one history alone makes them differ.
    expect(
      rowsOf(renderChart(documentOf([{ ...without, cell: both[0]?.cell ?? cell.cell }, both[1] ?? cell]))),
    ).toHaveLength(3);
  });

  it('draws times to scale, from nothing', () => {
    const [first, second, third] = rowsOf(svg).filter(({ name }) => name === 'baseline');
    const times = [20, 40, 60].map((vcpus) => okResult(threadCell({ vcpus })).stages['ADJUST']?.timeNs ?? 0);
    expect((second?.length ?? 0) / (first?.length ?? 1)).toBeCloseTo((times[1] ?? 0) / (times[0] ?? 1), 2);
    expect((third?.length ?? 0) / (first?.length ?? 1)).toBeCloseTo((times[2] ?? 0) / (times[0] ?? 1), 2);
  });

  it('writes names before the bars and values behind them, all in letters that a phone shows', () => {
    const [[width = 0] = []] = numbers(svg, /viewBox="0 0 (\d+)/g);
    for (const { name, left, length, at, value } of rowsOf(svg)) {
      expect(16 + name.length * 6.7).toBeLessThanOrEqual(left);
      expect(left + length).toBeLessThan(at);
      expect(at + value.length * 6.7).toBeLessThanOrEqual(width);
    }
    // A phone has 358 for it: 7 of its pixels a letter.
    const sizes = numbers(svg, /font-size:(\d+)px/g).flat();
    expect((Math.min(...sizes) * 358) / width).toBeGreaterThan(7);
  });

  it('says in its title whose the shortest and the longest time are', () => {
    expect(svg).toMatch(
      /<title id="title">ADJUST takes 302 ms \(install-first-no-cmo, 20 vCPUs\) to [\d.]+ s \([a-z-]+, 60 vCPUs\)</,
    );
  });

  it('says in words what it shows', () => {
    const description = /<desc id="description">(.*)<\/desc>/.exec(svg)?.[1] ?? '';
    expect(svg).toMatch(/role="img" aria-labelledby="title description"/);
    expect(description).toContain('history block-first, 20 vCPUs: baseline 2.88 s, published 2.88 s; ');
    expect(description).toContain('install-first-no-cmo 2.40 µs');
  });

  it('stays within its card', () => {
    const [[width = 0, height = 0] = []] = numbers(svg, /viewBox="0 0 (\d+) (\d+)"/g);
    for (const [x = 0, y = 0] of numbers(svg, /<text x="([\d.]+)" y="([\d.]+)"/g)) {
      expect(x).toBeLessThanOrEqual(width);
      expect(y).toBeLessThanOrEqual(height);
    }
  });
});

describe('the picture of other documents', () => {
  it('fills no two of twenty strategies alike', () => {
    const names = Array.from({ length: 20 }, (_, index) => `strategy-${index}`);
    const svg = renderChart(documentOf(names.map((strategy) => okResult(threadCell({ strategy })))));
    const fills = rowsOf(svg).map(({ fill }) => fill);
    expect(new Set(fills).size).toBe(20);
    for (const fill of fills.filter((one) => one.startsWith('url')))
      expect(svg).toContain(`<pattern id="${fill.slice(5, -1)}"`);
  });

  it('has the first and the last of many numbers of vCPUs, and some between', () => {
    const many = [1, 2, 4, 8, 16, 32, 64, 128].map((vcpus) => okResult(threadCell({ vcpus })));
    const svg = renderChart(documentOf(many));
    const groups = [...svg.matchAll(/>(\d+ vCPUs?)</g)].map(([, label]) => label);
    expect([...new Set(groups)]).toEqual(['1 vCPU', '4 vCPUs', '32 vCPUs', '128 vCPUs']);
  });

  it('marks an unsafe cell, in words too', () => {
    const cells = threadCells().map((result): CellResult =>
      result.cell.strategy === 'install-first-no-cmo' ? { ...result, verdict: { status: 'unsafe' } } : result,
    );
    const svg = renderChart(documentOf(cells));
    expect(svg.match(/class="value unsafe">[^<]+, unsafe</g)).toHaveLength(12);
    expect(svg).toContain('install-first-no-cmo 302 ms, published 306 ms, unsafe');
  });

  it('of a cell without a window has no bar for it', () => {
    const result = okResult(threadCell());
    const stage = result.stages['ADJUST'];
    if (stage === undefined) throw new Error('empty fixture');
    const none = { ...stage, invalidWindow: { count: 0, longestNs: 0, totalNs: 0, pageSeconds: 0 } };
    const svg = renderChart(documentOf([{ ...result, stages: { ADJUST: none } }]));
    expect(svg).toContain('>none</text>');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('of nothing says so', () => {
    expect(renderChart(documentOf([]))).toContain('No cell was simulated');
  });

  it('escapes names', () => {
    const svg = renderChart(documentOf([okResult(threadCell({ strategy: 'a<b>&"c"' }))]));
    expect(svg).toContain('a&lt;b&gt;&amp;&quot;c&quot;');
    expect(svg).not.toContain('a<b>');
  });

  it('draws no more settings than can be read, and says how many are left', () => {
    const cells = Array.from({ length: 6 }, (_, index) => {
      const result = okResult(threadCell({ seed: index + 1 }));
      const stage = result.stages['ADJUST'];
      if (stage === undefined) throw new Error('empty fixture');
      return { ...result, stages: { ADJUST: { ...stage, timeNs: stage.timeNs + index } } };
    });
    const svg = renderChart(documentOf(cells));
    expect(svg).toContain('2 more settings are in the report');
  });
});
