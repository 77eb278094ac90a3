import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell, threadCells, threadDocument } from '../../test/thread-fixture.ts';
import type { CellResult } from '../schema.ts';
import { renderChart } from './chart.ts';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

function numbers(svg: string, pattern: RegExp): readonly (readonly number[])[] {
  return [...svg.matchAll(pattern)].map((match) => match.slice(1).map(Number));
}

/** Where the values above the bars stand; a letter is at most 6.5 pixels wide. */
function valueBoxes(svg: string): readonly Box[] {
  return [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" class="value[^"]*">([^<]*)<\/text>/g)]
    .filter((match) => match[3] !== '!')
    .map((match) => {
      const half = ((match[3] ?? '').length * 6.5) / 2;
      return { left: Number(match[1]) - half, right: Number(match[1]) + half, y: Number(match[2]) };
    });
}

function overlapping(boxes: readonly Box[]): number {
  const collide = (a: Box, b: Box): boolean => Math.abs(a.y - b.y) < 10 && a.left < b.right && b.left < a.right;
  return boxes.flatMap((a, index) => boxes.slice(index + 1).filter((b) => collide(a, b))).length;
}

describe('the picture of the thread', () => {
  const svg = renderChart(threadDocument());

  it('is the same for the same document', () => {
    renderChart(documentOf([okResult(threadCell())]));
    expect(renderChart(structuredClone(threadDocument()))).toBe(svg);
  });

  it('has a bar for each cell and measure, and a mark for each published figure', () => {
    expect(svg.match(/<rect [^>]*fill="#[^>]*height="[\d.]+"[^>]*class="bar"|class="bar"/g)).toHaveLength(2 * 24 + 4);
    // Six figures, and the one in the legend.
    expect(svg.match(/class="published"/g)).toHaveLength(7);
  });

  it('draws times to scale, from nothing', () => {
    const bars = numbers(
      svg,
      /<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="#0072b2" class="bar"\/>/g,
    );
    // Behind the legend's square: the baseline of block-first at 20, 40 and 60 vCPUs.
    const heights = bars.map(([, height]) => height ?? 0).filter((height) => height !== 12);
    const times = [20, 40, 60].map((vcpus) => okResult(threadCell({ vcpus })).stages['ADJUST']?.timeNs ?? 0);
    expect((heights[1] ?? 0) / (heights[0] ?? 1)).toBeCloseTo((times[1] ?? 0) / (times[0] ?? 1), 2);
    expect((heights[2] ?? 0) / (heights[0] ?? 1)).toBeCloseTo((times[2] ?? 0) / (times[0] ?? 1), 2);
  });

  it('puts no label over another', () => {
    expect(valueBoxes(svg)).toHaveLength(48);
    expect(overlapping(valueBoxes(svg))).toBe(0);
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
    expect(width).toBe(800);
  });
});

describe('the picture of other documents', () => {
  it('fills no two of twenty strategies alike', () => {
    const names = Array.from({ length: 20 }, (_, index) => `strategy-${index}`);
    const svg = renderChart(documentOf(names.map((strategy) => okResult(threadCell({ strategy })))));
    const fills = [...svg.matchAll(/fill="([^"]+)" class="bar"/g)].map(([, fill = '']) => fill);
    expect(new Set(fills).size).toBe(20);
    for (const fill of fills.filter((one) => one.startsWith('url')))
      expect(svg).toContain(`<pattern id="${fill.slice(5, -1)}"`);
  });

  it('leaves out values where they would run into one another', () => {
    const many = [1, 2, 4, 8, 16, 32, 64, 128].flatMap((vcpus) =>
      threadCells()
        .filter(({ cell }) => cell.vcpus === 20)
        .map((result) => ({ ...result, cell: { ...result.cell, vcpus } })),
    );
    const svg = renderChart(documentOf(many));
    expect(valueBoxes(svg)).toHaveLength(0);
    expect(svg).toContain('128 vCPUs');
  });

  it('marks an unsafe cell, in words too', () => {
    const cells = threadCells().map((result): CellResult =>
      result.cell.strategy === 'install-first-no-cmo' ? { ...result, verdict: { status: 'unsafe' } } : result,
    );
    const svg = renderChart(documentOf(cells));
    expect(svg.match(/class="value unsafe">[^<]+!</g)).toHaveLength(12);
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
    const cells = Array.from({ length: 6 }, (_, index) => okResult(threadCell({ seed: index + 1 })));
    const svg = renderChart(documentOf(cells));
    expect(svg).toContain('2 more settings are in the report');
  });
});
