import { describe, expect, it } from 'vitest';
import { documentOf, hashLike, okResult, threadCell, threadCells, threadDocument } from '../../test/thread-fixture.ts';
import type { CellResult, OkResult, ResultDocument, StageResult, Verdict } from '../schema.ts';
import { parseResultDocument } from '../parse.ts';
import { compareResults, hitsOf, isEqual, isFailed } from './compare.ts';
import type { ResultComparison } from './compare.ts';
import { parseThreshold } from './threshold.ts';

/** The fixture with the ADJUST of one cell changed. */
function withCell(
  index: number,
  change: (stage: StageResult) => Partial<StageResult>,
  verdict?: Verdict,
): ResultDocument {
  const cells = threadCells().map((result, at): OkResult => {
    const { ADJUST } = result.stages;
    if (at !== index || ADJUST === undefined) return result;
    return { ...result, stages: { ADJUST: { ...ADJUST, ...change(ADJUST) } }, ...(verdict && { verdict }) };
  });
  return documentOf(cells);
}

const slower = (factor: number) => (stage: StageResult) => ({ timeNs: stage.timeNs * factor });

function compared(base: ResultDocument, head: ResultDocument, ...failOn: string[]): ResultComparison {
  return compareResults({ name: 'a', document: base }, { name: 'b', document: head }, failOn.map(parseThreshold));
}

describe('compareResults', () => {
  it('finds nothing between equal documents', () => {
    const result = compared(threadDocument(), threadDocument(), 'ADJUST.timeNs>+0%', 'verdict', 'missing');
    expect(isEqual(result)).toBe(true);
    expect(isFailed(result)).toBe(false);
    expect(result.unchangedCells).toBe(24);
  });

  it('puts a cell that is 6 % slower first where 5 % are allowed, before larger changes', () => {
    const head = withCell(7, slower(1.06));
    head.cells[3] = withCell(3, slower(0.5)).cells[3] as CellResult;
    const result = compared(threadDocument(), head, 'ADJUST.timeNs>+5%');
    expect(isFailed(result)).toBe(true);
    expect(result.changed.map(({ cell }) => cell)).toEqual([threadCells()[7]?.cell, threadCells()[3]?.cell]);
    expect(result.changed.map((change) => hitsOf(change).length)).toEqual([1, 0]);
    expect(result.unchangedCells).toBe(22);
    const [metric] = result.changed[0]?.metrics ?? [];
    expect(metric).toMatchObject({ stage: 'ADJUST', metric: { name: 'timeNs' } });
    expect((metric?.to ?? 0) / (metric?.from ?? 1)).toBeCloseTo(1.06, 10);
  });

  it('sorts by the size of the change, faster or slower', () => {
    const head = threadDocument();
    for (const [at, factor] of [
      [2, 1.02],
      [5, 0.8],
      [9, 1.1],
    ] as const) {
      head.cells[at] = withCell(at, slower(factor)).cells[at] as CellResult;
    }
    const order = compared(threadDocument(), head).changed.map(({ cell }) =>
      threadCells().findIndex((other) => JSON.stringify(other.cell) === JSON.stringify(cell)),
    );
    expect(order).toEqual([5, 9, 2]);
  });

  it('sees a verdict that has become worse, and one that has become better', () => {
    const safe = withCell(1, () => ({}), { status: 'safe' });
    const unsafe = withCell(1, () => ({}), { status: 'unsafe', rule: 'stale-read' });
    const worse = compared(safe, unsafe, 'verdict');
    expect(worse.changed[0]?.verdict).toMatchObject({ from: 'safe', to: 'unsafe (stale-read)', isWorse: true });
    expect(isFailed(worse)).toBe(true);
    const better = compared(unsafe, safe, 'verdict');
    expect(better.changed[0]?.verdict?.isWorse).toBe(false);
    expect(isFailed(better)).toBe(false);
    // What was never looked at may be unsafe; not to have looked is worse than safe.
    expect(isFailed(compared(threadDocument(), unsafe, 'verdict'))).toBe(true);
    expect(isFailed(compared(safe, threadDocument(), 'verdict'))).toBe(true);
  });

  it('lists cells that only one side has, and fails for missing ones where asked to', () => {
    const fewer = documentOf(threadCells().slice(2));
    const result = compared(threadDocument(), fewer, 'missing');
    expect(result.onlyBase).toHaveLength(2);
    expect(result.onlyHead).toEqual([]);
    expect(isFailed(result)).toBe(true);
    expect(isFailed(compared(threadDocument(), fewer, 'verdict'))).toBe(false);
    expect(isFailed(compared(fewer, threadDocument(), 'missing'))).toBe(false);
  });

  it('sees that a cell no longer has a result', () => {
    const cells: CellResult[] = [...threadCells()];
    cells[4] = { cell: threadCells()[4]?.cell ?? threadCell(), status: 'failed', reason: 'threw' };
    const result = compared(threadDocument(), documentOf(cells), 'missing');
    expect(result.changed[0]?.outcome).toMatchObject({ from: 'simulated', to: 'failed: threw', isWorse: true });
    expect(isFailed(result)).toBe(true);
  });

  it('holds a limit of the value against cells that have not changed', () => {
    const result = compared(threadDocument(), threadDocument(), '*.staleReads>0');
    expect(isFailed(result)).toBe(true);
    expect(
      result.changed.every(({ cell }) => cell.strategy === 'install-first-no-cmo' && cell.history === 'logging-first'),
    ).toBe(true);
    expect(result.changed).toHaveLength(3);
  });

  it('compares across the one thing in which two documents differ', () => {
    const [one] = [documentOf([okResult(threadCell())])];
    const strategy = compared(one, documentOf([okResult(threadCell({ strategy: 'full-population-check' }))]));
    expect(strategy.changed).toHaveLength(1);
    expect(strategy.differences).toEqual([{ text: 'strategy baseline → full-population-check', isWarning: false }]);
    const kernel = compared(one, documentOf([okResult(threadCell({ kernel: 'v5.11' }))]));
    expect(kernel.unchangedCells).toBe(1);
    expect(kernel.differences).toEqual([
      { text: 'kernel v5.12p1 → v5.11: a gain from another kernel is no gain', isWarning: true, isMismatch: true },
    ]);
  });
});

