/** How many mutants die: of all that were run, and, where these are a sample, of all that there are. */
import type { Mutant } from './mutants.ts';
import { survives } from './survivors.ts';

/** Counts of mutants. */
export interface Score {
  /** All that the instrumenter makes. */
  readonly mutants: number;
  readonly dead: number;
  /** Of the dead, those that had to be stopped. */
  readonly late: number;
  readonly alive: number;
  /** Met while modules are loaded, and never after. */
  readonly ignored: number;
  readonly notRun: number;
}

/** Counts a run. */
export function scoreOf(mutants: readonly Mutant[]): Score {
  const withStatus = (...statuses: Mutant['status'][]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  return {
    mutants: mutants.length,
    dead: withStatus('Killed', 'Timeout'),
    late: withStatus('Timeout'),
    alive: mutants.filter(survives).length,
    ignored: withStatus('Ignored'),
    notRun: withStatus('NotRun'),
  };
}

/** Of those that were run. */
export function percentDead({ dead, alive }: Score): number {
  return (100 * dead) / Math.max(1, dead + alive);
}

/** Standard deviations on either side of the middle that hold 95 % of a normal distribution. */
const Z_95 = 1.96;

/** Wilson's interval: which percentages of all mutants would give such a sample in 95 % of the draws. */
export function interval95({ dead, alive }: Score): readonly [low: number, high: number] {
  const judged = Math.max(1, dead + alive);
  const share = dead / judged;
  const square = Z_95 ** 2 / judged;
  const middle = share + square / 2;
  const half = Math.sqrt(square * (share * (1 - share) + square / 4));
  return [(100 * (middle - half)) / (1 + square), (100 * (middle + half)) / (1 + square)];
}

/** Heads the rows that {@link scoreRow} gives. */
export const SCORE_HEAD = '| file | mutants | run | die | survive |\n| --- | ---: | ---: | ---: | ---: |';

/** A row of Markdown. */
export function scoreRow(name: string, score: Score): string {
  const { mutants, dead, alive, notRun } = score;
  const judged = dead + alive;
  const [low, high] = interval95(score).map((percent) => percent.toFixed(1));
  const die =
    judged === 0 ? '–' : `${percentDead(score).toFixed(1)} %${notRun > 0 && judged > 99 ? ` (${low} to ${high})` : ''}`;
  return `| ${name} | ${mutants} | ${judged} | ${die} | ${alive} |`;
}
