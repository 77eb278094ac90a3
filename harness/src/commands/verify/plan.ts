/** What is to be verified: worlds for a pool, and what is held against what is found there. */
import type { RuleName, VerifyResult } from '@s2bench/verify';
import type { TextOptions } from '../../cli/terminal.ts';
import type { Expectation, Judgement } from '../../verify/expectation.ts';
import type { WorldTask } from '../../verify/task.ts';

/** What is to be verified. */
export interface VerifyPlan {
  readonly tasks: readonly WorldTask[];
  readonly expectations: readonly Expectation[];
  /** Rules that would show: one of these that is expected to be broken and is not, is kept. */
  readonly couldShow: readonly RuleName[];
  /** The results as text. */
  readonly render: (results: readonly VerifyResult[], judgements: readonly Judgement[], options: TextOptions) => string;
}
