/** Nothing hangs on what makes the search fast: without it the verdicts are the same. */
import type { Strategy } from '@s2bench/core';
import { defineStrategy, NO_ENTRY } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { installFirstByIpa, installFirstNoClean, takeDownFirst } from '../test/specimens.ts';
import { replay } from './counterexample/counterexample.ts';
import { RULES } from './rules/index.ts';
import type { VerifyResult } from './verify-world.ts';
import { verifyWorld } from './verify-world.ts';
import type { Subject } from './subject.ts';
import type { World } from './world.ts';
import { PAGE_BYTES } from './world.ts';
import { partialTable } from './worlds/partial-table.ts';

/** Two vCPUs that do the same. */
const twins: World = {
  ...partialTable,
  name: 'twins',
  vcpus: [
    { caches: false, steps: ['r1'] },
    { caches: false, steps: ['r1'] },
  ],
};

/** Frees the old table while walks may still be in it; the flush comes, but too late. */
const freeBeforeFlush: Strategy = defineStrategy({
  ...takeDownFirst,
  name: 'free-before-flush',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.anchor = entry.id;
  },
  tablePost(entry, map) {
    if (map.anchor !== entry.id) return;
    map.freeTable(map.follow(entry));
    map.tlbiVmid();
    map.put(entry);
    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
});

/** Every page of the block by IPA, between two barriers: several TLBIs are under way at once. */
const byRange: Subject = {
  strategy: installFirstByIpa,
  below: (raw) => ({
    tablePre(entry, map) {
      if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
      const { address, sizeBytes } = entry;
      map.anchor = entry.id;
      map.followed = map.follow(entry);
      map.invalidate(entry);
      raw.barrier('ishst');
      for (let ipa = address; ipa < address + sizeBytes; ipa += PAGE_BYTES) raw.tlbiIpa(ipa, 0);
      raw.barrier('ish');
      map.clean(entry);
      map.install(entry);
    },
  }),
};

const STRATEGIES = [takeDownFirst, installFirstNoClean, installFirstByIpa, freeBeforeFlush];
const BOUNDS = { maxStates: 3_000_000 };

function found(what: Strategy | Subject, world: World, rule: string, reductions: object): VerifyResult {
  const rules = RULES.filter(({ name }) => name === rule);
  return verifyWorld(what, world, { history: 'logging-first', fwb: false, rules, reductions, bounds: BOUNDS });
}

describe.each(['break-before-make', 'walker-safety', 'data-coherency', 'stale-translation'])('%s', (rule) => {
  describe.each(STRATEGIES)('of $name', (strategy) => {
    it.each([partialTable, twins])('in $name is the same without each reduction', (world) => {
      const usual = found(strategy, world, rule, {});
      expect(usual.verdict).not.toBe('incomplete');
      for (const reductions of [{ symmetry: false, mergeQuiet: false }, { mayBeCached: false }]) {
        expect(found(strategy, world, rule, reductions).verdict, JSON.stringify(reductions)).toBe(usual.verdict);
      }
    });
  });
});

describe('several TLBIs before one barrier', () => {
  it.each(['break-before-make', 'walker-safety', 'stale-translation'])(
    'keep the rule %s, as a set and CPU by CPU',
    (rule) => {
      expect(found(byRange, twins, rule, {}).verdict).toBe('safe');
      expect(found(byRange, twins, rule, { mayBeCached: false }).verdict).toBe('safe');
    },
  );
});

describe('reductions', () => {
  it('leave fewer states, and never make a counterexample longer', () => {
    const usual = found(installFirstNoClean, partialTable, 'data-coherency', {});
    const every = found(installFirstNoClean, partialTable, 'data-coherency', { mayBeCached: false });
    expect(every.states).toBeGreaterThan(usual.states);
    expect(every.depth).toBeGreaterThanOrEqual(usual.depth);
  });

  it('halve the states of two like vCPUs', () => {
    const usual = found(takeDownFirst, twins, 'mapping', {});
    const without = found(takeDownFirst, twins, 'mapping', { symmetry: false });
    expect(usual.states).toBeLessThan(0.7 * without.states);
  });

  it('do not keep a counterexample from being run again', () => {
    const { counterexample } = found(installFirstByIpa, partialTable, 'break-before-make', { mayBeCached: false });
    if (counterexample === undefined) throw new Error('no counterexample');
    const rules = RULES.filter(({ name }) => name === 'break-before-make');
    const { steps } = replay(
      { subject: { strategy: installFirstByIpa }, world: partialTable, fwb: false, rules },
      counterexample,
    );
    expect(steps.at(-1)?.broken?.rule).toBe('break-before-make');
  });
});
