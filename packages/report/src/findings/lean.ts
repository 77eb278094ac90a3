/** Which costs of a profile the results lean on. */
import { okResults, stageEntries } from '../cells.ts';
import type { ProfileNote, ResultDocument } from '../schema.ts';

/** A cost and its part of all the time that was charged. */
export interface CostShare {
  readonly name: string;
  readonly sharePercent: number;
}

/**
 * The part of the charged time that each of the profile's assumed costs makes up, the largest first.
 *
 * @returns `undefined` where the results do not say what was charged
 */
export function assumedShares(document: ResultDocument, profile: ProfileNote): readonly CostShare[] | undefined {
  const charged = new Map<string, number>();
  let total = 0;
  for (const result of okResults(document)) {
    if (result.cell.profile !== profile.name) continue;
    for (const [, stage] of stageEntries(result)) {
      for (const [name, ns] of Object.entries(stage.chargedNs ?? {})) {
        charged.set(name, (charged.get(name) ?? 0) + ns);
        total += ns;
      }
    }
  }
  if (total === 0) return undefined;
  return profile.costs
    .filter(({ provenance }) => provenance === 'assumed')
    .map(({ name }) => ({ name, sharePercent: ((charged.get(name) ?? 0) / total) * 100 }))
    .sort((a, b) => b.sharePercent - a.sharePercent);
}
