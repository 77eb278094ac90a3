/** Puts results of one strategy together that say the same, so that what differs is seen. */
import { type History, type VerifyResult, worldOf } from '@s2bench/verify';

/** Results of one world with one verdict. */
export interface MergedRow {
  readonly world: string;
  readonly histories: string;
  readonly fwb: string;
  readonly verdict: VerifyResult['verdict'];
  readonly verdictText: string;
  readonly states: number;
  readonly depth: number;
  readonly elapsedMs: number;
}

const ANY = 'any';

/** Merges the results of one strategy: with FWB and without first, then histories. */
export function mergeAlike(results: readonly VerifyResult[]): MergedRow[] {
  const byHistory = Map.groupBy(results, (result) => [result.world, result.history, textOf(result)].join('\n'));
  const merged = Map.groupBy([...byHistory.values()], (group) => {
    const [{ world }] = group as [VerifyResult];
    return [world, textOf(group[0] as VerifyResult), fwbOf(group)].join('\n');
  });
  return [...merged.values()].map((groups) => rowOf(groups.flat()));
}

function rowOf(results: readonly VerifyResult[]): MergedRow {
  const first = results[0] as VerifyResult;
  return {
    world: first.world,
    histories: historiesOf(first.world, [...new Set(results.map(({ history }) => history))]),
    fwb: fwbOf(results),
    verdict: first.verdict,
    verdictText: textOf(first),
    states: results.reduce((sum, { states }) => sum + states, 0),
    depth: Math.max(...results.map(({ depth }) => depth)),
    elapsedMs: results.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
  };
}

function textOf({ verdict, rule, steps }: VerifyResult): string {
  return rule === undefined ? verdict : `${verdict}: ${rule}, ${steps ?? 0} steps`;
}

function fwbOf(results: readonly VerifyResult[]): string {
  const values = new Set(results.map(({ fwb }) => fwb));
  return values.size > 1 ? ANY : values.has(true) ? 'on' : 'off';
}

function historiesOf(world: string, histories: readonly History[]): string {
  const all = worldOf(world).histories;
  return all.length > 1 && all.every((history) => histories.includes(history)) ? ANY : histories.join(', ');
}
