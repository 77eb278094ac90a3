import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResultDocument } from '@s2bench/report/schema';
import { describe, expect, it } from 'vitest';
import { entryOf, lineOf } from '../src/execute/journal-file.ts';
import type { Explored } from '../src/plan/verify-plan.ts';
import { runProgram } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

/** Runs with a cache folder; the value is what is printed, and the verdicts in it. */
async function runWith(
  cache: string,
  ...more: string[]
): Promise<{ stdout: string; statuses: (string | undefined)[] }> {
  const args = ['run', '--strategy', 'baseline', '--memory', '1G', '--vcpus', '1'];
  const verdicts = ['--history', 'logging-first', '--verify', '--json', ...more];
  const cwd = tempFolder();
  const { code, stdout, stderr } = await runProgram([...args, ...verdicts], { cwd, env: { XDG_CACHE_HOME: cache } });
  expect([code, stderr]).toEqual([0, '']);
  expect(readdirSync(cwd)).toEqual([]);
  const { cells } = JSON.parse(stdout) as ResultDocument;
  return { stdout, statuses: cells.map((cell) => (cell.status === 'ok' ? cell.verdict?.status : cell.status)) };
}

describe('a run with verdicts', () => {
  it('takes those of the run before, and prints the same', async () => {
    const cache = tempFolder();
    const first = await runWith(cache);
    expect(await runWith(cache)).toEqual(first);
    expect(first.statuses).not.toContain('not-explored');
    // That they are taken shows where they are not what would be found.
    const folder = join(cache, 's2bench', 'verdicts');
    for (const name of readdirSync(folder)) {
      const [key, found] = entryOf(readFileSync(join(folder, name), 'utf8').trimEnd()) ?? [''];
      const explored = found as Extract<Explored, { ok: true }>;
      writeFileSync(
        join(folder, name),
        lineOf(key, {
          ...explored,
          results: [{ ...explored.results[0], verdict: 'incomplete', counterexample: undefined }],
        }),
      );
    }
    const taken = await runWith(cache);
    expect(new Set(taken.statuses)).toEqual(new Set(['not-explored']));
    expect(await runWith(cache, '--no-cache')).toEqual(first);
    expect(await runWith(cache)).toEqual(taken);
  });
});
