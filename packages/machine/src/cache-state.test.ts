import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheState } from './cache-state.ts';

const PAGE = 4096;
const BASE = 2 ** 40;
const PAGES = 200;

/** A range that may begin and end outside of what is tracked, and in the middle of a page. */
const ranges = fc.record({
  from: fc.integer({ min: -40 * 4, max: (PAGES + 40) * 4 }).map((quarters) => (quarters * PAGE) / 4),
  sizeBytes: fc.integer({ min: 1, max: 90 * 4 }).map((quarters) => (quarters * PAGE) / 4),
  writes: fc.boolean(),
});

function pagesOf({ from, sizeBytes }: { from: number; sizeBytes: number }): number[] {
  const first = Math.max(0, Math.floor(from / PAGE));
  const end = Math.min(PAGES + 24, Math.ceil((from + sizeBytes) / PAGE));
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}

describe('what the host stored and nobody cleaned', () => {
  it('is kept page by page, whatever was written and cleaned before', () => {
    fc.assert(
      fc.property(fc.array(ranges, { maxLength: 12 }), ranges, (steps, asked) => {
        // 200 pages are seven words of bits, the last of them in part.
        const caches = new CacheState(BASE, PAGES * PAGE, PAGE);
        const dirty = new Set<number>();
        for (const step of steps) {
          if (step.writes) caches.hostWrote(BASE + step.from, step.sizeBytes);
          else caches.cleaned(BASE + step.from, step.sizeBytes);
          for (const page of pagesOf(step)) {
            if (step.writes) dirty.add(page);
            else dirty.delete(page);
          }
        }
        const copy = new CacheState(BASE, PAGES * PAGE, PAGE);
        copy.hostWrote(BASE, PAGES * PAGE);
        copy.copyFrom(caches);
        const expected = pagesOf(asked).filter((page) => dirty.has(page)).length;
        for (const state of [caches, copy]) {
          expect(state.dirtyPagesIn(BASE + asked.from, asked.sizeBytes)).toBe(expected);
          expect(state.dirtyPagesIn(BASE, PAGES * PAGE)).toBe([...dirty].filter((page) => page < PAGES).length);
          // A clean of everything leaves nothing: the count of dirty pages is that of the bits.
          state.cleaned(BASE, (PAGES + 24) * PAGE);
          state.hostWrote(BASE + 31 * PAGE, 2 * PAGE);
          expect(state.dirtyPagesIn(BASE + 31 * PAGE, PAGE)).toBe(1);
          expect(state.dirtyPagesIn(BASE, PAGES * PAGE)).toBe(2);
        }
      }),
    );
  });

  it('is nothing where nothing was written', () => {
    const caches = new CacheState(BASE, PAGES * PAGE, PAGE);
    caches.cleaned(BASE, PAGES * PAGE);
    expect(caches.dirtyPagesIn(BASE, PAGES * PAGE)).toBe(0);
  });
});
