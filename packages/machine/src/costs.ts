/** The costs of a profile as plain numbers, in nanoseconds: what the model computes with. */
import type { AnyCostName, CostName, OptionalCostName, Profile } from './profile.ts';
import { ALL_COST_NAMES, COST_NAMES, OPTIONAL_COSTS } from './profile.ts';

/** Nanoseconds by cost. Of those that a profile may leave out, the ones that it gives. */
export type Costs = Readonly<Record<CostName, number>> & Readonly<Partial<Record<OptionalCostName, number>>>;

/** The costs of a profile without their provenance, in the order of {@link ALL_COST_NAMES}. */
export function costsOf({ costs }: Profile): Costs {
  const given = ALL_COST_NAMES.flatMap((name) => {
    const cost = costs[name];
    return cost === undefined ? [] : [[name, cost.valueNs] as const];
  });
  return Object.fromEntries(given) as Record<CostName, number>;
}

/** The cost that a charge of another goes to where the profile leaves that one out: itself where it is given, or free. */
export function costInstead(costs: Costs, name: AnyCostName): AnyCostName {
  if (costs[name] !== undefined || !isOptional(name)) return name;
  const { leftOut } = OPTIONAL_COSTS[name];
  return leftOut === undefined ? name : costInstead(costs, leftOut);
}

function isOptional(name: AnyCostName): name is OptionalCostName {
  return !(COST_NAMES as readonly string[]).includes(name);
}
