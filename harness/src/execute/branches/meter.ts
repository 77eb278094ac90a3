/**
 * Counts which branches of a strategy a worker takes, by V8's own block coverage.
 *
 * V8 counts in what it compiles from then on. The explorer is warmed up before, so that its inner loop has no counters:
 * with them it takes three times as long. Code that comes out of a compile cache has none either, so a worker that counts
 * does without one.
 */
import { type Profiler, Session } from 'node:inspector';
import { REAL_WORLDS, SMALL_WORLDS, verifyReal, verifyWorld } from '@s2bench/verify';
import type { Strategy } from '@s2bench/core';
import { modulesOf } from '../../plugins/modules.ts';
import { withoutSearch } from '../../plugins/realms.ts';
import { type Branch, branchText } from '../../plan/branch.ts';
import { Branches } from './branches.ts';

/** States of each world that warm the explorer up. */
const WARM_STATES = 4000;
/** Marks the copy of a strategy that it is warmed up with: its counts are nobody's. */
const WARM_SEARCH = '?warm-up';

/** Starts counting, once the explorer is warm. No strategy may be loaded before. */
export async function startCounting(): Promise<void> {
  const url = import.meta.resolve('@s2bench/strategy-install-first-uniform-cmo') + WARM_SEARCH;
  const { default: strategy } = (await import(url)) as { default: Strategy };
  for (const world of SMALL_WORLDS) {
    const [history] = world.histories;
    if (history !== undefined)
      verifyWorld(strategy, world, { history, fwb: false, bounds: { maxStates: WARM_STATES } });
  }
  const [real] = REAL_WORLDS;
  if (real !== undefined) verifyReal(strategy, real, { fwb: false });
  session.connect();
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
}

const session = new Session();

/** Asks the inspector of this thread, which answers at once. */
function post(method: 'Profiler.enable' | 'Profiler.startPreciseCoverage', parameters?: object): void {
  session.post(method, parameters, (error) => {
    if (error !== null) throw error;
  });
}

function take(): readonly Profiler.ScriptCoverage[] {
  let taken: readonly Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error;
    taken = result;
  });
  return taken;
}

/** What this worker knows of a strategy under one kernel model. */
interface Account {
  readonly branches: Branches;
  untaken: readonly Branch[] | undefined;
}

const accounts = new Map<string, Account>();
let last = '';

/**
 * The branches that this worker has not taken for a strategy since it began.
 *
 * @param entryUrl - the strategy's module with its options
 * @param kernel - kernel model: each has its own account
 * @param run - what runs it
 */
export function counted<T>(entryUrl: string, kernel: string, run: () => T): [T, readonly Branch[]] {
  const key = `${entryUrl} ${kernel}`;
  // What was counted for another is not this one's, though they may share their code.
  if (last !== key) take();
  last = key;
  const done = run();
  let account = accounts.get(key);
  if (account === undefined)
    accounts.set(key, (account = { branches: new Branches(modulesOf(entryUrl)), untaken: undefined }));
  if (account.untaken?.length !== 0) {
    const now = account.branches.untaken(take(), isOf);
    account.untaken = account.untaken === undefined ? now : both(account.untaken, now);
  }
  return [done, account.untaken];
}

function isOf(script: string, url: string): boolean {
  return withoutSearch(script) === url && !script.endsWith(WARM_SEARCH);
}

function both(before: readonly Branch[], now: readonly Branch[]): Branch[] {
  const texts = new Set(now.map(branchText));
  return before.filter((branch) => texts.has(branchText(branch)));
}
