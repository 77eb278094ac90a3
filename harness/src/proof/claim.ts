/** Claims: a question of the thread, the answer to it, and what is run to show that it is right. */
import type { ProofTable } from '@s2bench/report';
import type { Scenario, ScenarioResult } from './scenario.ts';

/** A scenario that was run. */
export interface Run {
  readonly scenario: Scenario;
  readonly result: ScenarioResult;
}

/** A question and its answer. Texts may have names between back-quotes. */
export interface Claim {
  readonly number: number;
  readonly title: string;
  /** What was asked, in our own words. */
  readonly question: string;
  /** Comments of the thread in which it was asked and argued, by their number. */
  readonly comments: readonly CommentNumber[];
  readonly verdict: 'Refuted' | 'Confirmed' | 'Confirmed within bounds' | 'Confirmed but for the RFC';
  readonly answer: string;
  /** The answer is right where each of them finds what it expects. */
  readonly scenarios: readonly Scenario[];
  /** Tables that say more than a row for each scenario; they stand in its place. */
  readonly tables?: (runs: readonly Run[]) => readonly ProofTable[];
  /** What the answer does not reach. */
  readonly bounds: readonly string[];
}

/** The message that the thread is about. */
export const MESSAGE_ID = '20210208112250.163568-4-wangyanan55@huawei.com';

const COMMENT_DATES = {
  2: '2021-03-02',
  3: '2021-03-03',
  4: '2021-03-03',
  5: '2021-03-04',
  7: '2021-03-19',
  8: '2021-03-22',
} as const;

/** The number of a comment as the list's archive counts them. */
export type CommentNumber = keyof typeof COMMENT_DATES;

/** Where a claim comes from, in words. */
export function sourceOf({ comments }: Claim): string {
  const dated = comments.map((number) => `#${number} of ${COMMENT_DATES[number]}`);
  return `${comments.length === 1 ? 'comment' : 'comments'} ${dated.join(', ')} to ${MESSAGE_ID}`;
}
