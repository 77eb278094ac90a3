/**
 * Which assumed cost would put another strategy first, and at which value: an estimate from what results say was charged.
 *
 * A cost that is x times as large makes a stage longer by (x - 1) times what of its length rests on it. What was charged is
 * summed over all vCPUs, and says no more of the length than this: if whoever is charged makes all others wait, as under one
 * lock, it is all of it; if everybody does his part at the same time, it is that over the number of vCPUs. So a turn is an
 * interval. The course of events is taken to stay as it is: `s2bench run` with another profile says what then happens.
 */
import { assumedCosts } from '../findings/lean.ts';
import type { OkResult, ProfileNote, StageName, StageResult } from '../schema.ts';
import type { Turn } from './document.ts';

/** A cost that would have to be so many times larger is nobody's doubt. */
const LARGEST = 1000;

/** The turns of one setting. `ranked` are its safe cells, the fastest first. */
export function turnsOf(ranked: readonly OkResult[], stage: StageName, profile: ProfileNote): Turn[] {
  const [best, ...rivals] = ranked;
  const first = best?.stages[stage];
  if (best === undefined || first === undefined) return [];
  const turns = rivals.flatMap((rival) => {
    const other = rival.stages[stage];
    if (other === undefined) return [];
    return assumedCosts(profile).flatMap((cost) => turnOf(cost, first, other, rival.cell, profile));
  });
  return turns.sort((a, b) => distance(a) - distance(b));
}

function turnOf(
  cost: string,
  best: StageResult,
  rival: StageResult,
  { strategy, vcpus }: OkResult['cell'],
  profile: ProfileNote,
): Turn[] {
  const note = profile.costs.find(({ name }) => name === cost);
  if (note === undefined || best.chargedNs === undefined || rival.chargedNs === undefined) return [];
  const gapNs = rival.timeNs - best.timeNs;
  const moreNs = (best.chargedNs[cost] ?? 0) - (rival.chargedNs[cost] ?? 0);
  // Nothing turns where both lean on it alike.
  if (moreNs === 0) return [];
  const nearest = 1 + gapNs / moreNs;
  const latest = 1 + (gapNs * vcpus) / moreNs;
  if (nearest < 0 || nearest > LARGEST) return [];
  const { value, unit } = note;
  return [
    {
      rival: strategy,
      cost,
      value,
      unit,
      from: value * nearest,
      to: latest < 0 || latest > LARGEST ? null : value * latest,
    },
  ];
}

/** How far from what is assumed, in orders of magnitude. */
function distance({ from, value }: Turn): number {
  return Math.abs(Math.log(Math.max(from, Number.MIN_VALUE) / value));
}
