/** The studies that come with s2bench. */
import { CLEAN_BEFORE_BREAK } from './clean-before-break/study.ts';
import { EAGER_SPLIT } from './eager-split/study.ts';
import { EAGER_SPLIT_2023 } from './eager-split-2023/study.ts';
import { INSTALL_FIRST } from './install-first/study.ts';
import { LOG_STOP } from './log-stop/study.ts';
import { LOG_ON_2020 } from './log-on-2020/study.ts';
import { MATRIX } from './matrix/study.ts';
import { PARALLEL_FAULTS_2022 } from './parallel-faults-2022/study.ts';
import type { Questions } from './questions/questions.ts';
import { RWLOCK_2022 } from './rwlock-2022/study.ts';
import type { Preset, Study } from './study.ts';
import { THREAD_2021 } from './thread-2021/study.ts';
import { TLBI_RANGE_2023 } from './tlbi-range-2023/study.ts';

export * from './calibration.ts';
export * from './own-figures.ts';
export type { Scenario, ScenarioResult } from './questions/claim.ts';
export type { Proof, Questions } from './questions/questions.ts';
export type { AxisKey, Preset, Study, Variant, VariantKey } from './study.ts';

/** All studies. A new one is a folder, and a line here. */
export const STUDIES: readonly Study[] = [
  THREAD_2021,
  MATRIX,
  CLEAN_BEFORE_BREAK,
  INSTALL_FIRST,
  LOG_ON_2020,
  RWLOCK_2022,
  PARALLEL_FAULTS_2022,
  TLBI_RANGE_2023,
  EAGER_SPLIT_2023,
  LOG_STOP,
  EAGER_SPLIT,
];

/** The study whose machine profile is fitted where no other is asked for. */
export const DEFAULT_STUDY = THREAD_2021;

/** The preset that fills in what neither flags nor a config file say. */
export const DEFAULT_PRESET: Preset = DEFAULT_STUDY.presets[0];

/** The presets of all studies. */
export const PRESETS: readonly Preset[] = STUDIES.flatMap(({ presets }) => presets);

/** Names of the studies that have questions. */
export const ASKED_STUDIES: readonly string[] = STUDIES.flatMap(({ name, questions }) => (questions ? [name] : []));

/**
 * The questions of a study.
 *
 * @throws RangeError where there are none
 */
export async function questionsOf(name: string): Promise<Questions> {
  const questions = await STUDIES.find((study) => study.name === name)?.questions?.();
  if (questions === undefined) throw new RangeError(`no study ${name} has questions`);
  return questions;
}
