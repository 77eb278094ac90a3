/** The nine answers. That all of it gives the page that is committed is held by the harness, which has the workers. */
import { readFileSync } from 'node:fs';
import { SMALL_WORLDS } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { answerOf } from '../questions/answer.ts';
import type { Claim } from '../questions/claim.ts';
import { type Proof, questionsOf } from '../questions/questions.ts';
import { follow } from './claims/follow.ts';
import { QUESTIONNAIRE, QUESTIONS } from './questions.ts';
import { CLAIM_WORLDS } from './worlds.ts';

function asked(claims: readonly Claim[]) {
  return questionsOf({ ...QUESTIONNAIRE, claims });
}

/** Everything in this thread. */
function runProof(claims: readonly Claim[]): Proof {
  const questions = asked(claims);
  return questions.answer(questions.scenarios.map((scenario) => questions.run(scenario)));
}

const PAGE = new URL('../../../../reports/thread-2021/proof.md', import.meta.url);
/** A row of the table that says when the RFC is unsafe: world, history, reached, how it looks, verdict, with a clean. */
const EXACTLY_WHEN = /^\| `([^`]+)` +\| `([^`]+)` +\| (yes|no) +\| ([^|]+?) +\| ([^|]+?) +\| [^|]+\|$/gm;

describe('the questions', () => {
  it('are nine, in the order of the page', () => {
    expect(QUESTIONNAIRE.claims.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('have an answer that says "exactly where": so it is in each row', () => {
    const rows = [...readFileSync(PAGE, 'utf8').matchAll(EXACTLY_WHEN)];
    const settings = [...SMALL_WORLDS, ...CLAIM_WORLDS].flatMap(({ histories }) => histories);
    expect(rows).toHaveLength(settings.length);
    for (const [, world, history, reached, looks, verdict] of rows) {
      const isUnsafe = reached === 'yes' && looks !== 'no';
      expect(verdict?.startsWith('unsafe'), `${world} ${history}`).toBe(isUnsafe);
    }
  });

  it('want what several claims want once only', () => {
    const wanted = QUESTIONNAIRE.claims.flatMap(({ scenarios }) => scenarios).length;
    expect(QUESTIONS.scenarios.length).toBeLessThan(wanted);
    expect(asked([follow, follow]).scenarios).toEqual(asked([follow]).scenarios);
  });

  it('are answered in one thread', () => {
    const { document, unexpected } = runProof([follow]);
    expect(unexpected).toEqual([]);
    expect(document.claims[0]?.verdict).toBe('Confirmed');
    expect(document.claims[0]?.steps[0]?.conclusion).toContain('no table page');
  });
});

describe('an answer', () => {
  const wrong: Claim = {
    ...follow,
    scenarios: follow.scenarios.map(
      (scenario) => ({ ...scenario, expects: 'nothing' }) as (typeof follow.scenarios)[number],
    ),
  };

  it('does not stand where a scenario finds something else', () => {
    const { document, unexpected } = runProof([wrong]);
    expect(unexpected[0]).toBe(
      'claim 8: install-first-follow-lost in partial-table (logging-first, FWB off) found accounting, not nothing',
    );
    expect(document.claims[0]?.verdict).toBe('Not answered');
    expect(document.claims[0]?.answer).toContain('found accounting, not nothing');
  });

  it('says what was run for it', () => {
    const runs = follow.scenarios.map((scenario) => ({ scenario, result: QUESTIONS.run(scenario) }));
    const { evidence, tables } = answerOf(follow, QUESTIONNAIRE.thread, runs);
    expect(evidence).toMatch(/^6 searches of 2 worlds; .* states; 2 complete, 4 ended by what they found$/);
    expect(tables[0]?.rows).toHaveLength(6);
  });
});
