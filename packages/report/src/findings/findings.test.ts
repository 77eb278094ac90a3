import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell, threadCells, threadDocument } from '../../test/thread-fixture.ts';
import type { Comparison, OkResult } from '../schema.ts';
import { findAlternatives } from './alternative.ts';
import { assumedShares, chargedPercent, comparisonLeans, lengthPercentAtMost } from './lean.ts';
import { largestErrorPercent, publishedRows } from './published.ts';
import { findSplits, rowsToSummarise } from './split.ts';
import { staleGroups } from './stale.ts';

const part = (from: string, to: string, factor = 'a thing'): Comparison => ({ from, to, factor, role: 'part' });

describe('published figures', () => {
  it('are set beside the simulated time by their median', () => {
    const rows = publishedRows(threadDocument());
    expect(rows).toHaveLength(6);
    expect(rows.map(({ publishedS }) => publishedS)).toEqual([2.882, 2.953, 3.119, 0.306, 0.38, 0.534]);
    for (const row of rows) {
      expect(row.errorPercent).toBeCloseTo((row.simulatedS / row.publishedS - 1) * 100, 9);
    }
    const errors = rows.map((row) => Math.abs(row.errorPercent));
    expect(largestErrorPercent(rows)).toBe(Math.max(...errors));
  });

  it('of a stage that was not simulated are left out', () => {
    const result = okResult(threadCell());
    expect(publishedRows(documentOf([{ ...result, stages: {} }]))).toEqual([]);
  });
});

describe('the split', () => {
  const [split] = findSplits(threadDocument());

  it('follows the chain that the document declares', () => {
    expect(split?.strategies).toEqual(['baseline', 'install-first-uniform-cmo', 'install-first-no-cmo']);
    expect(split?.factors).toEqual(['order of install', 'missing clean']);
    expect(split?.rows).toHaveLength(6);
  });

  it('adds up to the whole gain in every setting', () => {
    for (const row of split?.rows ?? []) {
      const shares = row.parts.map(({ sharePercent }) => sharePercent ?? NaN);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 9);
      const saved = row.parts.reduce((sum, { savedPercent }) => sum + savedPercent, 0);
      expect(saved).toBeCloseTo(row.gainPercent, 9);
      expect(row.parts[0]?.savedNs).toBeCloseTo((row.timesNs[0] ?? 0) - (row.timesNs[1] ?? 0), 3);
    }
  });

  it('summarises the settings that something was published for', () => {
    if (split === undefined) throw new Error('no split');
    const rows = rowsToSummarise(split);
    expect(rows.map(({ cell }) => cell.history)).toEqual(['block-first', 'block-first', 'block-first']);
    expect(rows.map((row) => Math.round(row.publishedGainPercent ?? 0))).toEqual([89, 87, 83]);
  });

  it('makes one chain of what joins, and two of what does not', () => {
    const chains = (comparisons: readonly Comparison[]): number =>
      findSplits(threadDocument({ comparisons: [...comparisons] })).length;
    expect(
      chains([part('baseline', 'full-population-check'), part('full-population-check', 'install-first-no-cmo')]),
    ).toBe(1);
    expect(chains([part('baseline', 'full-population-check'), part('baseline', 'install-first-no-cmo')])).toBe(2);
  });

  it('needs every strategy of the chain in the same setting', () => {
    const without = threadCells().filter(({ cell }) => cell.strategy !== 'install-first-uniform-cmo');
    expect(findSplits(documentOf(without))).toEqual([]);
    const one = [threadCell(), threadCell({ strategy: 'install-first-no-cmo', seed: 2 })].map(okResult);
    expect(findSplits(documentOf(one, { comparisons: [part('baseline', 'install-first-no-cmo')] }))).toEqual([]);
  });

  it('gives no share of a gain that is none', () => {
    const backwards = findSplits(threadDocument({ comparisons: [part('install-first-no-cmo', 'baseline')] }));
    expect(backwards[0]?.rows[0]?.parts[0]?.sharePercent).toBeUndefined();
    expect(backwards[0]?.rows[0]?.gainPercent).toBeLessThan(0);
  });
});

