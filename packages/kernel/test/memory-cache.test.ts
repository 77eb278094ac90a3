import { describe, expect, it } from 'vitest';
import { MemoryCache } from '../src/memory-cache.ts';

describe('MemoryCache', () => {
  it('gives as many pages as it holds', () => {
    const cache = new MemoryCache(2);
    expect([cache.take(), cache.take(), cache.take()]).toEqual([true, true, false]);
    expect(cache.pagesLeft).toBe(0);
  });

  it('is topped up to a number of pages, not by it', () => {
    const cache = new MemoryCache(3);
    cache.topUp(2);
    expect(cache.pagesLeft).toBe(3);
    cache.take();
    cache.take();
    cache.topUp(2);
    expect(cache.pagesLeft).toBe(2);
  });

  it('never runs out when it is endless', () => {
    const cache = new MemoryCache(Infinity);
    for (let page = 0; page < 1000; page++) expect(cache.take()).toBe(true);
    expect(cache.pagesLeft).toBe(Infinity);
  });
});
