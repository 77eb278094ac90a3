/** What `run --trace` writes, and that the picture in the README is what it draws: a change of the model that moves it is seen. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { traceDocumentSchema } from '@s2bench/report/trace';
import { describe, expect, it } from 'vitest';
import { runProgram } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const PICTURE = new URL('../../reports/thread-2021/timeline.svg', import.meta.url);
const SMALL = [
  'run',
  '--memory',
  '8M',
  '--granule',
  '2M',
  '--vcpus',
  '2,4',
  '--history',
  'block-first',
  '--no-recheck',
];

describe('s2bench run --trace', () => {
  it('draws the timeline of the thread as it is kept', async () => {
    const cwd = tempFolder();
    const args = ['run', '--vcpus', '20', '--history', 'block-first', '--no-recheck', '--trace', 'timeline.svg'];
    const { code, stderr } = await runProgram(args, { cwd });
    expect(stderr).toContain('traces of 4 cells written');
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'timeline.svg'), 'utf8')).toBe(readFileSync(PICTURE, 'utf8'));
  });

  it('writes JSON by its schema, in the order of the matrix, and changes nothing of the result', async () => {
    const cwd = tempFolder();
    const traced = await runProgram([...SMALL, '--json', '--trace', 'trace.json', '--trace-all'], { cwd });
    expect(traced.code).toBe(0);
    const { traces } = traceDocumentSchema.parse(JSON.parse(readFileSync(join(cwd, 'trace.json'), 'utf8')));
    const result = JSON.parse(traced.stdout) as { cells: { cell: object }[] };
    expect(traces.map(({ cell }) => cell)).toEqual(result.cells.map(({ cell }) => cell));
    expect((await runProgram([...SMALL, '--json'], { cwd })).stdout).toBe(traced.stdout);
  });

  it('refuses in one line more cells than a file is made for, and a folder that cannot be, and runs nothing', async () => {
    const cwd = tempFolder();
    const many = await runProgram([...SMALL, '--vcpus', '1..20', '--trace', 'trace.json'], { cwd });
    expect(many).toMatchObject({ code: 2, stdout: '' });
    expect(many.stderr).toBe(
      's2bench: --trace trace.json: the run has 80 cells, and a trace is of 24 at most; choose with --filter\n',
    );
    const nowhere = await runProgram([...SMALL, '--trace', '/proc/none/trace.json'], { cwd });
    expect(nowhere).toMatchObject({ code: 2, stdout: '' });
    expect(nowhere.stderr).toMatch(/^s2bench: --trace \/proc\/none\/trace\.json: cannot be written .*--trace\n$/);
    expect(existsSync(join(cwd, 'trace.json'))).toBe(false);
  });
});