describe('an alternative', () => {
  it('is set beside its strategy in every setting', () => {
    const [alternative] = findAlternatives(threadDocument());
    expect(alternative?.rows).toHaveLength(6);
    for (const row of alternative?.rows ?? []) {
      expect(row.extraNs).toBe(row.to.timeNs - row.from.timeNs);
      expect(row.extraNs).toBeGreaterThan(0);
    }
  });

  it('is left out without its cells', () => {
    expect(findAlternatives(documentOf([okResult(threadCell())]))).toEqual([]);
  });
});

describe('assumed costs', () => {
  const document = threadDocument();
  const profile = document.profiles[0];
  const stage = okResult(threadCell()).stages['ADJUST'];
  if (profile === undefined || stage === undefined) throw new Error('empty fixture');

  it('have their part of the time charged in all cells, the largest first', () => {
    const charged = { cleanLine: 70, exit: 5, descriptorRead: 25 };
    const result = { ...okResult(threadCell()), stages: { ADJUST: { ...stage, chargedNs: charged } } };
    expect(assumedShares(documentOf([result, okResult(threadCell({ profile: 'another' }))]), profile)).toEqual([
      { name: 'descriptorRead', sharePercent: 25 },
      { name: 'exit', sharePercent: 5 },
    ]);
  });

  it('are unknown where nothing says what was charged', () => {
    const results = threadCells().map((result) => ({ ...result, stages: { ADJUST: { ...stage, chargedNs: {} } } }));
    expect(assumedShares(documentOf(results), profile)).toBeUndefined();
    const { chargedNs: _, ...silent } = stage;
    expect(chargedPercent(silent, ['exit'])).toBeUndefined();
    expect(lengthPercentAtMost(silent, ['exit'])).toBeUndefined();
  });

  it('of one figure have a part of what is charged, and at most a part of its length', () => {
    const figure = { ...stage, timeNs: 50, chargedNs: { cleanLine: 170, exit: 20, descriptorRead: 10 } };
    expect(chargedPercent(figure, ['exit', 'descriptorRead'])).toBe(15);
    expect(lengthPercentAtMost(figure, ['exit', 'descriptorRead'])).toBe(60);
    // What many do at the same time is more than the stage is long.
    expect(lengthPercentAtMost(figure, ['cleanLine'])).toBe(100);
    expect(lengthPercentAtMost({ ...figure, timeNs: 0, chargedNs: {} }, ['exit'])).toBe(0);
  });

  it('of a comparison have a part of what is charged to one strategy and not to the other', () => {
    const of = (strategy: string, chargedNs: Record<string, number>, vcpus = 20): OkResult => ({
      ...okResult(threadCell({ strategy, vcpus })),
      stages: { ADJUST: { ...stage, chargedNs } },
    });
    const cells = [
      of('baseline', { cleanLine: 1000, exit: 7, reference: 40 }),
      of('install-first-no-cmo', { exit: 7, descriptorRead: 500, reference: 30 }),
      of('baseline', { cleanLine: 5, exit: 1 }, 40),
      of('install-first-no-cmo', { cleanLine: 5, exit: 1 }, 40),
      of('baseline', {}, 60),
    ];
    const [lean, ...others] = comparisonLeans(
      documentOf(cells, { comparisons: [part('baseline', 'install-first-no-cmo')] }),
      profile,
    );
    expect(others).toEqual([]);
    expect(lean?.rows.map(({ cell, differenceNs }) => [cell.vcpus, differenceNs])).toEqual([
      [20, 1510],
      [40, 0],
    ]);
    expect(lean?.rows[0]?.shares).toEqual([
      { name: 'descriptorRead', sharePercent: (500 / 1510) * 100 },
      { name: 'exit', sharePercent: 0 },
    ]);
    expect(lean?.rows[1]?.shares.map(({ sharePercent }) => sharePercent)).toEqual([0, 0]);
  });
});

describe('stale reads', () => {
  it('are the most of any cell of the strategy and history', () => {
    const groups = staleGroups(threadDocument());
    expect(groups).toHaveLength(8);
    expect(groups.filter(({ most }) => most > 0)).toEqual([
      { strategy: 'install-first-no-cmo', history: 'logging-first', most: 1_200_000 },
    ]);
  });
});
