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

/** A page, and then the block that it is in. */
const COALESCES = 'init ipa=40\nmap 0x40000000 0x1000 0x100000000 rw\nmap 0x40000000 0x200000 0x100000000 rw\n';

/** What a visitor does, and what is said of it, wherever it runs. */
const ENDS = {
  'fills the memory': [
    'const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 24, 1));',
    /stopped: the memory of the program came to [\d.]+ GiB, of 0\.7 GiB that it may take; its thread held [\d.]+ GiB/,
  ],
  'ends its thread': ['process.exit(0);', /its worker ended/],
  'never returns': ['for (;;);', /did not (return|end) within/],
} as const;

describe('a visitor that', () => {
  const COMMANDS = {
    ops: ['ops', '--strategy', './mine.ts', 'a.ops'],
    bench: ['bench', '--strategy', './mine.ts', '--time', '1', '--filter', 'coalesce a full'],
    verify: ['verify', './mine.ts', '--world', 'full-table'],
    watch: ['watch', './mine.ts'],
  };
  // Of those whose ends have tests of their own, where there is time.
  const ends = Object.entries(ENDS).slice(0, process.env['S2BENCH_LONG'] === '1' ? undefined : 1);
  const cases = ends.flatMap(([what, [code, line]]) =>
    Object.entries(COMMANDS).map(([command, args]) => ({ what, code, line, command, args })),
  );

  it.each(cases)('$what is one line in $command', { timeout: 120_000 }, async ({ code, line, command, args }) => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'mine.ts'), moduleOf('mine', { visit: code }));
    writeFileSync(join(cwd, 'a.ops'), COALESCES);
    let said = '';
    const end = await runProgram(args, {
      cwd,
      env: { S2BENCH_MAX_MEMORY_MIB: '700' },
      onStart: (child) => {
        if (command !== 'watch') return;
        // It goes on until it is told to end: the line comes before.
        for (const stream of [child.stdout, child.stderr])
          stream?.on('data', (text: Buffer) => {
            said += text.toString();
            if (line.test(said)) child.kill('SIGINT');
          });
      },
    });
    const { stdout, stderr } = end;
    expect(`${stdout}${stderr}`).toMatch(line);
    expect(`${stdout}${stderr}`).not.toMatch(/^ +at .*:\d+:\d+/m);
    if (command !== 'watch')
      expect({ code: end.code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
  });
});
