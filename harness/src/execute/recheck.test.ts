import type { CellResult } from '@s2bench/report/schema';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeJob, fakeResult } from '../../test/fixtures/fake-job.ts';
import { differenceOf, recheck } from './recheck.ts';
import { StrategyThreads } from './strategy-threads.ts';

const workerUrl = new URL('../../test/fixtures/fake-worker.ts', import.meta.url);
const GIB = 2 ** 30;
let threads: StrategyThreads | undefined;

afterEach(() => threads?.destroy());

describe('recheck', () => {
  it('runs the cheapest cell of each strategy that was simulated again, and says what differs', async () => {
    threads = new StrategyThreads({ jobs: 2, workerUrl });
    const jobs = [
      fakeJob(0, { vcpus: 2 }),
      fakeJob(1, { vcpus: 1, memoryBytes: GIB }),
      fakeJob(2, { strategy: 'throws-in-visitor' }),
      fakeJob(3, { strategy: 'prints', vcpus: 40 }),
    ];
    const results = new Map<number, CellResult>([
      [0, fakeResult()],
      // Not what it gives: it has a stage.
      [1, fakeResult({ vcpus: 1 })],
      [2, { cell: fakeJob(2).cell, status: 'failed', reason: 'no' }],
      [3, fakeResult({ vcpus: 40 })],
    ]);
    const options = { jobs: 2, cellTimeoutS: 600, signal: new AbortController().signal };
    const found = await recheck(threads, jobs, results, options);
    // The cell of 40 vCPUs was made smaller, and is not held against what it gave.
    expect([...found]).toEqual([['quiet', expect.stringMatching(/^ADJUST was nothing, then \{"timeNs":1000000\.1,/)]]);
  });
});

describe('differenceOf', () => {
  it('names the first thing that differs, and both values', () => {
    const result = { status: 'ok', stages: { ADJUST: { timeNs: 1, tlbi: { vmid: 2 } } } };
    expect(differenceOf(result, structuredClone(result))).toBeUndefined();
    const other = { status: 'ok', stages: { ADJUST: { timeNs: 1, tlbi: { vmid: 3 } } } };
    expect(differenceOf(result, other)).toBe('ADJUST.tlbi.vmid was 2, then 3');
    expect(differenceOf(result, { status: 'failed', reason: 'no' })).toBe('status was "ok", then "failed"');
    expect(differenceOf({ a: [1] }, { a: [1, 2] })).toBe('a.1 was nothing, then 2');
  });
});
