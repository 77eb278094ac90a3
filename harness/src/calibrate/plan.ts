/** What a calibration starts from: which costs of a profile are fitted, and what the others are. */
import { COST_NAMES, type CostName, PROVENANCES } from '@s2bench/machine';
import * as z from 'zod';

const fittedSchema = z.strictObject({
  startNs: z.number().positive(),
  /** Which figures decide it. */
  source: z.string().min(1),
});
const givenSchema = z.strictObject({
  valueNs: z.number().nonnegative(),
  provenance: z.enum(PROVENANCES),
  source: z.string().min(1),
});

/** A cost that is fitted, or one that is given. */
const plannedCostSchema = z.union([fittedSchema, givenSchema]);

/** A calibration plan. */
export const calibrationPlanSchema = z.strictObject({
  name: z.string(),
  summary: z.string(),
  features: z.strictObject({ fwb: z.boolean(), rangeTlbi: z.boolean() }),
  cores: z.number().int().positive(),
  costs: z.strictObject(
    Object.fromEntries(COST_NAMES.map((name) => [name, plannedCostSchema])) as Record<
      CostName,
      typeof plannedCostSchema
    >,
  ),
});
/** A calibration plan. */
export type CalibrationPlan = z.infer<typeof calibrationPlanSchema>;

/** The costs that a plan leaves to the fit, in the order of the profile. */
export function fittedCosts(plan: CalibrationPlan): CostName[] {
  return COST_NAMES.filter((name) => 'startNs' in plan.costs[name]);
}
