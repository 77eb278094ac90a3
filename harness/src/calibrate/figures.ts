/** The published figures as equations: what was measured, and how the model predicts it. */
import { findKernelModel, type Strategy } from '@s2bench/core';
import { costsOf, type Profile } from '@s2bench/machine';
import type { Cell, StageName } from '@s2bench/report/schema';
import type { Calibration, PublishedFigures, StageTime } from '@s2bench/studies';
import { findWorkload } from '@s2bench/workloads';
import { median } from 'simple-statistics';
import { parseSize } from '../options/values.ts';
import { BuiltStates } from '../simulate/built-states.ts';
import { simulateCell } from '../simulate/cell.ts';

/** Faults that are simulated one by one: the fitted stages repeat themselves after far fewer. */
const FAULT_BUDGET = 10_000;
/** While fitting, stages in which every page costs the same are simulated on this part of the memory. */
const FITTED_PART = 1 / 16;

/** The file of a study that figures stand in, for messages. */
export const ORIGIN = 'published.json';

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
 * @param strategies - those that stage times are of, by name
 */
export function figuresOf(
  published: PublishedFigures,
  calibration: Calibration,
  strategies: ReadonlyMap<string, Strategy>,
): Figure[] {
  const stages = published.stageTimes.map((row) => stageFigure(row, published, calibration, strategies));
  return [...stages, ...unitFigures(published, calibration)];
}

function stageFigure(
  row: StageTime,
  published: PublishedFigures,
  calibration: Calibration,
  strategies: ReadonlyMap<string, Strategy>,
): Figure {
  const strategy = strategies.get(row.strategy);
  const workload = findWorkload(published.machine.workload);
  if (strategy === undefined || workload === undefined || findKernelModel(row.kernel) === undefined) {
    throw new Error(`${ORIGIN}: nothing to simulate ${row.kernel} with ${row.strategy} by`);
  }
  const [backing = '', block = ''] = row.backing.split('-');
  const memoryBytes = parseSize(row.memory, ORIGIN);
  const cell: Cell = {
    strategy: row.strategy,
    vcpus: row.vcpus,
    memoryBytes,
    granuleBytes: parseSize(block, ORIGIN),
    pageSizeBytes: parseSize(published.machine.pageSize, ORIGIN),
    backing: backing === 'anonymous' ? 'anonymous' : 'hugetlb',
    history: published.machine.history,
    profile: published.machine.profile,
    kernel: row.kernel,
    workload: workload.name,
    seed: 1,
  };
  const stage = row.stage as StageName;
  const states = new BuiltStates();
  return {
    name: `${stage} ${row.backing} ${row.memory} ${row.vcpus} vCPUs ${row.kernel} ${row.strategy}`,
    unit: 's',
    published: median([...row.seconds]),
    tolerance: calibration.toleranceOf(row),
    predict: (profile, quick) => {
      const part = calibration.costsByPage(row) && quick ? Math.max(cell.granuleBytes / memoryBytes, FITTED_PART) : 1;
      const fitted = { ...cell, memoryBytes: Math.ceil((memoryBytes * part) / cell.granuleBytes) * cell.granuleBytes };
      const options = { stages: [stage], exact: false, faultBudget: FAULT_BUDGET };
      const results = simulateCell(fitted, { strategy, workload, profile }, options, quick ? states : undefined);
      return (((results[stage]?.timeNs ?? 0) / 1e9) * memoryBytes) / fitted.memoryBytes;
    },
  };
}

function unitFigures(published: PublishedFigures, calibration: Calibration): Figure[] {
  return published.unitCosts.flatMap(({ what, value, unit }) => {
    const predictNs = calibration.unitPredictionsNs[what];
    if (predictNs === undefined || value === undefined) return [];
    const perUnit = NS_PER_UNIT[unit];
    if (perUnit === undefined) throw new Error(`${ORIGIN}: unknown unit ${unit}`);
    return [
      {
        name: what,
        unit,
        published: value,
        tolerance: calibration.unitTolerance,
        predict: (profile: Profile) => predictNs(costsOf(profile)) / perUnit,
      },
    ];
  });
}

const NS_PER_UNIT: Readonly<Record<string, number>> = { s: 1e9, us: 1e3, ns: 1 };
