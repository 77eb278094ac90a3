/** Fits a profile's costs to published figures. */
import { type CostName, type Profile, PROFILE_SCHEMA_VERSION, type Residual } from '@s2bench/machine';
import { type CalibrationPlan, fittedCosts } from '@s2bench/studies';
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import type { Figure } from './figures.ts';

const ITERATIONS = 8;
/** Relative step of the finite differences. Wide, since a contended stage answers a tiny change in steps. */
const GRADIENT_STEP = 0.03;
/** A cost stays within this factor of where it starts. */
const MOST_CHANGE = 8;
/** Figures that a value keeps: more would say more than the figures do. */
const DIGITS = 4;

/** Told of each evaluation of the model. */
export type FitListener = (evaluation: number, worstError: number) => void;

/**
 * Fits the costs that the plan leaves open.
 *
 * Deterministic: the same plan and figures give the same profile. The figures are weighted by what the model may be off
 * by, so that a figure that repeats to a percent is not traded for one that does not.
 */
export function calibrate(plan: CalibrationPlan, figures: readonly Figure[], listener: FitListener): Profile {
  const free = fittedCosts(plan);
  const evaluate = memoised((scales) => {
    const profile = profileOf(plan, scaled(plan, free, scales));
    return figures.map((figure) => figure.predict(profile, true) / figure.published);
  });
  let evaluations = 0;
  const fitted = levenbergMarquardt(
    { x: figures.map((_, index) => index), y: figures.map(({ tolerance }) => 1 / tolerance) },
    (scales: number[]) => {
      const ratios = evaluate(scales);
      listener(++evaluations, Math.max(...ratios.map((ratio) => Math.abs(ratio - 1))));
      return (index: number) => (ratios[index] ?? 0) / (figures[index]?.tolerance ?? 1);
    },
    {
      initialValues: free.map(() => 1),
      minValues: free.map(() => 1 / MOST_CHANGE),
      maxValues: free.map(() => MOST_CHANGE),
      gradientDifference: GRADIENT_STEP,
      maxIterations: ITERATIONS,
      errorTolerance: 1e-3,
    },
  );
  const profile = profileOf(plan, scaled(plan, free, fitted.parameterValues));
  return { ...profile, calibration: figures.map((figure) => residualOf(figure, profile)) };
}

/** How far a profile is from a figure. */
export function residualOf(figure: Figure, profile: Profile): Residual {
  const model = figure.predict(profile, false);
  return {
    figure: figure.name,
    published: rounded(figure.published),
    model: rounded(model),
    unit: figure.unit,
    errorPercent: Math.round((model / figure.published - 1) * 1000) / 10,
  };
}

function scaled(plan: CalibrationPlan, free: readonly CostName[], scales: readonly number[]): Map<CostName, number> {
  return new Map(
    free.map((name, index) => {
      const cost = plan.costs[name];
      return [name, 'startNs' in cost ? rounded(cost.startNs * (scales[index] ?? 1)) : 0];
    }),
  );
}

function profileOf(plan: CalibrationPlan, fitted: ReadonlyMap<CostName, number>): Profile {
  const { costs, ...rest } = plan;
  const entries = Object.entries(costs).map(([name, cost]) => {
    if (!('startNs' in cost)) return [name, cost] as const;
    const valueNs = fitted.get(name as CostName) ?? cost.startNs;
    return [name, { valueNs, provenance: 'calibrated' as const, source: cost.source }] as const;
  });
  return { schemaVersion: PROFILE_SCHEMA_VERSION, ...rest, costs: Object.fromEntries(entries) as Profile['costs'] };
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

function memoised(evaluate: (scales: readonly number[]) => number[]): (scales: readonly number[]) => number[] {
  const known = new Map<string, number[]>();
  return (scales) => {
    const key = scales.join(' ');
    const found = known.get(key) ?? evaluate(scales);
    known.set(key, found);
    return found;
  };
}
