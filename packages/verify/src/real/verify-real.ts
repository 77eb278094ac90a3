/** One strategy in tables of real size: one coalesce for each population, judged as it runs. */
import { EAGAIN, type Strategy } from '@s2bench/core';
import { IgnoreEffects, makeGeometry } from '@s2bench/core/stage2';
import { kernelModelOf, MemoryCache, pageTableCode, stage2TableOf } from '@s2bench/kernel';
import { type Architecture, STRICTEST } from '../hardware/architecture.ts';
import { VERIFIED_KERNEL } from '../kernel/rig.ts';
import type { RuleName } from '../rules/rule.ts';
import type { VerifyResult } from '../verify-world.ts';
import { CoalesceJudge, type CoalesceJudging, type RealFinding } from './coalesce-judge.ts';
import { IPA_BITS, type PlacedPopulation, placedPopulationsOf, populate, type Rights } from './placed-populations.ts';
import type { RealWorld } from './real-worlds.ts';

/** Options of a verification in real tables. */
export interface RealOptions {
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  /** The hardware; left out: the strictest. What only others can notice, as late write-backs, a coalesce by one CPU does not show. */
  readonly arch?: Architecture;
  /** Kernel model, options after a `?`; left out: the one in which strategies are verified. */
  readonly kernel?: string;
  /** Rules that are held; left out: all that one CPU alone can break. */
  readonly rules?: readonly RuleName[];
}

const PROTECTION = { read: true, write: true, execute: false, device: false };
const READ_ONLY = { ...PROTECTION, write: false };
/** One call after the other. */
const MIXED = [READ_ONLY, { ...READ_ONLY, execute: true }, PROTECTION] as const;
const BEFORE: Readonly<Record<Rights, readonly (typeof PROTECTION)[]>> = {
  writable: [PROTECTION],
  'read-only': [READ_ONLY],
  mixed: MIXED,
};

/**
 * Judges a strategy in a real table.
 *
 * @throws RangeError where there is no such kernel model
 */
export function verifyReal(strategy: Strategy, world: RealWorld, options: RealOptions): VerifyResult {
  const begin = performance.now();
  const { fwb, arch = STRICTEST, kernel = VERIFIED_KERNEL, rules } = options;
  const populations = placedPopulationsOf(world);
  let actions = 0;
  let found: (RealFinding & { readonly population: string }) | undefined;
  let judged = 0;
  for (const population of populations) {
    const run = coalesce(strategy, world, population, { fwb, arch, rules, kernel });
    actions += run.actions;
    judged++;
    if (run.finding === undefined) continue;
    found = { ...run.finding, population: population.name };
    break;
  }
  return {
    strategy: strategy.name,
    world: world.name,
    history: 'logging-first',
    fwb,
    arch: arch.name,
    kernel,
    ...(found === undefined
      ? { verdict: 'safe' }
      : {
          verdict: 'unsafe',
          rule: found.rule,
          finding: `population ${found.population}: ${found.text}`,
          foundAt: { population: found.population, action: found.action, what: found.text },
        }),
    coalesces: [
      `level ${world.level} in a table of ${sizeText(world)}; ${judged} populations of ${populations.length}`,
    ],
    states: judged,
    transitions: actions,
    depth: 0,
    complete: found === undefined,
    bounds: { maxStates: populations.length, maxSeconds: 0, maxBytes: 0 },
    bytesPerState: 0,
    elapsedMs: performance.now() - begin,
  };
}

function sizeText({ pageSizeBytes }: RealWorld): string {
  return `${pageSizeBytes / 8} entries, pages of ${pageSizeBytes / 1024}K`;
}

/** A fault's walk that holds the lock alone. */
const WALK = { shared: false, fault: true, pagesOnly: false };

function coalesce(
  strategy: Strategy,
  { pageSizeBytes, level }: RealWorld,
  population: PlacedPopulation,
  { kernel: kernelName, ...judging }: CoalesceJudging & { readonly kernel: string },
): { finding: RealFinding | undefined; actions: number } {
  const geometry = makeGeometry(pageSizeBytes, IPA_BITS);
  const kernel = kernelModelOf(kernelName);
  const table = stage2TableOf(kernel, { geometry, fwb: judging.fwb, tlbRange: true, effects: new IgnoreEffects() });
  const blockBytes = geometry.granuleBytes[level];
  const { guestBlock, hostBlock } = population;
  const range = { ipa: guestBlock * blockBytes, pa: hostBlock * blockBytes, pages: blockBytes / pageSizeBytes };
  const judge = new CoalesceJudge(table, range, judging);
  table.effects = judge;
  const code = pageTableCode(table, kernel, strategy);
  const map = (offset: number, sizeBytes: number, protection = PROTECTION): number =>
    code.map(range.ipa + offset, sizeBytes, range.pa + offset, protection, new MemoryCache(Infinity), WALK);
  const before = BEFORE[population.rights];
  let calls = 0;
  // Where the abort handler cleans, it has done so for each fault before its map.
  if (kernel.cleanSite === 'abort-handler') judge.cleanAll();
  populate(population, geometry.granuleBytes[(level + 1) as 2 | 3], pageSizeBytes, (offset, sizeBytes) =>
    map(offset, sizeBytes, before[calls++ % before.length]),
  );
  judge.begin();
  let rc = map(0, blockBytes);
  if (rc === EAGAIN) rc = map(0, blockBytes);
  // Nobody else walks: a grace period ends at once.
  code.endGracePeriod();
  judge.end(rc, PROTECTION);
  return { finding: judge.finding, actions: judge.actions };
}
