/** Coverage, which is judged over a run of everything. */
import { verifyDocumentSchema } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { runProgram, strategyPath } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

describe('s2bench verify of all worlds', () => {
  it('ends with 3 where a branch was never taken, and names it in each result', async () => {
    const strategies = ['full-population-check', strategyPath('never-that-large')];
    const end = await runProgram(['verify', ...strategies, '--json'], { cwd: tempFolder() });
    expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 3, stderr: '' });
    const { results } = verifyDocumentSchema.parse(JSON.parse(end.stdout));
    for (const { strategy, verdict, untested } of results) {
      expect(verdict).toBe('safe');
      expect(untested).toEqual(
        strategy === 'never-that-large'
          ? ['test/fixtures/strategies/never-that-large.ts:11:29 is never run: { map.tlbiVmid(); }']
          : [],
      );
    }
  });
});
