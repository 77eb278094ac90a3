/** Several threads find what one finds, in the same order. */
import { describe, expect, it } from 'vitest';
import { matesFor } from '../../../test/mates.ts';
import { STRATEGIES } from '../../../test/searches.ts';
import { type VerifyResult, verifyWorld } from '../../verify-world.ts';
import type { World } from '../../world.ts';
import { crowd } from '../../worlds/crowd.ts';
import { partialTable } from '../../worlds/partial-table.ts';

/** What is found alone, and by several threads; without what it took. */
function both(name: string, world: World, mates: number, fromStates: number, maxStates = 1_000_000) {
  const strategy = STRATEGIES.find((each) => each.name === name);
  if (strategy === undefined) throw new Error(`there is no strategy ${name}`);
  const options = { history: 'logging-first', fwb: false, bounds: { maxStates } } as const;
  let started = 0;
  const company = matesFor(world, { strategy: name, options }, mates, fromStates);
  const counted = {
    ...company,
    start(...buffers: Parameters<typeof company.start>) {
      started++;
      company.start(...buffers);
    },
  };
  const alone = found(verifyWorld(strategy, world, options));
  const together = found(verifyWorld(strategy, world, { ...options, company: counted }));
  expect(started).toBe(1);
  return { alone, together };
}

function found({
  elapsedMs: _,
  bytesPerState: __,
  bytes: ___,
  ...result
}: VerifyResult & { readonly bytes?: number }): Partial<VerifyResult> {
  return result;
}

describe('several threads', () => {
  it('explore a world completely, from its first state on', () => {
    const { alone, together } = both('take-down-first', partialTable, 1, 1);
    expect(alone).toMatchObject({ verdict: 'safe', complete: true });
    expect(together).toEqual(alone);
  });

  it('come to the same counterexample after as many states', () => {
    const { alone, together } = both('install-first-no-clean', partialTable, 2, 1);
    expect(alone.verdict).toBe('unsafe');
    expect(together).toEqual(alone);
  });

  it('stop at the same state where a bound is met, though they come together in the middle of a level', () => {
    const { alone, together } = both('take-down-first', crowd, 2, 9000, 60_000);
    expect(alone).toMatchObject({ verdict: 'incomplete' });
    expect(alone.states).toBeGreaterThan(60_000);
    expect(together).toEqual(alone);
  });
});
