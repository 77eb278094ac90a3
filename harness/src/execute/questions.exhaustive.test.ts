/** The questions of each study: all of it is run, and has to give the page that is committed. */
import { fileURLToPath } from 'node:url';
import { renderProof } from '@s2bench/report';
import { ASKED_STUDIES, questionsOf } from '@s2bench/studies';
import { describe, expect, it } from 'vitest';
import { startPool } from './pool.ts';
import { proveOnPool } from './questions.ts';

const JOBS = 2;

function pageOf(study: string): string {
  return fileURLToPath(new URL(`../../../reports/${study}/proof.md`, import.meta.url));
}

describe.each(ASKED_STUDIES)('the proof of %s', (study) => {
  it('gives every answer, and the page that is committed', { timeout: 600_000 }, async () => {
    const pool = startPool({ jobs: JOBS });
    try {
      const signal = new AbortController().signal;
      const { document, unexpected } = await proveOnPool(pool, study, await questionsOf(study), { jobs: JOBS, signal });
      expect(unexpected).toEqual([]);
      expect(document.claims.map(({ number }) => number)).toEqual(document.claims.map((_, index) => index + 1));
      // npm run test:exhaustive -- harness/src/execute/questions -u writes it anew.
      await expect(renderProof(document)).toMatchFileSnapshot(pageOf(study));
    } finally {
      await pool.destroy();
    }
  });
});
