/**
 * There are two ways to know what TLBs and walkers may hold: the explorer's, a set of entries that is exact and slow, and that of
 * real tables, one byte a page. They are of one mind on every coalesce that the contract lets one write: those that are drawn here
 * run once on a table of four entries a page, and both judges listen.
 */
import {
  defineStrategy,
  LEVEL_UNKNOWN,
  type MapOperation,
  NO_ENTRY,
  NO_TABLE,
  SKIP_BELOW,
  type Strategy,
} from '@s2bench/core';
import { IgnoreEffects, type Stage2Table, teeEffects } from '@s2bench/core/stage2';
import { kernelModelOf, MemoryCache, pageTableCode, stage2TableOf } from '@s2bench/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExplorerJudge } from '../../test/explorer-judge.ts';
import { type Architecture, LENIENT, STRICTEST } from '../hardware/architecture.ts';
import type { RuleName } from '../rules/rule.ts';
import { makeSmallGeometry } from '../small-geometry.ts';
import { PAGE_BYTES } from '../world.ts';
import { CoalesceJudge } from './coalesce-judge.ts';

/** A TLBI: of the VMID; of the entry, or of leaves below it, with a hint; of a range of quarters of the block. */
type Flush =
  | { readonly by: 'vmid' }
  | { readonly by: 'entry' | 'leaves' | 'valid-leaves'; readonly hint: number | undefined }
  | { readonly by: 'range'; readonly from: number; readonly quarters: number };

/** What a coalesce does, in the order of its parts. */
interface Coalesce {
  /** Before the walk goes below the entry. */
  readonly begin: readonly ('invalidate' | 'install' | 'free' | Flush)[];
  /** Each leaf below, valid ones alone: `undefined` leaves it. */
  readonly leaf: { readonly invalidates: boolean; readonly hint: number | undefined } | undefined;
  /** At each table below, and at the entry itself. */
  readonly unlink: Flush | undefined;
}

const hint = fc.constantFrom(undefined, LEVEL_UNKNOWN, 1, 2, 3);
const flush: fc.Arbitrary<Flush> = fc.oneof(
  fc.constant<Flush>({ by: 'vmid' }),
  fc.record({ by: fc.constantFrom('entry' as const, 'leaves' as const, 'valid-leaves' as const), hint }),
  fc.record({
    by: fc.constant('range' as const),
    from: fc.nat({ max: 3 }),
    quarters: fc.integer({ min: 1, max: 4 }),
  }),
);
const coalesce: fc.Arbitrary<Coalesce> = fc.record({
  begin: fc
    .tuple(
      fc.array(flush, { maxLength: 1 }),
      fc.boolean(),
      fc.array(flush, { maxLength: 2 }),
      fc.constantFrom([], ['install' as const], ['install' as const, 'free' as const], ['free' as const]),
    )
    .map(([before, breaks, after, end]) => [...before, ...(breaks ? (['invalidate'] as const) : []), ...after, ...end]),
  leaf: fc.option(fc.record({ invalidates: fc.boolean(), hint }), { nil: undefined }),
  unlink: fc.option(flush, { nil: undefined }),
});

/** On hardware on which the judge of real tables is of an opinion: one CPU acts, so late stores and write-backs say nothing. */
const HARDWARE: readonly Architecture[] = [
  STRICTEST,
  { ...STRICTEST, name: 'ttl=lenient', ttl: 'lenient' },
  { ...STRICTEST, name: 'bbm=2', bbm: 2 },
  LENIENT,
];

const setting = fc.record({
  coalesce,
  levels: fc.constantFrom(2 as const, 3 as const),
  /** Of 16 pages those that are mapped before. */
  mapped: fc.uniqueArray(fc.nat({ max: 15 }), { minLength: 1, maxLength: 6 }),
  arch: fc.constantFrom(...HARDWARE),
});

function flushed(how: Flush, entry: Parameters<MapOperation['tlbiIpa']>[0], table: number, map: MapOperation): void {
  if (how.by === 'vmid') map.tlbiVmid();
  else if (how.by === 'range') {
    const quarter = entry.sizeBytes / 4;
    map.tlbiRange(entry.address + how.from * quarter, how.quarters * quarter);
  } else if (how.by === 'entry') map.tlbiIpa(entry, how.hint);
  else
    map.walkLeaves(table, (leaf) => {
      if (how.by === 'leaves' || leaf.valid) map.tlbiIpa(leaf, how.hint);
    });
}

