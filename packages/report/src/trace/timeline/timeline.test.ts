import { describe, expect, it } from 'vitest';
import { someTrace, someTraces } from '../../../test/trace-fixture.ts';
import { clockOf } from './clock.ts';
import { KINDS } from './kinds.ts';
import { makerOf } from './maker.ts';
import { entryChanges, type Lane, lanesOf } from './strips.ts';
import { renderTimeline } from './timeline.ts';

/** Rectangles of the picture that are no card. */
function rects(svg: string): { x: number; y: number; width: number; height: number; kind: string }[] {
  const pattern = /<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)" class="(\w+)"\/>/g;
  return [...svg.matchAll(pattern)].map(([, x, y, width, height, kind = '']) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
    kind,
  }));
}

function lanes(vcpus: number, cleanNs = 955_000, cleansBefore = false): Lane[] {
  const trace = someTrace({ strategy: 'one', vcpus, cleanNs, cleansBefore });
  return lanesOf(trace, clockOf([trace], 100, 600));
}

describe('the timeline', () => {
  const svg = renderTimeline(someTraces());

  it('is the same for the same traces, and says first what they show', () => {
    expect(renderTimeline(structuredClone(someTraces()))).toBe(svg);
    expect(svg).toContain(
      '<title id="title">Pages are out of reach 630× longer with baseline than with clean-first</title>',
    );
  });

  it('names in its legend all that it draws, once, and knows a colour for each in both schemes', () => {
    const drawn = new Set(rects(svg).map(({ kind }) => kind));
    for (const kind of drawn) {
      expect(Object.keys(KINDS)).toContain(kind);
      expect(svg.split(`\n.${kind}{fill:`).length + svg.split(`{.${kind}{fill:`).length, kind).toBeGreaterThanOrEqual(
        3,
      );
      const inLegend = rects(svg).filter((rect) => rect.kind === kind && rect.width === 12 && rect.height === 12);
      expect(inLegend, kind).toHaveLength(1);
    }
    expect(drawn.size).toBeGreaterThan(8);
  });

  it('stays within its page', () => {
    const height = Number(/viewBox="0 0 540 (\d+)"/.exec(svg)?.[1]);
    for (const rect of rects(svg)) {
      expect(rect.x).toBeGreaterThanOrEqual(0);
      expect(rect.x + rect.width).toBeLessThanOrEqual(540);
      expect(rect.y + rect.height).toBeLessThan(height);
    }
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('tells in words what it draws', () => {
    expect(svg).toContain('clean-first, 4 vCPUs, block-first: longest window 1.52 µs; mmu_lock held 957 µs;');
    expect(svg).toContain('entry: table at first, invalid from 700 ns on, block from');
  });

  it('of nothing says so', () => {
    expect(renderTimeline({ ...someTraces(), traces: [] })).toContain('No cell was traced');
  });
});

describe('the lanes of a strategy', () => {
  it.each([1, 2, 3, 64, 128])('are few, whoever many wait: %d vCPUs', (vcpus) => {
    const drawn = lanes(vcpus);
    const others = vcpus === 1 ? [] : vcpus === 2 ? ['vCPU 1'] : [`${vcpus - 1} others`];
    expect(drawn.map(({ label }) => label)).toEqual(['vCPU 0', ...others, 'mmu_lock', 'entry', 'work']);
    for (const { segments } of drawn) expect(segments.length).toBeLessThan(900);
  });

  it('share the height among the vCPUs by what they do, at every pixel', () => {
    const shared = lanes(64).find(({ label }) => label === '63 others')?.segments ?? [];
    for (let x = 101; x < 590; x++) {
      const here = shared.filter((one) => one.x <= x && one.x + one.width > x).toSorted((a, b) => a.from - b.from);
      expect(here[0]?.from, `${x}`).toBe(0);
      // Those who are back in the guest are not followed any more.
      for (const [index, { from }] of here.entries()) if (index > 0) expect(from).toBe(here[index - 1]?.to);
      expect(here.at(-1)?.to).toBeLessThanOrEqual(1 + 1e-9);
    }
    const waiting = shared.filter(({ kind }) => kind === 'waiting');
    expect(Math.max(...waiting.map(({ from, to }) => to - from))).toBeGreaterThan(0.9);
  });

  it('say what the entry holds, from store to store', () => {
    for (const cleansBefore of [false, true]) {
      const trace = someTrace({ strategy: 'one', vcpus: 2, cleanNs: 955_000, cleansBefore });
      const [first, broken, made] = entryChanges(trace, makerOf(trace));
      expect([first?.kind, broken?.kind, made?.kind]).toEqual(['table', 'invalid', 'block']);
      expect([broken?.startNs, made?.startNs]).toEqual([trace.windows[0]?.startNs, trace.windows[0]?.endNs]);
    }
  });

  it('are on a clock that is a logarithm only where lengths differ much', () => {
    expect(clockOf([someTrace({ strategy: 'one', vcpus: 2, cleanNs: 0 })], 100, 600).isLog).toBe(false);
    expect(clockOf([someTrace({ strategy: 'one', vcpus: 2, cleanNs: 955_000 })], 100, 600).isLog).toBe(true);
  });
});
