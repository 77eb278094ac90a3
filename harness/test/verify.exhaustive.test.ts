/** Coverage, which is judged over a run of everything. */
import { verifyDocumentSchema } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { runProgram, strategyPath } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

describe('s2bench verify of all worlds', () => {
  it('ends with 3 where a branch was never taken, and names it in each result', async () => {
    const end = await runProgram(['verify', strategyPath('never-that-large'), '--json'], { cwd: tempFolder() });
    expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 3, stderr: '' });
    const { results } = verifyDocumentSchema.parse(JSON.parse(end.stdout));
    expect(results.length).toBeGreaterThan(100);
    for (const { verdict, untested } of results) {
      expect(verdict).toBe('safe');
      expect(untested).toEqual([
        'test/fixtures/strategies/never-that-large.ts:11:29 is never run: { map.tlbiVmid(); }',
      ]);
    }
  });
});
