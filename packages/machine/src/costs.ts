/** The costs of a profile as plain numbers, in nanoseconds: what the model computes with. */
import type { CostName, Profile } from './profile.ts';
import { COST_NAMES } from './profile.ts';

/** Nanoseconds by cost. */
export type Costs = Readonly<Record<CostName, number>>;

/** The costs of a profile without their provenance. */
export function costsOf(profile: Profile): Costs {
  return Object.fromEntries(COST_NAMES.map((name) => [name, profile.costs[name].valueNs])) as Record<CostName, number>;
}
