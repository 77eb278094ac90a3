/** Fits the costs of a profile to published figures: what was measured, and how the model predicts it. */
import { type Strategy } from '@s2bench/core';
import {
  ALL_COST_NAMES,
  type AnyCostName,
  costsOf,
  type Profile,
  PROFILE_SCHEMA_VERSION,
  type Residual,
} from '@s2bench/machine';
import type { Cell } from '@s2bench/report/schema';
import {
  type Calibration,
  type CalibrationPlan,
  fittedCosts,
  namedFigures,
  type PublishedFigures,
  type StageTime,
  type UnitCost,
} from '@s2bench/studies';
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { median } from 'simple-statistics';
import { BACKINGS } from '../options/axes.ts';
import { parseSize } from '../options/values.ts';
import { strategyOf } from '../options/kernels.ts';
import { workloadNamed } from '../plugins/workloads.ts';
import { BuiltStates, simulateCell } from './simulate/cell.ts';

/** Faults that are simulated one by one: the fitted stages repeat themselves after far fewer. */
const FAULT_BUDGET = 10_000;
/** While fitting, stages in which every page costs the same are simulated on this part of the memory. */
const FITTED_PART = 1 / 16;

/** How a profile is fitted to figures, but for which costs are. */
type Fit = Omit<Calibration, 'plan'>;

/** A figure. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly published: number;
  readonly tolerance: number;
  /** @param quick - on a part of the memory where every page costs the same */
  predict(profile: Profile, quick: boolean): number;
}

/**
 * The stage times of a study, then the costs of single operations.
 *
 * @param origin - where they stand, for messages
 * @param strategies - those that stage times are of, by name
 */
export function figuresOf(
  published: PublishedFigures,
  calibration: Fit,
  strategies: ReadonlyMap<string, Strategy>,
  origin: string,
): Figure[] {
  const stages = published.stageTimes.map((row) => stageFigure(row, published, calibration, strategies, origin));
  return [...stages, ...published.unitCosts.flatMap((row) => unitFigure(row, calibration, origin))];
}

function stageFigure(
  row: StageTime,
  published: PublishedFigures,
  calibration: Fit,
  strategies: ReadonlyMap<string, Strategy>,
  origin: string,
): Figure {
  const strategyName = strategyOf(row);
  const strategy = strategies.get(strategyName);
  const workload = workloadNamed(row.workload ?? published.machine.workload);
  if (strategy === undefined) {
    throw new Error(`${origin}: nothing to simulate ${strategyName} by`);
  }
  const [backing = '', block = ''] = row.backing.split('-');
  const memoryBytes = parseSize(row.memory, origin);
  const cell: Cell = {
    strategy: strategyName,
    vcpus: row.vcpus,
    memoryBytes,
    granuleBytes: parseSize(block, origin),
    pageSizeBytes: parseSize(published.machine.pageSize, origin),
    backing: BACKINGS.find((one) => one === backing) ?? 'hugetlb',
    history: published.machine.history,
    profile: published.machine.profile,
    kernel: row.kernel,
    workload: workload.name,
    seed: 1,
  };
  const { stage } = row;
  const states = new BuiltStates();
  return {
    name: figureName(row, strategyName),
    unit: 's',
    published: median([...row.seconds]),
    tolerance: calibration.toleranceOf(row),
    predict: (profile, quick) => {
      const wanted = calibration.part ?? (quick ? FITTED_PART : 1);
      const part = calibration.costsByPage(row) ? Math.max(cell.granuleBytes / memoryBytes, wanted) : 1;
      const fitted = { ...cell, memoryBytes: Math.ceil((memoryBytes * part) / cell.granuleBytes) * cell.granuleBytes };
      const options = { stages: [stage], exact: false, faultBudget: FAULT_BUDGET };
      const results = simulateCell(fitted, { strategy, workload, profile }, options, quick ? states : undefined);
      return (((results[stage]?.timeNs ?? 0) / 1e9) * memoryBytes) / fitted.memoryBytes;
    },
  };
}

/** Tells a figure from the others of its study. */
function figureName(
  { name, metric, stage, backing, memory, vcpus, kernel, variant }: StageTime,
  strategy: string,
): string {
  if (name !== undefined) return name;
  const where = `${stage} ${backing} ${memory} ${vcpus} vCPUs ${kernel}`;
  return variant === undefined ? `${where} ${strategy}` : `${variant}: ${metric ?? stage}, ${where}`;
}

/** The cost of an operation, where it is said which costs make it up. */
function unitFigure(row: UnitCost, calibration: Fit, origin: string): Figure[] {
  const { what, value, unit, of: parts } = row;
  if (parts === undefined || value === undefined) return [];
  const perUnit = NS_PER_UNIT[unit];
  if (perUnit === undefined) throw new Error(`${origin}: unknown unit ${unit}`);
  const names = ALL_COST_NAMES.filter((name) => parts[name] !== undefined);
  return [
    {
      name: what,
      unit,
      published: value,
      tolerance: calibration.unitToleranceOf(row),
      predict: (profile: Profile) => {
        const costs = costsOf(profile);
        return names.reduce((sumNs, name) => sumNs + (costs[name] ?? 0) * (parts[name] ?? 0), 0) / perUnit;
      },
    },
  ];
}

const NS_PER_UNIT: Readonly<Record<string, number>> = { s: 1e9, us: 1e3, ns: 1 };

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
  const names = new Set(namedFigures(plan).map(({ name }) => name));
  const named = names.size === 0 ? figures : figures.filter(({ name }) => names.has(name));
  // One figure decides one cost, but the library wants two points: the same twice has the same minimum.
  const deciding = named.length === 1 ? [...named, ...named] : named;
  const evaluate = memoised((scales) => {
    const profile = profileOf(plan, scaled(plan, free, scales));
    return deciding.map((figure) => figure.predict(profile, true) / figure.published);
  });
  let evaluations = 0;
  const fitted = levenbergMarquardt(
    { x: deciding.map((_, index) => index), y: deciding.map(({ tolerance }) => 1 / tolerance) },
    (scales: number[]) => {
      const ratios = evaluate(scales);
      listener(++evaluations, Math.max(...ratios.map((ratio) => Math.abs(ratio - 1))));
      return (index: number) => (ratios[index] ?? 0) / (deciding[index]?.tolerance ?? 1);
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

function scaled(
  plan: CalibrationPlan,
  free: readonly AnyCostName[],
  scales: readonly number[],
): Map<AnyCostName, number> {
  return new Map(
    free.map((name, index) => {
      const cost = plan.costs[name];
      return [name, cost !== undefined && 'startNs' in cost ? rounded(cost.startNs * (scales[index] ?? 1)) : 0];
    }),
  );
}

function profileOf(plan: CalibrationPlan, fitted: ReadonlyMap<AnyCostName, number>): Profile {
  const { costs, ...rest } = plan;
  const entries = Object.entries(costs).map(([name, cost]) => {
    if (cost === undefined || !('startNs' in cost)) return [name, cost] as const;
    const valueNs = fitted.get(name as AnyCostName) ?? cost.startNs;
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
