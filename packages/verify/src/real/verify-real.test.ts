/** Tables of real size: what is judged there is judged as in small worlds. */
import {
  defineStrategy,
  type MapOperation,
  NO_ENTRY,
  SKIP_BELOW,
  type Stage2Entry,
  type Strategy,
} from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { installFirstByIpa, installFirstNoClean, makeWithoutBreak, takeDownFirst } from '../../test/specimens.ts';
import { STRICTEST } from '../hardware/architecture.ts';
import { everyCountOf, populationsOf } from './populations.ts';
import { REAL_WORLDS, type RealWorld } from './real-worlds.ts';
import { verifyReal } from './verify-real.ts';

const [first] = REAL_WORLDS;
if (first === undefined) throw new Error('no real world');
const real: RealWorld = first;

function broken(strategy: Strategy, fwb = false): string | undefined {
  return verifyReal(strategy, real, { fwb }).rule;
}

/** The specimen with other visitors. */
function coalesceBy(visitors: Pick<Strategy, 'tablePre' | 'tablePost'>): Strategy {
  return defineStrategy({ ...takeDownFirst, ...visitors });
}

describe('populations', () => {
  const all = populationsOf(512);

  it('are full, prefixes and suffixes, single holes and single entries, each once', () => {
    expect(all.length).toBeLessThan(120);
    const ranges = new Set(all.map((each) => JSON.stringify(each.ranges)));
    expect(ranges.size).toBe(all.length);
    for (const wanted of [
      [[0, 512]],
      [[0, 64]],
      [[0, 65]],
      [[447, 512]],
      [
        [0, 63],
        [64, 512],
      ],
      [[511, 512]],
    ])
      expect(ranges).toContain(JSON.stringify(wanted));
  });

  it('lie on either side of every threshold, by count and by place', () => {
    const counts = all.map(({ ranges }) => ranges.reduce((sum, [from, behind]) => sum + behind - from, 0));
    const lastBegins = all.map(({ ranges }) => ranges[0]?.[0] ?? 0);
    for (let threshold = 1; threshold < 512; threshold++) {
      expect(counts.some((count) => count <= threshold) && counts.some((count) => count > threshold)).toBe(true);
      expect(lastBegins.some((place) => place >= threshold)).toBe(true);
    }
  });
});

describe('every count', () => {
  const all = everyCountOf(512).map(({ ranges }) => ranges);
  const texts = new Set(all.map((ranges) => JSON.stringify(ranges)));

  it('is met as the first entries and as the last, beside every single hole and entry, each once', () => {
    expect(texts.size).toBe(all.length);
    for (const { ranges } of populationsOf(512)) expect(texts).toContain(JSON.stringify(ranges));
    for (let count = 1; count < 512; count++) {
      expect(texts).toContain(JSON.stringify([[0, count]]));
      expect(texts).toContain(JSON.stringify([[512 - count, 512]]));
      expect(texts).toContain(JSON.stringify([[count, count + 1]]));
    }
  });

  it('goes with two holes at every distance', () => {
    const distances = all.flatMap((ranges) => {
      const holes = holesOf(ranges, 512);
      return holes.length === 2 ? [(holes[1] as number) - (holes[0] as number)] : [];
    });
    for (let distance = 1; distance < 512; distance++) expect(distances).toContain(distance);
  });
});

function holesOf(ranges: readonly (readonly [number, number])[], entries: number): number[] {
  const isValid = (at: number): boolean => ranges.some(([first, behind]) => at >= first && at < behind);
  return Array.from({ length: entries }, (_, at) => at).filter((at) => !isValid(at));
}

