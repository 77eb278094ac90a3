import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioInterval } from './bootstrap.ts';
import { compareWallTimes, renderWallTimes } from './compare.ts';
import type { WallTimeComparison } from './compare.ts';
import { looksLikeWallTimes, parseWallTimes } from './document.ts';
import type { WallTimes } from './document.ts';

const MACHINE = { node: 'v24', arch: 'arm64', cpu: 'a', cores: 2 };

/** A generator of numbers that look like noise, the same each time. */
function noise(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Rounds that start at these moments, around a median, with some percent of noise in a round and between rounds. */
function timesOf(startedMs: readonly number[], medianNs: number, seed = 1, machine = MACHINE): WallTimes {
  const random = noise(seed);
  return {
    schemaVersion: 1,
    tool: 's2bench bench --save',
    rounds: startedMs.map((started) => {
      const round = medianNs * (1 + 0.02 * (random() - 0.5));
      return {
        startedMs: started,
        toolVersion: '0',
        machine,
        samplesNs: { map: Array.from({ length: 50 }, () => round * (1 + 0.1 * (random() - 0.5))) },
      };
    }),
  };
}

function compared(base: WallTimes, head: WallTimes): WallTimeComparison {
  return compareWallTimes({ name: 'a', times: base }, { name: 'b', times: head });
}

const EVEN = [0, 2, 4, 6, 8, 10, 12, 14];
const ODD = [1, 3, 5, 7, 9, 11, 13, 15];

describe('wall times', () => {
  it('make a claim where the interval is on one side of 1, and none where it holds 1', () => {
    const base = timesOf(EVEN, 100);
    expect(compared(base, timesOf(ODD, 110, 2)).ratios[0]).toMatchObject({ benchmark: 'map', claim: 'slower' });
    expect(compared(base, timesOf(ODD, 90, 2)).ratios[0]?.claim).toBe('faster');
    expect(compared(base, timesOf(ODD, 100, 2)).ratios[0]?.claim).toBe('no difference shown');
  });

  it('rarely claim a difference that is not there', () => {
    const claims = Array.from(
      { length: 60 },
      (_, seed) => compared(timesOf(EVEN, 100, 2 * seed + 7), timesOf(ODD, 100, 2 * seed + 1008)).ratios[0]?.claim,
    );
    expect(claims.filter((claim) => claim !== 'no difference shown').length).toBeLessThan(12);
  });

  it('have an interval around the ratio, the same for the same samples', () => {
    const rounds = fc.array(fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(rounds, rounds, (base, head) => {
        const interval = ratioInterval(base, head);
        expect(interval.low).toBeLessThanOrEqual(interval.high);
        expect(interval.low).toBeGreaterThan(0);
        expect(ratioInterval(base, head)).toEqual(interval);
      }),
      { numRuns: 10 },
    );
  });

  it('that took turns are set against each other side by side, so that a machine that slows down adds nothing', () => {
    // Each round on a machine half as fast again as before: the rounds' own medians are apart by far more than 5 %.
    const drifting = (times: WallTimes): WallTimes => ({
      ...times,
      rounds: times.rounds.map((round, at) => ({
        ...round,
        samplesNs: { map: (round.samplesNs['map'] ?? []).map((ns) => ns * 1.5 ** at) },
      })),
    });
    const [base, head] = [drifting(timesOf(EVEN, 100)), drifting(timesOf(ODD, 105, 2))];
    expect(compared(base, head)).toMatchObject({ isPaired: true, ratios: [{ claim: 'slower' }] });
    // One after the other, the same rounds say nothing.
    const apart = compared(base, { ...head, rounds: head.rounds.map((round) => ({ ...round, startedMs: 99 })) });
    expect(apart).toMatchObject({ isPaired: false, ratios: [{ claim: 'no difference shown' }] });
  });

  it('say who is slower by more than 3 %, and of whom that is not ruled out', () => {
    const last = (headNs: number, seed: number): string | undefined =>
      renderWallTimes(compared(timesOf(EVEN, 100), timesOf(ODD, headNs, seed)))
        .trimEnd()
        .split('\n\n')
        .at(-1);
    expect(last(100, 2)).toBe('slower by more than 3 %: none; ruled out for all others');
    expect(last(103, 2)).toBe('slower by more than 3 %: none; not ruled out for map');
    expect(last(110, 2)).toBe('slower by more than 3 %: map; ruled out for all others');
  });

  it('say where rounds did not take turns, or machines differ', () => {
    expect(compared(timesOf(EVEN, 100), timesOf(ODD, 100)).warnings).toEqual([]);
    expect(compared(timesOf([0, 1, 2, 3], 100), timesOf([4, 5, 6, 7], 100)).warnings).toEqual([
      expect.stringContaining('did not take turns'),
    ]);
    expect(compared(timesOf([0], 100), timesOf([1], 100)).isInterleaved).toBe(false);
    const elsewhere = timesOf(ODD, 100, 1, { ...MACHINE, cpu: 'b' });
    expect(compared(timesOf(EVEN, 100), elsewhere).warnings).toEqual([expect.stringContaining('one machine')]);
  });

  it('are shown in 72 columns', () => {
    const text = renderWallTimes(compared(timesOf(EVEN, 100), timesOf(ODD, 110, 2)));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
    expect(text).toMatch(/\nmap\n {2}1\.\d{3} {2}\[1\.\d{3}, 1\.\d{3}\] {2}slower\n\nslower by more/);
  });

  it('are read as they were written, and refused in one line', () => {
    const times = timesOf([0, 1], 100);
    const text = JSON.stringify(times);
    expect(looksLikeWallTimes(text)).toBe(true);
    expect(parseWallTimes(text, 'a.json')).toEqual(times);
    expect(() => parseWallTimes(text.slice(0, 200), 'a.json')).toThrow(/^a\.json: cut off or not JSON: [^\n]+$/);
    expect(() => parseWallTimes('{"schemaVersion": 2}', 'a.json')).toThrow(/^a\.json: schemaVersion: [^\n]+$/);
  });
});
