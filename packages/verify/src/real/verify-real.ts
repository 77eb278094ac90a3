/** One strategy in tables of real size: one coalesce for each population, judged as it runs. */
import { EAGAIN, OK, type Strategy } from '@s2bench/core';
import { IgnoreEffects, isTranslated, makeGeometry } from '@s2bench/core/stage2';
import { kernelModelOf, MemoryCache, pageTableCode, stage2TableOf } from '@s2bench/kernel';
import { type Architecture, STRICTEST } from '../hardware/architecture.ts';
import { VERIFIED_KERNEL } from '../kernel/rig.ts';
import type { RuleName } from '../rules/rule.ts';
import type { VerifyResult } from '../verify-world.ts';
import { CoalesceJudge, type RealFinding } from './coalesce-judge.ts';
import { everyCountOf, type Population, populationsOf } from './populations.ts';
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
/** Guest addresses begin at the fourth block, and memory at the ninth, so that an address that was lost shows. */
const GUEST_BLOCK = 3;
const HOST_BLOCK = 8;
const IPA_BITS = 40;

/**
 * Judges a strategy in a real table.
 *
 * @throws RangeError where there is no such kernel model
 */
export function verifyReal(strategy: Strategy, world: RealWorld, options: RealOptions): VerifyResult {
  const begin = performance.now();
  const { fwb, arch = STRICTEST, kernel = VERIFIED_KERNEL, rules } = options;
  const populations = populationsIn(world);
  let actions = 0;
  let found: (RealFinding & { readonly population: string }) | undefined;
  let judged = 0;
  for (const population of populations) {
    const run = coalesce(strategy, world, population, { fwb, arch, kernel });
    actions += run.actions;
    judged++;
    if (run.finding === undefined || rules?.includes(run.finding.rule) === false) continue;
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

/** For a block over two levels, an entry of the upper table is a lower table with one page, at its begin or its end. */
interface PlacedPopulation extends Population {
  /** What a valid entry is. */
  readonly entry: 'page' | 'table-first' | 'table-last' | 'table-full' | 'block';
}

/** Up to so many entries, in one table alone, every count is met: it takes a fraction of a second. */
const MOST_FOR_EVERY_COUNT = 512;

function populationsIn({ level, pageSizeBytes }: RealWorld): PlacedPopulation[] {
  const entries = pageSizeBytes / 8;
  const isEvery = level === 2 && entries <= MOST_FOR_EVERY_COUNT;
  const all = isEvery ? everyCountOf(entries) : populationsOf(entries);
  if (level === 2) return all.map((population) => ({ ...population, entry: 'page' }));
  const kinds = ['table-first', 'table-last', 'block'] as const;
  // Of the upper table every pattern is met; what its entries are is told apart by one pattern in four.
  const upper = kinds.flatMap((entry, kind) =>
    all
      .filter((_, at) => kind === 0 || at % 4 === 0)
      .map((population) => ({ ...population, name: `${population.name} of ${entry}`, entry })),
  );
  // Full lower tables have many pages: beside a hole above them, and beside each other.
  const full = all.filter(({ name }) => ['first-1', 'first-2', 'only-511'].includes(name));
  return [
    ...upper,
    ...full.map((population) => ({
      ...population,
      name: `${population.name} of table-full`,
      entry: 'table-full' as const,
    })),
  ];
}

/** A fault's walk that holds the lock alone. */
const WALK = { shared: false, fault: true, pagesOnly: false };

function coalesce(
  strategy: Strategy,
  { pageSizeBytes, level }: RealWorld,
  population: PlacedPopulation,
  { fwb, arch, kernel: kernelName }: Required<Pick<RealOptions, 'fwb' | 'arch' | 'kernel'>>,
): { finding: RealFinding | undefined; actions: number } {
  const geometry = makeGeometry(pageSizeBytes, IPA_BITS);
  const kernel = kernelModelOf(kernelName);
  const table = stage2TableOf(kernel, { geometry, fwb, effects: new IgnoreEffects() });
  const blockBytes = geometry.granuleBytes[level];
  const range = { ipa: GUEST_BLOCK * blockBytes, pa: HOST_BLOCK * blockBytes, pages: blockBytes / pageSizeBytes };
  const judge = new CoalesceJudge(table, range, fwb, arch);
  table.effects = judge;
  const code = pageTableCode(table, kernel, strategy);
  const map = (offset: number, sizeBytes: number): number =>
    code.map(range.ipa + offset, sizeBytes, range.pa + offset, PROTECTION, new MemoryCache(Infinity), WALK);
  // Where the abort handler cleans, it has done so for each fault before its map.
  if (kernel.cleanSite === 'abort-handler') judge.cleanAll();
  populate(population, geometry.granuleBytes[(level + 1) as 2 | 3], pageSizeBytes, map);
  judge.begin();
  let rc = map(0, blockBytes);
  if (rc === EAGAIN) rc = map(0, blockBytes);
  // Nobody else walks: a grace period ends at once.
  code.endGracePeriod();
  judge.end();
  const first = isTranslated(table, range.ipa);
  const stuck =
    rc !== OK && !first
      ? { rule: 'progress' as const, text: `the map ends with errno ${Math.abs(rc)}`, action: 0 }
      : undefined;
  return { finding: judge.finding ?? stuck, actions: judge.actions };
}

/** Maps what is valid before, in as few calls as there are ranges. */
function populate(
  { ranges, entry }: PlacedPopulation,
  entryBytes: number,
  pageSizeBytes: number,
  map: (offset: number, sizeBytes: number) => number,
): void {
  const each = (use: (offset: number) => void): void => {
    for (const [first, behind] of ranges) for (let at = first; at < behind; at++) use(at * entryBytes);
  };
  if (entry === 'page') {
    for (const [first, behind] of ranges) {
      // In two calls, since one for all of a table's range would be a block.
      map(first * entryBytes, entryBytes);
      if (behind > first + 1) map((first + 1) * entryBytes, (behind - first - 1) * entryBytes);
    }
  } else if (entry === 'block') each((offset) => map(offset, entryBytes));
  else if (entry === 'table-first') each((offset) => map(offset, pageSizeBytes));
  else if (entry === 'table-last') each((offset) => map(offset + entryBytes - pageSizeBytes, pageSizeBytes));
  else
    each((offset) => {
      map(offset, pageSizeBytes);
      map(offset + pageSizeBytes, entryBytes - pageSizeBytes);
    });
}
