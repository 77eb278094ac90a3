/** Published figures, and how a machine profile is fitted to them: which of its costs are, and what the others are. */
import {
  ALL_COST_NAMES,
  type AnyCostName,
  COST_NAMES,
  type CostName,
  OPTIONAL_COST_NAMES,
  type OptionalCostName,
  PROVENANCES,
  tlbSchema,
} from '@s2bench/machine';
import type { VariantName } from '@s2bench/report/schema';
import * as z from 'zod';

const fittedSchema = z.strictObject({
  startNs: z.number().positive(),
  /** Which figures decide it. */
  source: z.string().min(1),
  /** Their names. Where any cost of a plan names some, the plan is fitted to those that are named, and to no others. */
  figures: z.array(z.string().min(1)).nonempty('must name a figure, or be left out').optional(),
});
const givenSchema = z.strictObject({
  valueNs: z.number().nonnegative(),
  provenance: z.enum(PROVENANCES),
  source: z.string().min(1),
});

/** A cost that is fitted, or one that is given. */
const plannedCostSchema = z.union([fittedSchema, givenSchema], {
  error:
    'must be { startNs, source } for a cost that is fitted, or { valueNs, provenance, source } for one that is given',
});

/** A calibration plan. */
export const calibrationPlanSchema = z.strictObject({
  name: z.string(),
  summary: z.string(),
  features: z.strictObject({ fwb: z.boolean(), rangeTlbi: z.boolean() }),
  cores: z.number().int().positive(),
  tlb: tlbSchema.optional(),
  costs: z.strictObject({
    ...(Object.fromEntries(COST_NAMES.map((name) => [name, plannedCostSchema])) as Record<
      CostName,
      typeof plannedCostSchema
    >),
    ...(Object.fromEntries(OPTIONAL_COST_NAMES.map((name) => [name, plannedCostSchema.optional()])) as Record<
      OptionalCostName,
      z.ZodOptional<typeof plannedCostSchema>
    >),
  }),
});
/** A calibration plan. */
export type CalibrationPlan = z.infer<typeof calibrationPlanSchema>;

/** The costs that a plan leaves to the fit, in the order of the profile. */
export function fittedCosts(plan: CalibrationPlan): AnyCostName[] {
  return ALL_COST_NAMES.filter((name) => {
    const cost = plan.costs[name];
    return cost !== undefined && 'startNs' in cost;
  });
}

/** The figures that a plan is fitted to, by cost and name; none where it is fitted to all that there are. */
export function namedFigures(plan: CalibrationPlan): { readonly cost: AnyCostName; readonly name: string }[] {
  return fittedCosts(plan).flatMap((cost) => {
    const planned = plan.costs[cost];
    const names = planned !== undefined && 'startNs' in planned ? (planned.figures ?? []) : [];
    return names.map((name) => ({ cost, name }));
  });
}

/** Figures that were measured on one machine, with one test. */
export interface PublishedFigures {
  /** What they are of: a cell on another profile, or with another workload, history or page size, has none. */
  readonly machine: {
    readonly profile: string;
    readonly workload: string;
    readonly history: string;
    readonly pageSize: string;
  };
  readonly stageTimes: readonly StageTime[];
  readonly unitCosts: readonly UnitCost[];
}

/** How long a stage took. Sizes are texts, as on the command line. */
export interface StageTime {
  /** What it is called; left out: what tells it from the others. */
  readonly name?: string | undefined;
  /** The backing and the block that it gives: `hugetlb-1G`. */
  readonly backing: string;
  readonly memory: string;
  readonly vcpus: number;
  readonly stage: string;
  readonly kernel: string;
  /** Or `upstream`: what the release itself does. */
  readonly strategy: string;
  /** Where the machine's figures are of several: the workload with its options. */
  readonly workload?: string | undefined;
  /** The side of a series that it is of. */
  readonly variant?: VariantName;
  /** What the report calls it, where it has several figures of a stage. */
  readonly metric?: string;
  /** Each measurement. */
  readonly seconds: readonly number[];
  readonly source: string;
}

/** What a single operation cost. */
export interface UnitCost {
  readonly what: string;
  readonly value?: number | undefined;
  readonly unit: string;
  /** The costs of the model that make it up, and how often each: without it nothing is fitted to it. */
  readonly of?: Partial<Readonly<Record<AnyCostName, number | undefined>>> | undefined;
  readonly source: string;
}

/** How a machine profile is fitted to published figures. */
export interface Calibration {
  /** A {@link CalibrationPlan}, not parsed yet. */
  readonly plan: unknown;
  /** How far the model may be off a stage's time, relative. */
  toleranceOf(row: StageTime): number;
  /** Whether every page of a stage costs the same, so that a part of the memory says what all of it takes. */
  costsByPage(row: StageTime): boolean;
  /**
   * The part of the memory on which such stages are simulated, also where the result is held against the figures: of tables
   * whose memory is each vCPU's own all of it takes minutes. Left out: a sixteenth while fitting, and then all of it.
   */
  readonly part?: number;
  /** How far the model may be off the cost of an operation, relative. */
  unitToleranceOf(row: UnitCost): number;
}
