import { BroadcastChannel } from 'node:worker_threads';
import type { CellResult } from '@s2bench/report/schema';
import type { Piscina } from 'piscina';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeJob } from '../../test/fixtures/fake-job.ts';
import type { CellJob } from '../plan/run-plan.ts';
import { runCells } from './cells.ts';
import { startPool } from './pool.ts';

const workerUrl = new URL('../../test/fixtures/fake-worker.ts', import.meta.url);
let pool: Piscina | undefined;

afterEach(() => pool?.destroy());

async function runAll(groups: CellJob[][], cellTimeoutS = 3600, abort = new AbortController()): Promise<CellResult[]> {
  pool = startPool({ jobs: 2, workerUrl, maxHeapMiB: 64 });
  const results: CellResult[] = [];
  await runCells(pool, groups, {
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
  /** One group, so that every cell but the first runs in a worker that follows a failure. */
  const group = (...names: string[]) => [
    names.map((strategy, index) => fakeJob(index, { strategy, vcpus: index + 1 })),
  ];

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