describe('what cannot be compared', () => {
  const mismatches = (base: ResultDocument, head: ResultDocument): readonly string[] =>
    compared(base, head).differences.flatMap(({ text, isMismatch }) => (isMismatch === true ? [text] : []));
  const withSeeds = (...seeds: readonly number[]): ResultDocument =>
    documentOf(seeds.map((seed) => okResult(threadCell({ seed }))));

  it('is another seed, or none in common', () => {
    expect(mismatches(withSeeds(1), withSeeds(2))).toEqual(['seed 1 → 2: a gain from another seed is no gain']);
    expect(mismatches(withSeeds(1, 2), withSeeds(3, 4, 5, 6))).toEqual(['seed 1, 2 → 3, 4, 5, …: no cell is in both']);
    expect(mismatches(withSeeds(1, 2), withSeeds(2))).toEqual([]);
  });

  it('is not another version, number of vCPUs or strategy', () => {
    const head = documentOf([okResult(threadCell({ vcpus: 40 }))], { tool: { name: 's2bench', version: '0.2.0' } });
    expect(mismatches(documentOf([okResult(threadCell())]), head)).toEqual([]);
  });
});

describe('code that is not the same', () => {
  const one = threadDocument();
  const [kernel] = one.kernels ?? [];
  const [workload] = one.workloads ?? [];
  const [strategy, ...others] = one.strategies;
  if (kernel === undefined || workload === undefined || strategy === undefined) throw new Error('nothing is noted');
  const hash = hashLike('another text');
  const told = (head: Partial<ResultDocument>, base: ResultDocument = one): unknown =>
    compared(base, { ...one, ...head }).differences;

  it('is told of a strategy, with its version, and is what one compares', () => {
    expect(told({ strategies: [{ ...strategy, hash }, ...others] })).toEqual([
      { text: 'strategy baseline: its code has changed', isWarning: false },
    ]);
    expect(told({ strategies: [{ ...strategy, hash, version: '0.2.0' }, ...others] })).toEqual([
      { text: 'strategy baseline 0.1.0 → 0.2.0: its code has changed', isWarning: false },
    ]);
    expect(told({ strategies: [{ ...strategy, version: '0.2.0' }, ...others] })).toEqual([
      { text: 'strategy baseline 0.1.0 → 0.2.0', isWarning: false },
    ]);
  });

  it('is told of a workload that is shipped, and is another experiment where it is of somebody else', () => {
    expect(told({ workloads: [{ ...workload, hash }] })).toEqual([
      { text: 'workload page-table-test: its code has changed, and perhaps what it does', isWarning: true },
    ]);
    expect(told({ workloads: [{ ...workload, hash, isShipped: false }] })).toMatchObject([{ isMismatch: true }]);
  });

  it('is another experiment where a kernel model of the same name is another one', () => {
    expect(told({ kernels: [{ ...kernel, hash }] })).toEqual([
      {
        text: 'kernel model v5.12p1 has changed: a gain from another kernel is no gain',
        isWarning: true,
        isMismatch: true,
      },
    ]);
  });

  it('is not told of documents that have no hashes', () => {
    const { hash: _kernel, ...oldKernel } = kernel;
    const { hash: _strategy, ...oldStrategy } = strategy;
    const { workloads: _workloads, ...old } = {
      ...one,
      kernels: [oldKernel],
      strategies: [oldStrategy, ...others],
    };
    expect(told({}, parseResultDocument(JSON.stringify(old), 'old.json'))).toEqual([]);
  });
});

