/** Published tables of a patch series: what was measured before it, and after it. */
import type { Calibration, PublishedFigures, StageTime } from './calibration.ts';
import type { Preset, Variant } from './study.ts';

/** A row of a table, in the units of {@link StageTime}. */
export interface SeriesRow {
  /** What the table calls it. */
  readonly metric: string;
  readonly stage: string;
  readonly backing: string;
  readonly memory: string;
  readonly vcpus: number;
  readonly beforeSeconds: number;
  readonly afterSeconds: number;
}

/** A table: rows of one machine and one source. */
export interface SeriesTable {
  readonly machine: Pick<PublishedFigures['machine'], 'profile' | 'history' | 'pageSize'>;
  readonly source: string;
  readonly rows: readonly SeriesRow[];
}

/** The variants of a series whose sides differ in their kernels alone. */
export function kernelVariants(
  before: { readonly kernel: string; readonly standsFor: string },
  after: { readonly kernel: string; readonly standsFor: string },
): readonly [Variant, Variant] {
  return [
    { name: 'before', lists: { kernel: [before.kernel] }, standsFor: before.standsFor },
    { name: 'after', lists: { kernel: [after.kernel] }, standsFor: after.standsFor },
  ];
}

/**
 * The figures of a table: two of each row, one for each side.
 *
 * @param workloadOf - the workload, with its options, that a row is of under a side
 */
export function seriesFigures(
  { machine, source, rows }: SeriesTable,
  variants: NonNullable<Preset['variants']>,
  workloadOf: (row: SeriesRow, variant: Variant) => string,
): PublishedFigures {
  const stageTimes = rows.flatMap((row) =>
    variants.map((variant): StageTime => {
      const { metric, stage, backing, memory, vcpus, beforeSeconds, afterSeconds } = row;
      const [kernel] = variant.lists.kernel ?? [];
      if (kernel === undefined) throw new RangeError(`${variant.name}: a side has one kernel model`);
      return {
        metric,
        stage,
        backing,
        memory,
        vcpus,
        kernel,
        strategy: 'upstream',
        workload: workloadOf(row, variant),
        variant: variant.name,
        seconds: [variant.name === 'before' ? beforeSeconds : afterSeconds],
        source,
      };
    }),
  );
  const [first] = stageTimes;
  return { machine: { ...machine, workload: first?.workload ?? '' }, stageTimes, unitCosts: [] };
}

/** How a profile is fitted to the figures of a series: as closely as two or three digits say, populating less so. */
export function seriesCalibration(plan: unknown): Calibration {
  return {
    plan,
    toleranceOf: ({ stage }) => (stage === 'POPULATE' ? POPULATE_TOLERANCE : TOLERANCE),
    part: PART,
    // An unmap has a part that is the same whatever the memory.
    costsByPage: ({ stage }) => stage !== 'UNMAP' && stage !== 'LOG_ON',
    unitToleranceOf: () => TOLERANCE,
  };
}

/** 16M and more of each vCPU's memory: eight blocks of 2M. */
const PART = 1 / 128;
const TOLERANCE = 0.1;
const POPULATE_TOLERANCE = 0.25;
