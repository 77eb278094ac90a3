/** What is searched with and without that which makes the search fast. */
import type { Strategy } from '@s2bench/core';
import { defineStrategy, NO_ENTRY } from '@s2bench/core';
import { RULES } from '../src/rules/index.ts';
import type { Subject } from '../src/subject.ts';
import type { VerifyResult } from '../src/verify-world.ts';
import { verifyWorld } from '../src/verify-world.ts';
import type { World } from '../src/world.ts';
import { PAGE_BYTES } from '../src/world.ts';
import { partialTable } from '../src/worlds/partial-table.ts';
import { installFirstByIpa, installFirstNoClean, takeDownFirst } from './specimens.ts';

/** Two vCPUs that do the same. */
export const twins: World = {
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
export const byRange: Subject = {
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
      raw.tlbiStage1();
      raw.barrier('ish');
      map.clean(entry);
      map.install(entry);
    },
  }),
};

/** Three that break a rule here or there, and one that breaks none. */
export const STRATEGIES = [takeDownFirst, installFirstNoClean, installFirstByIpa, freeBeforeFlush];
const BOUNDS = { maxStates: 3_000_000 };

/** Rules that hang on what the hardware may have cached. */
export const CACHE_RULES = ['break-before-make', 'walker-safety', 'data-coherency', 'stale-translation'];

/** Searches for one broken rule. */
export function found(what: Strategy | Subject, world: World, rule: string, reductions: object): VerifyResult {
  const rules = RULES.filter(({ name }) => name === rule);
  return verifyWorld(what, world, { history: 'logging-first', fwb: false, rules, reductions, bounds: BOUNDS });
}
