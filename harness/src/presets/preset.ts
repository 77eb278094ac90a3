/** Presets: matrices with a name, as data. */
import type { Comparison } from '@s2bench/report/schema';
import type { ListTexts } from '../options/run-flags.ts';

/** A matrix with a name. Its report goes to `reports/<name>/`. */
export interface Preset {
  readonly name: string;
  /** Heading of the report. */
  readonly title: string;
  readonly summary: string;
  /** Values of the list flags, as they would stand on the command line. */
  readonly lists: ListTexts;
  readonly exact?: boolean;
  /** Its strategies are explored too, where its matrix is run as it is. */
  readonly verify?: boolean;
  /** Strategies that differ in one thing, for the report to split a gain by. */
  readonly comparisons?: readonly Comparison[];
}