describe('the titles', () => {
  const titles = (base: string, head: string, strategy = 'baseline'): readonly string[] => {
    const [one, other] = [documentOf([okResult(threadCell())]), documentOf([okResult(threadCell({ strategy }))])];
    const result = compareResults({ name: base, document: one }, { name: head, document: other });
    return [result.baseTitle, result.headTitle];
  };
  it('are names, and paths only where these would be alike', () => {
    expect(titles('runs/before.json', 'runs/after.json')).toEqual(['before', 'after']);
    expect(titles('reports/thread-2021', 'reports/thp/results.json')).toEqual(['thread-2021', 'thp']);
    expect(titles('one/a.json', 'other/a.json')).toEqual(['one/a.json', 'other/a.json']);
    expect(titles('a.json', 'b.json', 'mine')).toEqual(['baseline', 'mine']);
  });
});

describe('what differs besides', () => {
  const [profile] = threadDocument().profiles;
  const texts = (change: Partial<ResultDocument>): readonly string[] =>
    compared(threadDocument(), threadDocument(change)).differences.map(
      ({ text, isWarning }) => `${isWarning ? '! ' : ''}${text}`,
    );

  it('is said of the profile, with the costs that are others', () => {
    const costs = (profile?.costs ?? []).map((cost) => (cost.name === 'exit' ? { ...cost, value: 600 } : cost));
    const other = { ...(profile as NonNullable<typeof profile>), hash: 'f'.repeat(64) };
    expect(texts({ profiles: [{ ...other, costs }] })).toEqual([
      '! profile kunpeng920 has changed (exit 700 → 600): a gain from another profile is no gain',
    ]);
    expect(texts({ profiles: [other] })).toEqual([
      '! profile kunpeng920 has changed (its cores or features): a gain from another profile is no gain',
    ]);
    // A document that does not know its hash is held to the costs.
    expect(texts({ profiles: [{ ...other, hash: null }] })).toEqual([]);
    expect(texts({ profiles: [{ ...other, hash: null, costs }] })).toHaveLength(1);
  });

  it('is said of versions and stages', () => {
    expect(texts({ tool: { name: 's2bench', version: '0.2.0' } })).toEqual([
      '! s2bench 0.1.0 → 0.2.0: the model may have changed, not the strategies alone',
    ]);
    const strategies = threadDocument()
      .strategies.map((strategy) => ({ ...strategy, version: '0.3.0' }))
      .slice(0, 1);
    expect(texts({ strategies })).toEqual(['strategy baseline 0.1.0 → 0.3.0']);
  });
});
