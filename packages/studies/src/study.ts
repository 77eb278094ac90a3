/**
 * What a study is: a patch series, the matrix that it is measured on, its questions, and the figures published for it.
 */
import type { Comparison, VariantName } from '@s2bench/report/schema';
import type { Calibration, PublishedFigures } from './calibration.ts';
import type { Questions } from './questions/questions.ts';

/** A study. It is a folder of this package, and a line in its registry. */
export interface Study {
  /** Its folder, the name of its first preset, and what `s2bench verify --preset` calls its questions. */
  readonly name: string;
  readonly summary: string;
  readonly presets: readonly Preset[];
  /** What was asked about the series, and what is run to answer it. Loaded where it is asked. */
  readonly questions?: () => Promise<Questions>;
  /** Figures that were measured and published. Reports set them beside the cells that they are of. */
  readonly figures?: PublishedFigures;
  /** How a machine profile is fitted to the figures. Loaded where it is done. */
  readonly calibration?: () => Promise<Calibration>;
}

/** The options of `s2bench run` that span a matrix, by their keys in a config file. */
export type AxisKey =
  | 'strategy'
  | 'logStart'
  | 'logStop'
  | 'vcpus'
  | 'memory'
  | 'granule'
  | 'pageSize'
  | 'backing'
  | 'history'
  | 'profile'
  | 'kernel'
  | 'workload'
  | 'stages'
  | 'seed';

/** The options that the two sides of a series may differ in. */
export type VariantKey = Extract<AxisKey, 'kernel' | 'workload'>;

/** A side of a patch series: the matrix of its preset, under the code of that side. */
export interface Variant {
  readonly name: VariantName;
  /** What it has in the place of the preset's values. The command line cannot change them: they are what is compared. */
  readonly lists: Partial<Readonly<Record<VariantKey, readonly string[]>>>;
  /** The code that it is a model of, and what is not the same: a sentence without a full stop. */
  readonly standsFor: string;
}

/** A matrix with a name. Its report goes to `reports/<name>/`. */
export interface Preset {
  readonly name: string;
  /** Heading of the report. */
  readonly title: string;
  readonly summary: string;
  /** Values of the options that span the matrix, as they would stand on the command line. */
  readonly lists: Partial<Readonly<Record<AxisKey, readonly string[]>>>;
  readonly exact?: boolean;
  /** Its strategies are explored too, where its matrix is run as it is. */
  readonly verify?: boolean;
  /**
   * States that an exploration goes to at most where map faults share mmu_lock. Where it is cut off nothing was found, and the report says how many were. Left
   * out: as far as it goes.
   */
  readonly mostStates?: number;
  /** Strategies that differ in one thing, for the report to split a gain by. */
  readonly comparisons?: readonly Comparison[];
  /** The two sides of a series, `before` first: each cell is run for both. Both give the same options. */
  readonly variants?: readonly [Variant, Variant];
  /** What a reader of its published figures has to know, and which of them cannot be had, and why: sentences. */
  readonly remarks?: readonly string[];
  /** Other presets whose reports a reader of this one's should see. */
  readonly seeAlso?: readonly string[];
  /** Template of a letter to a list, for `letter.txt` of its report; the report package looks its figures up. */
  readonly letter?: string;
}
