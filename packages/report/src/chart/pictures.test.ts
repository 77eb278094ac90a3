import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell, threadCells, threadDocument } from '../../test/thread-fixture.ts';
import type { Cell, CellResult, ResultDocument } from '../schema.ts';
import { wrapWords } from './page.ts';
import { renderPictures } from './pictures.ts';
import { timeAxis } from './plot.ts';
import { line, mark, MOST_SERIES } from './series.ts';

function pictures(document: ResultDocument): Record<string, string> {
  return Object.fromEntries(renderPictures(document).map(({ file, svg }) => [file, svg]));
}

function cells(...changes: Partial<Cell>[]): ResultDocument {
  return documentOf(changes.map((change) => okResult(threadCell(change))));
}

function titleOf(svg = ''): string {
  return /<title id="title">(.*)<\/title>/.exec(svg)?.[1] ?? '';
}

/** A cell whose time and window are what is said. */
function weighed(strategy: string, timeNs: number, longestNs: number, isUnsafe = false): CellResult {
  const result = okResult(threadCell({ strategy }));
  const { ADJUST } = result.stages;
  if (ADJUST === undefined) throw new Error('empty fixture');
  const stages = { ADJUST: { ...ADJUST, timeNs, invalidWindow: { ...ADJUST.invalidWindow, longestNs } } };
  return { ...result, stages, ...(isUnsafe && { verdict: { status: 'unsafe' as const } }) };
}

const VCPUS = [1, 2, 4, 8, 16].map((vcpus) => ({ vcpus }));

describe('the pictures of a document', () => {
  it('are those that say something of it, the same each time', () => {
    const grid = [1, 2].flatMap((memory) =>
      [1, 2].map((granule) => ({ memoryBytes: memory * 2 ** 30, granuleBytes: granule * 2 ** 21 })),
    );
    expect(Object.keys(pictures(threadDocument()))).toEqual(['pareto.svg']);
    expect(Object.keys(pictures(cells(...VCPUS)))).toEqual(['curves.svg']);
    expect(Object.keys(pictures(cells(...grid)))).toEqual(['heat-map.svg']);
    expect(pictures(documentOf([]))).toEqual({});
    expect(pictures(structuredClone(threadDocument()))).toEqual(pictures(threadDocument()));
  });

  it.each([threadDocument(), cells(...VCPUS)])('stay within their page, in lines that it has room for', (document) => {
    for (const svg of Object.values(pictures(document))) {
      const height = Number(/viewBox="0 0 540 (\d+)"/.exec(svg)?.[1]);
      for (const [, x, y, , value = ''] of svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" class="([^"]*)">([^<]*)</g)) {
        expect(Number(x), value).toBeLessThan(632);
        expect(Number(y), value).toBeLessThan(height);
      }
      expect(svg).toContain('prefers-color-scheme:dark');
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});

describe('time against window', () => {
  const title = (...results: CellResult[]): string => titleOf(pictures(documentOf(results))['pareto.svg']);

  it('says who is beaten by nobody', () => {
    expect(title(weighed('a', 10, 10), weighed('b', 20, 20))).toBe('a has the shortest time and the shortest windows');
    expect(title(weighed('a', 10, 20), weighed('b', 20, 10))).toMatch(/^No strategy has both/);
    expect(title(weighed('a', 10, 20), weighed('b', 20, 10), weighed('c', 30, 30))).toBe(
      'Nothing beats a and b in both time and window',
    );
  });

  it('takes no thousandth for a difference', () => {
    expect(title(weighed('a', 1000, 1000), weighed('b', 1001, 1001))).toMatch(/^No strategy has both/);
  });

  it('says what is unsafe, and which of the safe ones are left', () => {
    const unsafe = weighed('quick', 1, 1, true);
    expect(title(unsafe, weighed('a', 10, 10), weighed('b', 20, 20))).toBe(
      'quick has the shortest time and the shortest windows, and is unsafe; of the safe ones nothing beats a',
    );
    const svg = pictures(documentOf([unsafe, weighed('a', 10, 10)]))['pareto.svg'] ?? '';
    // Its mark in the legend, and the one of its cell.
    expect(svg.match(/fill="none" stroke="#/g)).toHaveLength(2);
    expect(svg).toContain('quick, 20 vCPUs, block-first: time 1.00 ns, window 1.00 ns, unsafe.');
  });

  it('has a point for each cell', () => {
    const svg = pictures(threadDocument())['pareto.svg'] ?? '';
    expect(svg.match(/class="mark"|fill="none" stroke="#/g)).toHaveLength(threadCells().length + 4);
  });
});

describe('curves', () => {
  it('say how much the time grows, and of whom', () => {
    const svg = pictures(documentOf(VCPUS.flatMap((change) => [okResult(threadCell(change))])))['curves.svg'];
    expect(titleOf(svg)).toMatch(/no strategy's time changes|the time of baseline changes by/);
    expect(svg?.match(/<polyline [^>]*stroke-width="1.75"/g)).toHaveLength(2);
    expect(svg).toContain('at 16 vCPUs');
  });
});

describe('series', () => {
  it('look different from one another, each of them', () => {
    const seen = Array.from({ length: MOST_SERIES }, (_, series) => mark(series, 50, 50));
    expect(new Set(seen).size).toBe(MOST_SERIES);
    const lines = Array.from({ length: MOST_SERIES }, (_, series) =>
      line(series, [
        [0, 0],
        [1, 1],
      ]),
    );
    expect(new Set(lines).size).toBe(MOST_SERIES);
  });
});

describe('an axis', () => {
  it('has whole labels: the zeros before the point stay', () => {
    expect(timeAxis([1e6, 1e8], 0, 100, 6).ticks.map(({ label }) => label)).toEqual(['1 ms', '10 ms', '100 ms']);
    expect(timeAxis([5e8, 1e9], 0, 100, 2).ticks.map(({ label }) => label)).toEqual(['0', '500 ms', '1 s']);
  });

  it('has a place for nothing at all, which a logarithm has not', () => {
    const axis = timeAxis([0, 1e3, 1e6], 0, 100, 9);
    expect(axis.ticks[0]).toMatchObject({ at: 0, label: 'none' });
    expect(axis.at(0)).toBe(0);
  });
});

it('words are wrapped between words', () => {
  expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
});
