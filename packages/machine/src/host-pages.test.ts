import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusyHostPages } from './host-pages.ts';

const PAGE = 4096;

describe('host pages that are being written', () => {
  it('are ready when the host is done with them, and the pages beside them at once', () => {
    const pages = new BusyHostPages();
    pages.occupy(2 * PAGE, 2 * PAGE, 700);
    expect([1, 2, 3, 4].map((page) => pages.readyAt(page * PAGE, 100))).toEqual([100, 700, 700, 100]);
    expect(pages.readyAt(4 * PAGE - 1, 100)).toBe(700);
  });

  it('are ready for one who comes later', () => {
    const pages = new BusyHostPages();
    pages.occupy(0, PAGE, 700);
    expect(pages.readyAt(0, 700)).toBe(700);
    expect(pages.readyAt(0, 900)).toBe(900);
  });

  it('are ready when the last of two writers is done, whatever was forgotten in between', () => {
    const range = fc.record({
      page: fc.integer({ min: 0, max: 9 }),
      count: fc.integer({ min: 1, max: 4 }),
      readyNs: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(fc.array(range), fc.integer({ min: 0, max: 1000 }), (ranges, nowNs) => {
        const pages = new BusyHostPages();
        for (const { page, count, readyNs } of ranges) {
          pages.occupy(page * PAGE, count * PAGE, readyNs);
          // Nobody asks about the time before any more.
          pages.forget(nowNs);
        }
        for (let asked = 0; asked < 15; asked++) {
          const writers = ranges.filter(({ page, count }) => page <= asked && asked < page + count);
          const expected = Math.max(nowNs, ...writers.map(({ readyNs }) => readyNs));
          expect(pages.readyAt(asked * PAGE, nowNs)).toBe(expected);
        }
      }),
    );
  });

  it('forgets only what is done', () => {
    const pages = new BusyHostPages();
    pages.occupy(0, PAGE, 100);
    pages.occupy(PAGE, PAGE, 200);
    pages.forget(100);
    // Asked as of a time before it was forgotten: it is gone, and the other is not.
    expect(pages.readyAt(0, 0)).toBe(0);
    expect(pages.readyAt(PAGE, 0)).toBe(200);
  });
});
