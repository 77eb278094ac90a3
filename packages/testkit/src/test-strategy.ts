/** The laws that a coalescing strategy has to keep, as a Vitest suite. */
import type { Strategy } from '@s2bench/core';
import { OK, strategyMetadataSchema } from '@s2bench/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoalesceBench } from './coalesce-bench.ts';

/** Page sizes and block levels that are tried, and the pages of such a block. */
const SHAPES = [
  { pageSizeBytes: 4096, blockLevel: 2, pages: 512 },
  { pageSizeBytes: 16384, blockLevel: 2, pages: 2048 },
  { pageSizeBytes: 65536, blockLevel: 2, pages: 8192 },
  { pageSizeBytes: 4096, blockLevel: 1, pages: 512 * 512 },
] as const;

/** Stock behaviour everywhere: what a block looks like that was never anything else. */
const FRESH: Strategy = { name: 'fresh', summary: 'stock', source: 'stock', contractVersion: 1 };

/** Declares the suite for a strategy. Call it at the top level of a test file. */
export function testStrategy(strategy: Strategy): void {
  describe(`strategy ${strategy.name}`, () => {
    it('describes itself', () => {
      expect(strategyMetadataSchema.safeParse(strategy).error?.issues ?? []).toEqual([]);
    });

    describe.each(SHAPES)('on blocks at level $blockLevel with pages of $pageSizeBytes', (shape) => {
      const somePages = fc.uniqueArray(fc.integer({ min: 0, max: shape.pages - 1 }), { minLength: 1, maxLength: 40 });
      const coalesced = (pages: readonly number[]): CoalesceBench => {
        const bench = new CoalesceBench(strategy, shape.pageSizeBytes, shape.blockLevel);
        for (const page of pages) expect(bench.mapPage(page)).toBe(OK);
        return bench;
      };

      it('leaves the block that a fresh map makes, whatever was mapped before', () => {
        const fresh = new CoalesceBench(FRESH, shape.pageSizeBytes, shape.blockLevel);
        fresh.mapBlock();
        fc.assert(
          fc.property(somePages, (pages) => {
            const bench = coalesced(pages);
            expect(bench.mapBlock().rc).toBe(OK);
            expect(bench.leafLevel).toBe(shape.blockLevel);
            expect(bench.leafWords).toEqual(fresh.leafWords);
          }),
          { numRuns: 20 },
        );
      });

      it('keeps every reference count, and frees each table page that it cut off once', () => {
        fc.assert(
          fc.property(somePages, (pages) => {
            const bench = coalesced(pages);
            const before = bench.table.arena.livePages;
            const { actions } = bench.mapBlock();
            expect(bench.miscounted).toEqual([]);
            expect(actions.filter((action) => action.do === 'free')).toHaveLength(before - bench.table.arena.livePages);
            expect(bench.table.arena.livePages).toBe(tablePagesOfOneBlock(bench, shape.blockLevel));
          }),
          { numRuns: 20 },
        );
      });

      it('breaks before it makes: invalidate, flush the VMID, install; nothing is freed before the flush', () => {
        const { actions } = coalesced([0, shape.pages / 2]).mapBlock();
        const order = actions.map((action) => action.do);
        const [broken, flushed, made] = [order.indexOf('invalidate'), order.indexOf('tlbi-vmid'), order.indexOf('install')];
        expect(broken).toBeGreaterThanOrEqual(0);
        expect(flushed).toBeGreaterThan(broken);
        expect(made).toBeGreaterThan(flushed);
        expect(order.indexOf('free')).toBeGreaterThan(flushed);
      });

      it('does the same each time', () => {
        expect(coalesced([1, 2, 3]).mapBlock()).toEqual(coalesced([1, 2, 3]).mapBlock());
      });
    });

    it('cleans nothing where FEAT_S2FWB makes it needless', () => {
      const bench = new CoalesceBench(strategy, 4096, 2, true);
      bench.mapPage(0);
      expect(bench.mapBlock().actions.filter((action) => action.do === 'clean')).toEqual([]);
    });
  });
}

/** How many table pages a table has that holds one block alone: the roots, and those on the way. */
function tablePagesOfOneBlock(bench: CoalesceBench, blockLevel: number): number {
  const { rootPages, startLevel } = bench.table.geometry;
  return rootPages + (blockLevel - startLevel);
}
