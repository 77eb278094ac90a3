import { BroadcastChannel } from 'node:worker_threads';
import { RULE_NAMES, VERIFIED_KERNEL, worldOf } from '@s2bench/verify';
import { afterEach, describe, expect, it } from 'vitest';
import { strategyPath } from '../../test/fixtures/program.ts';
import type { Explored, WorldTask } from '../plan/verify-plan.ts';
import { runTasks, type RunTasksOptions, sharedThreads, startPool } from './pool.ts';
import type { Threads } from '../plugins/threads.ts';

let threads: Threads | undefined;

afterEach(() => threads?.destroy());

function taskOf(name: string): WorldTask {
  const url = new URL(`file://${strategyPath(name)}`).href;
  const setting = { world: worldOf('unaligned'), history: 'logging-first', fwb: true } as const;
  // No block is ever asked for in this world: a visitor for tables is called, and has nothing to do.
  return {
    subject: { kind: 'strategy', name, url },
    ...setting,
    kernel: VERIFIED_KERNEL,
    rules: RULE_NAMES,
    bounds: {},
    everyRule: false,
  };
}

type Options = Partial<Pick<RunTasksOptions<WorldTask, Explored>, 'isMoot' | 'signal'>>;

/** Explores with each of the fixtures; what is found, or why nothing is. */
async function runAll(names: readonly string[], options: Options = {}): Promise<Record<string, string>> {
  threads = sharedThreads(startPool({ jobs: 2, maxHeapMiB: 64 }));
  const ends: Record<string, string> = {};
  await runTasks<WorldTask, Explored>(threads, names.map(taskOf), {
    entry: 'explore',
    jobs: 2,
    signal: new AbortController().signal,
    ...options,
    onEnd: ({ subject: { name } }, end) => {
      if (!end.ok) ends[name] = end.problem;
      else ends[name] = end.outcome.ok ? end.outcome.results.map(({ verdict }) => verdict).join() : end.outcome.problem;
    },
  });
  return ends;
}

describe('runTasks', () => {
  it('ends the task whose strategy throws, exits, hangs or takes all memory, and no other', async () => {
    expect(await runAll(['quiet', 'throws-in-visitor', 'exits', 'exhausts-heap', 'loops-in-visitor'])).toEqual({
      quiet: 'safe',
      'throws-in-visitor': 'strategy throws-in-visitor throws: no such entry',
      exits: 'its worker ended: worker exited with code: 0',
      'exhausts-heap': 'its worker ended: Worker terminated due to reaching memory limit: JS heap out of memory',
      'loops-in-visitor': 'a visitor did not return within 5 s',
    });
  });

  it('leaves out what has become moot', async () => {
    const isMoot = ({ subject }: WorldTask): boolean => subject.name === 'throws-in-visitor';
    expect(await runAll(['quiet', 'throws-in-visitor'], { isMoot })).toEqual({ quiet: 'safe' });
  });

  it('stops at a signal, with its reason', async () => {
    const abort = new AbortController();
    const visits = new BroadcastChannel('loops-in-visitor');
    visits.onmessage = () => abort.abort(new Error('enough'));
    try {
      await expect(runAll(['loops-in-visitor'], { signal: abort.signal })).rejects.toThrow('enough');
    } finally {
      visits.close();
    }
  });
});
