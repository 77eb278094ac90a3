/** The conformance of hooks where logging changes, as a Vitest suite. */
import { isHookAlone, type Strategy, withHooks, whyNoHook } from '@s2bench/core';
import { HOOK_WORLDS, isRealTable } from '@s2bench/verify';
import { checkMetadata } from './aspects/metadata.ts';
import { checkWorld } from './aspects/safety.ts';
import type { ConformanceOptions } from './options.ts';
import { fillOptions } from './options.ts';
import type { Finding } from './finding.ts';
import { guardContract } from './guard-contract.ts';
import { TAKE_DOWN_FIRST } from './reference.ts';
import { reportOf } from './report.ts';
import { loadVitest, requireRun } from './runner.ts';

const { describe, it } = await loadVitest();

/** For hangs alone: Vitest's own five seconds would fail a good hook on a busy machine. */
const HANGS = { timeout: 120_000 };

/**
 * Hooks beside the plainest strategy: what is found there is the hooks'.
 *
 * @throws TypeError where a plugin has no hook
 */
export function besideReference(hook: Strategy): Strategy {
  if (!isHookAlone(hook)) throw new TypeError(`${hook.name} has no hooks, or visitors beside them: see testStrategy`);
  const safe = { ...TAKE_DOWN_FIRST, expects: 'safe' } as const;
  const isFor = (where: 'start' | 'stop'): Strategy | undefined =>
    whyNoHook(hook, where) === undefined ? hook : undefined;
  return withHooks(safe, { start: isFor('start'), stop: isFor('stop') });
}

/**
 * Declares the suite for a plugin that has hooks and no visitors: it keeps to the contract, and breaks no rule but those that
 * it expects to break, beside guests that fault, in all orders. Call it at the top level of a test file.
 *
 * @param options - `worlds` are explored beside those that are made for hooks; tables of real size have no logging, and are left out
 * @throws RunnerError where Vitest does not run the file
 */
export function testHook(hook: Strategy, options: ConformanceOptions = {}): void {
  requireRun();
  const { worlds } = fillOptions(options);
  describe(`hook ${hook.name}`, () => {
    it('describes itself', () => expectNothing(hook, checkMetadata(hook)));
    it.each([...HOOK_WORLDS, ...worlds.filter((world) => !isRealTable(world))])(
      'keeps to the contract, and to the rules in world $name',
      HANGS,
      (world) => {
        const guarded = guardContract(besideReference(hook));
        expectNothing(hook, checkWorld(guarded, world));
      },
    );
  });
}

function expectNothing(hook: Strategy, findings: readonly Finding[]): void {
  if (findings.length > 0) throw new Error(findings.map((finding) => reportOf(hook, finding)).join('\n\n'));
}
