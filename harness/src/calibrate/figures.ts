/** The published figures as equations: what was measured, and how the model predicts it. */
import type { Strategy } from '@s2bench/core';
import { type Costs, costsOf, type Profile } from '@s2bench/machine';
import type { Cell, StageName } from '@s2bench/report/schema';
import { findWorkload } from '@s2bench/workloads';
import { median } from 'simple-statistics';
import { parseSize } from '../options/size.ts';
import published from '../published/published.json' with { type: 'json' };
import { BuiltStates } from '../simulate/built-states.ts';
import { simulateCell } from '../simulate/cell.ts';

/** What the model may be off by, relative: what the figures repeat to, and what the model claims. */
const BLOCK_TOLERANCE = 0.03;
const PAGE_TOLERANCE = 0.15;
const UNIT_TOLERANCE = 0.15;

/** Faults that are simulated one by one: the fitted stages repeat themselves after far fewer. */
const FAULT_BUDGET = 10_000;
/** While fitting, stages in which every page costs the same are simulated on this part of the memory. */
const FITTED_PART = 1 / 16;

const LINES_PER_GIB = 2 ** 24;
const LINES_PER_4K = 64;
/** Where the figures stand, for messages. */
const ORIGIN = 'published.json';
/** Entries of a 4K table page: a walk comes to so many neighbours for one step. */
const ENTRIES = 512;

/** A figure. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly published: number;
  readonly tolerance: number;
  /** @param quick - on a part of the memory where every page costs the same */
  predict(profile: Profile, quick: boolean): number;
}

type StageRow = (typeof published.stageTimes)[number];

/** The stage times of the page-table test, then the costs of single operations. */
export function publishedFigures(strategies: ReadonlyMap<string, Strategy>): Figure[] {
  return [...published.stageTimes.map((row) => stageFigure(row, strategies)), ...unitFigures()];
}

function stageFigure(row: StageRow, strategies: ReadonlyMap<string, Strategy>): Figure {
  const strategy = strategies.get(row.strategy);
  const workload = findWorkload(published.machine.workload);
  if (strategy === undefined || workload === undefined) {
    throw new Error(`published.json: nothing to simulate ${row.strategy} by`);
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
  const perPage = backing === 'anonymous' || stage === 'UPDATE';
  const states = new BuiltStates();
  return {
    name: `${stage} ${row.backing} ${row.memory} ${row.vcpus} vCPUs ${row.kernel} ${row.strategy}`,
    unit: 's',
    published: median(row.seconds),
    tolerance: perPage ? PAGE_TOLERANCE : BLOCK_TOLERANCE,
    predict: (profile, quick) => {
      const part = perPage && quick ? Math.max(cell.granuleBytes / memoryBytes, FITTED_PART) : 1;
      const fitted = { ...cell, memoryBytes: Math.ceil((memoryBytes * part) / cell.granuleBytes) * cell.granuleBytes };
      const options = { stages: [stage], exact: false, faultBudget: FAULT_BUDGET };
      const results = simulateCell(fitted, { strategy, workload, profile }, options, quick ? states : undefined);
      return (((results[stage]?.timeNs ?? 0) / 1e9) * memoryBytes) / fitted.memoryBytes;
    },
  };
}

function unitFigures(): Figure[] {
  return published.unitCosts.flatMap(({ what, value, unit }) => {
    const predictNs = UNIT_PREDICTIONS[what];
    if (predictNs === undefined || value === undefined) return [];
    const perUnit = NS_PER_UNIT[unit];
    if (perUnit === undefined) throw new Error(`published.json: unknown unit ${unit}`);
    return [
      {
        name: what,
        unit,
        published: value,
        tolerance: UNIT_TOLERANCE,
        predict: (profile: Profile) => predictNs(costsOf(profile)) / perUnit,
      },
    ];
  });
}

const NS_PER_UNIT: Readonly<Record<string, number>> = { s: 1e9, us: 1e3, ns: 1 };

/** The costs of single operations that the model has; others were measured on other machines or with other TLBIs. */
const UNIT_PREDICTIONS: Readonly<Record<string, (costs: Costs) => number>> = {
  'clean 1G to PoC': (costs) => LINES_PER_GIB * costs.cleanLine,
  'clean 4K to PoC': (costs) => LINES_PER_4K * costs.cleanLine,
  'TLBI by IPA incl. both broadcasts, per 4K page': (costs) => costs.tlbiIpa + costs.tlbiPerCore,
  'write-protect one 4K leaf when logging starts': (costs) =>
    costs.walkStep / ENTRIES + costs.descriptorRead + costs.descriptorWrite,
};
