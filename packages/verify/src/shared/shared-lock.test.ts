/** Sections that share mmu_lock, interleaved at every action. */
import { defineStrategy, EAGAIN, type Strategy } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { replay } from '../counterexample/counterexample.ts';
import { renderCounterexample } from '../counterexample/render.ts';
import { RULES } from '../rules/index.ts';
import { verifyWorld, type VerifyResult } from '../verify-world.ts';
import type { World } from '../world.ts';
import { emptiedTable } from '../worlds/model-flaws.ts';

const KERNEL = 'v6.12';

/** Two vCPUs on one block: both fault on a hole when logging is off. */
const meeting: World = {
  name: 'meeting',
  purpose: 'two vCPUs make one block of one table',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', '@1', 'r1'] },
    { caches: false, steps: ['@1', 'r2'] },
  ],
  host: [{ do: 'logging', on: false }],
};

/** What v6.2 and later do at a coalesce, or do not. */
function coalesces({ flushes = true, waits = true, wins = true }, name = 'specimen'): Strategy {
  return defineStrategy({
    name,
    summary: 'the order of v6.2',
    source: 'of this test',
    walkers: ['v6'],
    v6: {
      tablePre(entry, map) {
        if (!map.leafAllowed(entry)) return undefined;
        const table = map.childOf(entry);
        if (!map.trySet(entry) && wins) return EAGAIN;
        if (flushes) map.flush(entry);
        map.put(entry);
        map.clean(entry);
        map.make(entry);
        if (waits) map.freeUnlinked(table, entry.level);
        else map.dropTable(table);
        return undefined;
      },
    },
  });
}

const explored = (strategy: Strategy, world = meeting, more = {}): VerifyResult =>
  verifyWorld(strategy, world, { history: 'logging-first', fwb: false, kernel: KERNEL, ...more });

describe('sections that share mmu_lock', () => {
  it('are safe where each entry is won, flushed, made and left to a grace period', () => {
    expect(explored(coalesces({}))).toMatchObject({ verdict: 'safe', complete: true, kernel: KERNEL });
  });

  it.each([
    ['accounting', { wins: false }],
    ['break-before-make', { flushes: false }],
  ])('break %s with %o', (rule, parts) => {
    expect(explored(coalesces(parts))).toMatchObject({ verdict: 'unsafe', rule });
  });

  it('are told apart in a counterexample, which can be run again', () => {
    const strategy = coalesces({ wins: false });
    const { counterexample } = explored(strategy);
    if (counterexample === undefined) throw new Error('no counterexample');
    const text = renderCounterexample(counterexample, { columns: 200 });
    for (const words of ['takes the read side of mmu_lock', 'exchanges root[0] for locked', 'put_page(root)'])
      expect(text).toContain(words);
    const again = replay({ subject: { strategy }, world: meeting, fwb: false, rules: RULES }, counterexample);
    expect(again.document).toEqual(counterexample);
  });

  it('meet in the same verdicts and as short where quiet actions are turns of their own', () => {
    for (const parts of [{}, { wins: false }, { flushes: false }, { waits: false }]) {
      const merged = explored(coalesces(parts));
      const single = explored(coalesces(parts), meeting, { reductions: { mergeQuiet: false } });
      expect([single.verdict, single.rule]).toEqual([merged.verdict, merged.rule]);
      expect(single.states).toBeGreaterThan(merged.states);
    }
  });

  it('know a strategy that remembers', () => {
    let calls = 0;
    const forgetful = defineStrategy({
      ...coalesces({}, 'forgetful'),
      v6: {
        leaf: (entry, map) => (calls++ % 7 === 3 ? EAGAIN : map.mapLeaf(entry)),
      },
    });
    expect(() => explored(forgetful)).toThrow(/^strategy forgetful is not hermetic: /);
  });

  it('know a strategy that catches what stops it', () => {
    const catcher = defineStrategy({
      ...coalesces({}, 'catcher'),
      v6: {
        leaf(entry, map) {
          try {
            return map.mapLeaf(entry);
          } catch {
            return EAGAIN;
          }
        },
      },
    });
    expect(() => explored(catcher)).toThrow(/was caught in a lock section; it must be let through$/);
  });
});

describe('the notifier beside them', () => {
  it('has the lock alone, and unlinks a table without a hint', () => {
    expect(explored(coalesces({}), emptiedTable)).toMatchObject({ verdict: 'safe', complete: true });
  });
});