describe('a coalesce of 512 entries', () => {
  it('is safe where it is done as it should be, with FWB and without', () => {
    const found = verifyReal(takeDownFirst, real, { fwb: false });
    expect(found).toMatchObject({ verdict: 'safe', complete: true, world: 'real-4k-level-2' });
    expect(found.coalesces).toEqual(['level 2 in a table of 512 entries, pages of 4K; 2556 populations of 2556']);
    expect(broken(takeDownFirst, true)).toBeUndefined();
  });

  it('needs a flush that covers every leaf', () => {
    const found = verifyReal(installFirstByIpa, real, { fwb: false });
    expect(found.rule).toBe('break-before-make');
    expect(found.finding).toMatch(/^population \S+: page \d+ may be cached at level 3 while level 2 maps it too$/);
  });

  it('needs a clean of what was not mapped, but with FWB', () => {
    expect(broken(installFirstNoClean)).toBe('data-coherency');
    expect(broken(installFirstNoClean, true)).toBeUndefined();
  });

  it('frees no table page that a walk may be in', () => {
    const late = coalesceBy({
      tablePre: (entry, map) => {
        if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
        map.invalidate(entry);
        map.anchor = entry.id;
      },
      tablePost: (entry, map) => {
        if (map.anchor === NO_ENTRY) return;
        map.freeTable(map.follow(entry));
        map.tlbiVmid();
        map.put(entry);
        map.anchor = NO_ENTRY;
        return map.mapLeaf(entry);
      },
    });
    expect(broken(late)).toBe('walker-safety');
  });

  it('keeps the counts, and leaks no table', () => {
    const unput = coalesceBy({
      tablePost: (entry, map) => {
        if (map.anchor === NO_ENTRY) return;
        map.freeTable(map.follow(entry));
        map.anchor = NO_ENTRY;
        return map.mapLeaf(entry);
      },
    });
    expect(broken(unput)).toBe('accounting');
  });

  it('is no duty, but what is missing has to be mapped: a table that is left as it is answers EAGAIN for ever', () => {
    const { summary, source } = takeDownFirst;
    const untouched = defineStrategy({ name: 'never-coalesces', summary, source });
    const answered = verifyReal(untouched, real, { fwb: false });
    expect(answered).toMatchObject({ rule: 'progress', foundAt: { population: 'only-0', action: 0 } });
    const silent = defineStrategy({ ...untouched, tablePre: () => SKIP_BELOW });
    expect(verifyReal(silent, real, { fwb: false }).finding).toMatch(/page \d+ is not mapped when the map returns 0$/);
  });

  it('leaves no page with the rights of before', () => {
    const keepsFull = coalesceBy({
      tablePre: (entry, map) => {
        if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return undefined;
        let holes = 0;
        map.walkLeaves(map.follow(entry), (leaf) => {
          if (!leaf.valid) holes++;
        });
        return holes === 0 ? SKIP_BELOW : takeDownFirst.tablePre?.(entry, map);
      },
    });
    const kept = verifyReal(keepsFull, real, { fwb: false });
    expect(kept).toMatchObject({ rule: 'mapping', foundAt: { population: 'full-read-only' } });
    expect(kept.finding).toMatch(/page 0 keeps other rights or attributes when the map returns 0$/);
  });

  it('is met at odd and at even places of either address', () => {
    for (const isOdd of [0, 1]) {
      for (const addressOf of [
        (entry: Stage2Entry) => entry.address,
        (_entry: Stage2Entry, map: MapOperation) => map.physAddress,
      ]) {
        const once = coalesceBy({
          tablePre: (entry, map) => {
            if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
            map.anchor = entry.id;
            map.followed = map.follow(entry);
            const isClean = (addressOf(entry, map) / entry.sizeBytes) % 2 === isOdd;
            map.invalidate(entry);
            map.tlbiVmid();
            if (isClean) map.clean(entry);
            map.install(entry);
          },
          tablePost: (entry, map) => installFirstNoClean.tablePost?.(entry, map),
        });
        expect(broken(once)).toBe('data-coherency');
      }
    }
  });

  it('finds only the rules that it is asked for', () => {
    expect(verifyReal(installFirstNoClean, real, { fwb: false, rules: ['mapping'] }).verdict).toBe('safe');
  });

  it('that breaks two rules at one entry is found by each of them alone', () => {
    const neither = defineStrategy({
      ...makeWithoutBreak,
      tablePre(entry, map) {
        if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
        map.anchor = entry.id;
        map.followed = map.follow(entry);
        map.install(entry);
        map.tlbiVmid();
      },
    });
    for (const rule of ['break-before-make', 'data-coherency'] as const)
      expect(verifyReal(neither, real, { fwb: false, rules: [rule] }).rule).toBe(rule);
  });

  it('counts what the abort handler has cleaned, in kernels that clean there', () => {
    expect(verifyReal(installFirstNoClean, real, { fwb: false, kernel: 'v5.12' }).verdict).toBe('safe');
  });
});

describe('a table page that is freed', () => {
  it('has its own reference alone: what a block below the block is worth is one', () => {
    const [large] = REAL_WORLDS.filter(({ level }) => level === 1);
    const put = (twice: boolean) =>
      defineStrategy({
        ...takeDownFirst,
        leaf(entry, map) {
          if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
          if (entry.valid) map.put(entry);
          if (entry.valid && twice && entry.level < 3) map.put(entry);
          return;
        },
      });
    const options = { fwb: true, rules: ['accounting'] } as const;
    expect(verifyReal(put(false), large as RealWorld, options).verdict).toBe('safe');
    const { rule, finding } = verifyReal(put(true), large as RealWorld, options);
    expect(rule).toBe('accounting');
    expect(finding).toMatch(/of mixed: the table page of page 0 is freed with a count of (0|-\d+), its own reference/);
  });
});

describe('hardware that allows more', () => {
  it('may hold a block beside the pages below it, with FEAT_BBM level 2 and not with less', () => {
    const rule = (bbm: 0 | 2) => verifyReal(makeWithoutBreak, real, { fwb: false, arch: { ...STRICTEST, bbm } }).rule;
    expect([rule(0), rule(2)]).toEqual(['break-before-make', undefined]);
  });

  it('ends the way to a table whatever the hint, but no leaf of another level', () => {
    const hinted = (leaf: number, table: number) =>
      defineStrategy({
        ...takeDownFirst,
        tablePre(entry, map) {
          if (map.anchor === NO_ENTRY && map.blockSupported(entry)) map.anchor = entry.id;
        },
        leaf(entry, map) {
          if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
          if (!entry.valid) return;
          map.invalidate(entry);
          map.tlbiIpa(entry, leaf);
          map.put(entry);
          return;
        },
        tablePost(entry, map) {
          if (map.anchor === NO_ENTRY) return;
          const below = map.follow(entry);
          map.invalidate(entry);
          map.tlbiIpa(entry, table);
          map.freeTable(below);
          map.put(entry);
          map.anchor = NO_ENTRY;
          return map.mapLeaf(entry);
        },
      });
    const rules = (strategy: Strategy) =>
      (['strict', 'lenient'] as const).map(
        (ttl) => verifyReal(strategy, real, { fwb: false, arch: { ...STRICTEST, ttl } }).rule,
      );
    expect(rules(hinted(3, 3))).toEqual([undefined, undefined]);
    expect(rules(hinted(3, 2))).toEqual(['walker-safety', undefined]);
    expect(rules(hinted(2, 3))).toEqual(['break-before-make', 'break-before-make']);
  });
});
