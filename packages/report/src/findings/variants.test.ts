import { describe, expect, it } from 'vitest';
import { AFTER, BEFORE, side, type Times, variantDocument } from '../../test/variant-fixture.ts';
import { threadDocument } from '../../test/thread-fixture.ts';
import { growsFrom, leadsOf, publishedPart } from './growth.ts';
import { timeShares } from './time-by-cost.ts';
import { type VariantCurve, variantCurves } from './variants.ts';

function curveOf(before: readonly Times[], after: readonly Times[]): VariantCurve {
  const [curve, ...others] = variantCurves(variantDocument(side('before', before), side('after', after)));
  expect(others).toEqual([]);
  if (curve === undefined) throw new Error('there is no curve');
  return curve;
}

describe('variantCurves', () => {
  it('pairs the sides at each number of vCPUs, in their order', () => {
    const { points, axis, metric } = curveOf(BEFORE.toReversed(), AFTER.toReversed());
    expect([axis.key, metric]).toEqual(['vcpus', 'dirty memory']);
    expect(points.map(({ at, before, after }) => [at, before.timeNs / 1e6, after.timeNs / 1e6])).toEqual([
      [1, 930, 960],
      [2, 1200, 1000],
      [4, 2400, 1100],
      [64, 41_000, 15_000],
    ]);
    expect(points[1]?.before.publishedNs).toBeUndefined();
  });

  it('pairs workloads that differ in an option of one side by their place', () => {
    const sides = ['before', 'after'] as const;
    const [before, after] = sides.map((name) =>
      ['dense', 'sparse'].flatMap((one) => side(name, [[1, one === 'dense' ? 10 : 20]], `${one}?split=${name}`)),
    );
    const curves = variantCurves(variantDocument(before ?? [], after ?? []));
    const workloads = curves.map(({ points }) =>
      points.map((point) => [point.before.cell.workload, point.after.cell.workload]),
    );
    expect(workloads).toEqual([
      [['dense?split=before', 'dense?split=after']],
      [['sparse?split=before', 'sparse?split=after']],
    ]);
  });

  it('finds none where cells have no variant, and where one side was left out', () => {
    expect(variantCurves(threadDocument())).toEqual([]);
    expect(variantCurves(variantDocument(side('before', BEFORE), []))).toEqual([]);
  });
});

describe('a curve', () => {
  it('says who is faster where, with the turn between', () => {
    const curve = curveOf(BEFORE, AFTER);
    expect(leadsOf(curve, 'published')).toEqual([
      { faster: 'before', from: 1, to: 1 },
      { faster: 'after', from: 4, to: 64 },
    ]);
    expect(leadsOf(curve, 'simulated')[1]).toEqual({ faster: 'after', from: 2, to: 64 });
    expect(leadsOf(curveOf([[1, 100]], [[1, 100.5]]), 'simulated')).toEqual([{ faster: 'neither', from: 1, to: 1 }]);
  });

  it('has its knee where a time begins to grow with the vCPUs', () => {
    const published = publishedPart(curveOf(BEFORE, AFTER));
    expect(published.points.map(({ at }) => at)).toEqual([1, 4, 64]);
    expect(growsFrom(published, 'before', 'published')).toBe(1);
    expect(growsFrom(published, 'after', 'published')).toBe(4);
    const flat: readonly Times[] = BEFORE.map(([vcpus]) => [vcpus, 5]);
    expect(growsFrom(curveOf(flat, AFTER), 'before', 'simulated')).toBeUndefined();
  });
});

describe('timeShares', () => {
  it('divides all time that was charged and waited, without counting the lock itself twice', () => {
    const [result] = side('before', [[4, 1]]);
    const stage = result?.stages['ADJUST'];
    if (stage === undefined) throw new Error('there is no stage');
    const shares = timeShares({
      ...stage,
      chargedNs: { exit: 50, lockHandover: 20, tlbiIpa: 0 },
      lockWaitNs: 50,
      hostPageWaitNs: 0,
    });
    expect(shares).toEqual([
      { what: 'exit', share: 0.5 },
      { what: 'wait for mmu_lock', share: 0.3 },
      { what: 'lockHandover', share: 0.2 },
    ]);
    const { chargedNs: _, ...silent } = stage;
    expect(timeShares(silent)).toEqual([]);
  });
});