/** A strategy that does it. What it breaks of counts and contents is not asked. */
function strategyOf({ begin, leaf, unlink }: Coalesce): Strategy {
  return defineStrategy({
    name: 'drawn',
    summary: 'a coalesce that was drawn',
    source: 'this test',
    needs: { bbmLevel: 2 },
    tablePre(entry, map) {
      if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
      const table = map.follow(entry);
      map.anchor = entry.id;
      map.followed = table;
      for (const part of begin) {
        if (part === 'invalidate') map.invalidate(entry);
        else if (part === 'install') map.install(entry);
        else if (part === 'free') map.freeBelow(table);
        else flushed(part, entry, table, map);
      }
      return begin.includes('free') ? SKIP_BELOW : undefined;
    },
    leaf(entry, map) {
      if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
      if (!entry.valid) return undefined;
      if (leaf?.invalidates === true) map.invalidate(entry);
      if (leaf !== undefined) map.tlbiIpa(entry, leaf.hint);
      map.put(entry);
      return undefined;
    },
    tablePost(entry, map) {
      if (map.anchor === NO_ENTRY) return;
      const isTop = map.anchor === entry.id;
      const table = isTop ? map.followed : map.follow(entry);
      if (!isTop && entry.valid) map.invalidate(entry);
      if (unlink !== undefined) flushed(unlink, entry, table, map);
      map.freeTable(table);
      if (!isTop) {
        map.put(entry);
        return;
      }
      map.anchor = NO_ENTRY;
      map.followed = NO_TABLE;
    },
  });
}

const PROTECTION = { read: true, write: true, execute: false, device: false };
const WALK = { shared: false, fault: true, pagesOnly: false };
const BLOCK = 1;

interface Verdicts {
  readonly real: RuleName | undefined;
  readonly explorer: RuleName | undefined;
}

/** The first rule about TLBs and walkers that a coalesce breaks, by each of the judges; `undefined` where it cannot be done. */
function verdictsOn(
  strategy: Strategy,
  drawn: { levels: 2 | 3; mapped: readonly number[]; arch: Architecture },
): Verdicts | undefined {
  const { levels, mapped, arch } = drawn;
  const geometry = makeSmallGeometry(levels);
  const pages = levels === 2 ? 4 : 16;
  const kernel = kernelModelOf('v5.12p1');
  const table: Stage2Table = stage2TableOf(kernel, {
    geometry,
    fwb: true,
    tlbRange: true,
    effects: new IgnoreEffects(),
  });
  const range = { ipa: BLOCK * pages * PAGE_BYTES, pa: 2 ** 40, pages };
  const code = pageTableCode(table, kernel, strategy);
  const real = new CoalesceJudge(table, range, { fwb: true, arch, rules: ['break-before-make', 'walker-safety'] });
  table.effects = real;
  const map = (page: number, count: number): void => {
    const at = page * PAGE_BYTES;
    code.map(range.ipa + at, count * PAGE_BYTES, range.pa + at, PROTECTION, new MemoryCache(Infinity), WALK);
  };
  for (const page of mapped) map(page % pages, 1);
  real.begin();
  table.effects = new IgnoreEffects();
  const explorer = new ExplorerJudge(table, arch);
  table.effects = teeEffects(table.effects, real);
  try {
    map(0, pages);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return { real: real.finding?.rule, explorer: explorer.returned() };
}

describe('the judge of real tables and the explorer', () => {
  it('are of one mind on every coalesce', () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(setting, ({ coalesce: parts, ...drawn }) => {
        const verdicts = verdictsOn(strategyOf(parts), drawn);
        if (verdicts === undefined) return;
        const { real, explorer } = verdicts;
        const key = real ?? 'safe';
        met.set(key, (met.get(key) ?? 0) + 1);
        expect(real).toBe(explorer);
      }),
      { numRuns: 500, seed: 1 },
    );

    expect([...met.keys()].sort()).toEqual(['break-before-make', 'safe', 'walker-safety']);
  });
});
