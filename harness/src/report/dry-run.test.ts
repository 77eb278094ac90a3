import { describe, expect, it } from 'vitest';
import type { RunPlan } from '../plan/run-plan.ts';
import { dryRunOf, dryRunText } from './dry-run.ts';

/** As much of a plan as is counted. */
function planOf(reasons: readonly (string | undefined)[], places: readonly number[]): RunPlan {
  const points = reasons.map((skipReason) => (skipReason === undefined ? {} : { skipReason }));
  const jobs = places.filter((place) => reasons[place] === undefined).map((index) => ({ index }));
  return { command: 's2bench run', points, places, jobs } as unknown as RunPlan;
}

describe('dryRunOf', () => {
  it('counts cells, and those that cannot be by their reason, of its own shard alone', () => {
    const plan = planOf([undefined, 'no block', undefined, 'no block', 'no history'], [0, 1, 2, 4]);
    expect(dryRunOf(plan)).toEqual({
      command: 's2bench run',
      cells: 2,
      skipped: [
        { reason: 'no block', cells: 1 },
        { reason: 'no history', cells: 1 },
      ],
    });
  });
});

describe('dryRunText', () => {
  it('has a line for each reason, and the estimate where there is one', () => {
    const dry = dryRunOf(planOf([undefined, 'no block'], [0, 1]), { seconds: 8.4, jobs: 2, sampleCells: 4 });
    expect(dryRunText(dry).split('\n')).toEqual([
      's2bench run',
      '',
      '1 cell to be simulated',
      '1 cell skipped: no block',
      'about 8 s with 2 workers, going by 4 cells run now',
      '',
    ]);
  });

  it.each([
    [0.2, 'about 1 s'],
    [47, 'about 50 s'],
    [130, 'about 2 min'],
    [90_000, 'about 25 h'],
  ])('promises no more than it knows: %d s', (seconds, words) => {
    expect(dryRunText(dryRunOf(planOf([undefined], [0]), { seconds, jobs: 1, sampleCells: 2 }))).toContain(words);
  });
});
