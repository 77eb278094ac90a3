/** The answers that take a moment; `proof.exhaustive.test.ts` has all of them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderProof } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { startPool } from '../pool/pool.ts';
import { answerOf } from './answer.ts';
import type { Claim } from './claim.ts';
import { alignment } from './claims/alignment.ts';
import { coherency } from './claims/coherency.ts';
import { follow } from './claims/follow.ts';
import { CLAIMS } from './claims/index.ts';
import { population } from './claims/population.ts';
import { proveOnPool } from './on-pool.ts';
import { runProof, scenariosOf } from './proof.ts';
import { runScenario } from './run-scenario.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../reports/thread-2021/proof.md', import.meta.url)), 'utf8');
/** Half a million states between them, of the page's thirty million. */
const QUICK: readonly Claim[] = [population, alignment, coherency, follow];

/** The section of each claim: what stands under its heading. */
function sectionsOf(page: string): string[] {
  return page.split(/^(?=## )/m).filter((section) => /^## \d/.test(section));
}

describe('the proof', () => {
  it('gives quick answers as they stand in the page that is committed', () => {
    const { document, unexpected } = runProof(QUICK);
    expect(unexpected).toEqual([]);
    const sections = sectionsOf(renderProof(document));
    expect(sections).toHaveLength(QUICK.length);
    expect(sectionsOf(PAGE)).toEqual(expect.arrayContaining(sections));
  });

  it('runs what several claims want once', () => {
    const wanted = CLAIMS.flatMap(({ scenarios }) => scenarios).length;
    expect(scenariosOf().length).toBeLessThan(wanted);
    expect(scenariosOf([follow, follow])).toEqual(scenariosOf([follow]));
  });

  it('is the same in one thread and on a pool', async () => {
    const pool = startPool({ jobs: 2 });
    try {
      const proof = await proveOnPool(pool, { jobs: 2, signal: new AbortController().signal, claims: [follow] });
      expect(proof).toEqual(runProof([follow]));
      expect(proof.unexpected).toEqual([]);
      expect(proof.document.claims[0]?.verdict).toBe('Confirmed');
      expect(proof.document.claims[0]?.steps[0]?.conclusion).toContain('no table page');
    } finally {
      await pool.destroy();
    }
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
