import { BroadcastChannel } from 'node:worker_threads';
import type { CellResult } from '@s2bench/report/schema';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeJob } from '../../test/fixtures/fake-job.ts';
import type { CellJob } from '../plan/run-plan.ts';
import type { Threads } from '../plugins/threads.ts';
import { runCells } from './cells.ts';
import { sharedThreads, startPool } from './pool.ts';
import { StrategyThreads } from './strategy-threads.ts';

const workerUrl = new URL('../../test/fixtures/fake-worker.ts', import.meta.url);
let threads: Threads | undefined;

afterEach(() => threads?.destroy());

async function runAll(
  groups: CellJob[][],
  cellTimeoutS = 3600,
  abort = new AbortController(),
  on: Threads = new StrategyThreads({ jobs: 2, workerUrl, maxHeapMiB: 64 }),
): Promise<CellResult[]> {
  threads = on;
  const results: CellResult[] = [];
  await runCells(threads, groups, {
    jobs: 2,
    cellTimeoutS,
    signal: abort.signal,
    onResult: (index, result) => {
      expect(results[index]).toBeUndefined();
      results[index] = result;
    },
  });
  return results;
}

const outcome = (result: CellResult | undefined) => (result?.status === 'failed' ? result.reason : result?.status);

describe('runCells', () => {
  const group = (...names: string[]) =>
    names.map((strategy, index) => [fakeJob(index, { strategy, vcpus: index + 1 })]);

  it('fails the cell whose strategy throws, exits or takes all memory, and no other', async () => {
    const results = await runAll(group('quiet', 'throws-in-visitor', 'exits', 'exhausts-heap', 'quiet'));
    expect(results.map(outcome)).toEqual([
      'ok',
      'strategy throws-in-visitor threw in tablePre: no such entry',
      'strategy exits: its worker ended: worker exited with code: 0',
      'strategy exhausts-heap: its worker ended: Worker terminated due to reaching memory limit: JS heap out of memory',
      'ok',
    ]);
  });

  it('fails the cell whose strategy changes what all code shares, puts it back, and fails no other', async () => {
    const results = await runAll([
      [fakeJob(0, { strategy: 'patches-map' }), fakeJob(1, { strategy: 'patches-map', vcpus: 3 })],
      [fakeJob(2)],
    ]);
    const reason = 'strategy patches-map changes Map.prototype.get, which all code shares';
    expect(results.map(outcome)).toEqual([reason, reason, 'ok']);
  });

  it('leaves a clean realm to the next strategy where two share a thread', async () => {
    const shared = sharedThreads(startPool({ jobs: 1, workerUrl }));
    const groups = [[fakeJob(0, { strategy: 'patches-map' })], [fakeJob(1)]];
    const results = await runAll(groups, 3600, new AbortController(), shared);
    expect(results.map(outcome)).toEqual([expect.stringContaining('changes Map.prototype.get'), 'ok']);
  });

  it('stops a cell that runs too long, and no other', async () => {
    const results = await runAll(group('loops-in-visitor', 'quiet'), 0.5);
    expect(results.map(outcome)).toEqual([
      'strategy loops-in-visitor: stopped after 2 s in which it used less than 0.5 s of CPU time (--cell-timeout)',
      'ok',
    ]);
  });

  it('stops at a signal, with its reason', async () => {
    const abort = new AbortController();
    const visits = new BroadcastChannel('loops-in-visitor');
    visits.onmessage = () => abort.abort(new Error('enough'));
    try {
      const running = runAll([[fakeJob(0, { strategy: 'loops-in-visitor' })]], 3600, abort);
      await expect(running).rejects.toThrow('enough');
    } finally {
      visits.close();
    }
  });
});
