import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CellResult, parseResultDocument } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { runCells } from '../src/execute/cells.ts';
import { StrategyThreads } from '../src/execute/strategy-threads.ts';
import { fakeJob } from './fixtures/fake-job.ts';
import { ATTACKS, moduleOf } from './fixtures/hostile.ts';
import { runProgram } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const MATRIX = ['--memory', '64M', '--granule', '2M', '--vcpus', '1,2', '--cell-timeout', '3', '--json'];
const HONEST = ['baseline', './honest.ts'];

/** A run beside the honest ones, after or before them. */
async function run(cwd: string, ...strategies: string[]) {
  writeFileSync(join(cwd, 'honest.ts'), moduleOf('honest', {}));
  return runProgram(['run', '--strategy', strategies.join(), ...MATRIX], { cwd });
}

function cellsOf(stdout: string): readonly CellResult[] {
  return parseResultDocument(stdout, '').cells.filter(({ cell }) => cell.strategy !== 'hostile');
}

let alone: Promise<string> | undefined;

/** The cells of the honest ones, with nobody beside them. */
async function honestCells(): Promise<readonly CellResult[]> {
  alone ??= run(tempFolder(), ...HONEST).then(({ stdout }) => stdout);
  return cellsOf(await alone);
}

describe('a strategy that', () => {
  // Every other one, or all where there is time.
  const attacks = Object.entries(ATTACKS).filter((_, at) => process.env['S2BENCH_LONG'] === '1' || at % 2 === 0);

  it.each(attacks)('%s fails by name, and changes nothing of others', async (_, attack) => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'hostile.ts'), moduleOf('hostile', attack));
    const { code, stdout, stderr } = await run(cwd, './hostile.ts', ...HONEST);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^s2bench: [^\n]*hostile[^\n]*\n/);
    expect(stderr).toMatch(attack.said);
    expect(stderr).not.toMatch(/\n\s+at /);
    // One that cannot be loaded is refused before anything runs.
    if (stdout === '') return;
    expect(cellsOf(stdout)).toEqual(await honestCells());
    const theirs = parseResultDocument(stdout, '').cells.filter(({ cell }) => cell.strategy === 'hostile');
    expect(theirs.every(({ status }) => status === 'failed')).toBe(true);
  });

  it('collects buffers is ended before the program has filled the machine, and no other', async () => {
    const workerUrl = new URL('./fixtures/fake-worker.ts', import.meta.url);
    const maxProcessBytes = process.memoryUsage.rss() + 800 * 2 ** 20;
    const threads = new StrategyThreads({ jobs: 2, workerUrl, maxProcessBytes });
    const results: CellResult[] = [];
    try {
      await runCells(threads, [[fakeJob(0, { strategy: 'hoards-buffers' })], [fakeJob(1)]], {
        jobs: 2,
        cellTimeoutS: 600,
        signal: new AbortController().signal,
        onResult: (index, result) => (results[index] = result),
      });
    } finally {
      await threads.destroy();
    }
    expect(results).toMatchObject([{ status: 'failed' }, { status: 'ok' }]);
    expect(results[0]).toHaveProperty(
      'reason',
      expect.stringMatching(
        /^strategy hoards-buffers: stopped: the memory of the program came to [\d.]+ GiB, of [\d.]+ GiB that it may take; its thread held [\d.]+ GiB$/,
      ),
    );
  });
});
