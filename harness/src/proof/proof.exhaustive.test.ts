/** The nine answers: all of it is run, and has to give the page that is committed. */
import { fileURLToPath } from 'node:url';
import { renderProof } from '@s2bench/report';
import { expect, it } from 'vitest';
import { startPool } from '../pool/pool.ts';
import { proveOnPool } from './on-pool.ts';

const PAGE = fileURLToPath(new URL('../../../reports/thread-2021/proof.md', import.meta.url));
const JOBS = 2;

it('the proof gives every answer, and the page that is committed', { timeout: 3_600_000 }, async () => {
  const pool = startPool({ jobs: JOBS });
  try {
    const { document, unexpected } = await proveOnPool(pool, { jobs: JOBS, signal: new AbortController().signal });
    expect(unexpected).toEqual([]);
    expect(document.claims.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // npm run test:exhaustive -- harness/src/proof -u writes it anew.
    await expect(renderProof(document)).toMatchFileSnapshot(PAGE);
    // The answer says "exactly where": so it has to be in each row.
    const rows = document.claims[8]?.tables[0]?.rows ?? [];
    expect(rows).not.toEqual([]);
    for (const [world, history, reached, looks, verdict] of rows) {
      const isUnsafe = reached === 'yes' && looks !== 'no';
      expect(verdict?.startsWith('unsafe'), `${world} ${history}`).toBe(isUnsafe);
    }
  } finally {
    await pool.destroy();
  }
});
