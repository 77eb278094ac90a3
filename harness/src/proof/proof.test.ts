/** The nine answers: all of it is run, and has to give the page that is committed. */
import { fileURLToPath } from 'node:url';
import { renderProof } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { startPool } from '../pool/pool.ts';
import { answerOf } from './answer.ts';
import type { Claim } from './claim.ts';
import { CLAIMS } from './claims/index.ts';
import { follow } from './claims/follow.ts';
import { proveOnPool } from './on-pool.ts';
import { runProof, scenariosOf } from './proof.ts';
import { runScenario } from './run-scenario.ts';

const PAGE = fileURLToPath(new URL('../../../reports/thread-2021/proof.md', import.meta.url));
const JOBS = 2;

describe('the proof', () => {
  it('gives every answer, and the page that is committed', { timeout: 600_000 }, async () => {
    const pool = startPool({ jobs: JOBS });
    try {
      const { document, unexpected } = await proveOnPool(pool, { jobs: JOBS, signal: new AbortController().signal });
      expect(unexpected).toEqual([]);
      expect(document.claims.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      // npx vitest run --project harness src/proof -u writes it anew.
      await expect(renderProof(document)).toMatchFileSnapshot(PAGE);
      // The answer says "exactly where": so it has to be in each row.
      for (const [world, history, reached, looks, verdict] of document.claims[8]?.tables[0]?.rows ?? []) {
        const isUnsafe = reached === 'yes' && looks !== 'no';
        expect(verdict?.startsWith('unsafe'), `${world} ${history}`).toBe(isUnsafe);
      }
    } finally {
      await pool.destroy();
    }
  });

  it('runs what several claims want once', () => {
    const wanted = CLAIMS.flatMap(({ scenarios }) => scenarios).length;
    expect(scenariosOf().length).toBeLessThan(wanted);
    expect(scenariosOf([follow, follow])).toEqual(scenariosOf([follow]));
  });

  it('is the same in one thread', () => {
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
    const runs = follow.scenarios.map((scenario) => ({ scenario, result: runScenario(scenario) }));
    const { evidence, tables } = answerOf(follow, runs);
    expect(evidence).toMatch(/^6 searches of 2 worlds; .* states; 2 complete, 4 ended by what they found$/);
    expect(tables[0]?.rows).toHaveLength(6);
  });
});
