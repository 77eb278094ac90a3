import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResultDocument, type ResultDocument } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { callProgram } from './fixtures/call-program.ts';
import { type ProgramEnd, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const documentOf = ({ stdout }: ProgramEnd): ResultDocument => parseResultDocument(stdout, 'stdout');
const reasons = ({ cells }: ResultDocument) => cells.map((cell) => (cell.status === 'ok' ? 'ok' : cell.reason));

/** `s2bench run` on the fake worker and the fake machine. */
function run(cwd: string, ...args: string[]): Promise<ProgramEnd> {
  return callProgram([...useFakeProfile(cwd), ...args], { cwd, fake: true });
}

describe('s2bench run', () => {
  it('with --json prints one document, whatever plugins print, and writes no file', async () => {
    const cwd = tempFolder();
    const end = await run(cwd, '--strategy', strategyPath('prints'), '--vcpus', '2', '--json');
    expect(end.code).toBe(0);
    expect(documentOf(end).cells).toHaveLength(2);
    expect(end.stderr).toContain('printed in a visitor');
    expect(readdirSync(cwd)).toEqual(['fake.json']);
  });

  it('writes the report, its document and its picture into --out, and its command gives the document again', async () => {
    const cwd = tempFolder();
    const end = await run(cwd, '--strategy', 'baseline', '--vcpus', '4,2', '--out', 'made/report');
    expect(end.code).toBe(0);
    expect(end.stdout).toContain('baseline');
    expect(end.stderr).toBe('s2bench: report written to made/report\n');
    const folder = join(cwd, 'made', 'report');
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'chart.svg', 'results.json']);
    const written = readFileSync(join(folder, 'results.json'), 'utf8');
    const { command } = parseResultDocument(written, 'results.json');
    expect(command).toBe(
      's2bench run --preset thread-2021 --strategy baseline --vcpus 4,2 --profile ./fake.json --json',
    );
    const words = command.split(' ').slice(2);
    expect((await callProgram(words, { cwd, fake: true })).stdout).toBe(written);
  });

  it('lists corners that cannot be as skipped', async () => {
    const end = await run(
      tempFolder(),
      '--strategy',
      'baseline',
      '--vcpus',
      '2',
      '--history',
      'block-first',
      '--granule',
      '1G',
      '--page-size',
      '4K,64K',
      '--json',
    );
    expect(end.code).toBe(0);
    expect(reasons(documentOf(end))).toEqual(['ok', 'hugetlb backing gives 512M with 64K pages']);
  });

  it('skips the cells of a strategy on a machine that lacks a feature which it needs, and says which', async () => {
    const end = await run(
      tempFolder(),
      ...['--strategy', 'baseline,bbm-level-2', '--vcpus', '2', '--history', 'block-first', '--json'],
    );
    expect(end.code).toBe(0);
    expect(reasons(documentOf(end))).toEqual([
      'ok',
      'strategy bbm-level-2 needs FEAT_BBM level 2, which machine profile fake-machine does not have',
    ]);
  });

  it('skips the cells of a strategy under a kernel of another walker, where it has cells under one of its own', async () => {
    const args = ['--vcpus', '2', '--history', 'block-first', '--strategy', 'baseline'];
    const both = await run(tempFolder(), ...args, '--kernel', 'v6.1,v6.12', '--json');
    expect(both.code).toBe(0);
    expect(reasons(documentOf(both))).toEqual([
      'ok',
      'strategy baseline is written for the walker v5 (v5.11 to v6.1); kernel v6.12 has v6 (v6.2 and later)',
    ]);
    const none = await run(tempFolder(), ...args, '--kernel', 'v6.12');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('--strategy baseline: strategy baseline is written for the walker v5');
  });

  it('fails the cells of a strategy that throws or hangs, runs the others, and leaves an earlier report alone', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'README.md'), 'untouched');
    const strategies = ['quiet', 'throws-in-visitor', 'loops-in-visitor'].map(strategyPath).join();
    const args = [
      '--strategy',
      strategies,
      '--vcpus',
      '2',
      '--history',
      'block-first',
      '--cell-timeout',
      '1',
      '--out',
      '.',
      '--json',
    ];
    const end = await run(cwd, ...args);
    expect(end.code).toBe(2);
    expect(reasons(documentOf(end))).toEqual([
      'ok',
      'strategy throws-in-visitor threw in tablePre: no such entry',
      'strategy loops-in-visitor: stopped after 4 s in which it used less than 1 s of CPU time (--cell-timeout)',
    ]);
    expect(end.stderr).toContain(
      's2bench: a cell failed: strategy throws-in-visitor threw in tablePre: no such entry\n',
    );
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('untouched');
    expect(existsSync(join(cwd, 'results.json'))).toBe(false);
  });

  it('makes axes of the options of a strategy, each a strategy of its own, and its command gives the document again', async () => {
    const cwd = tempFolder();
    cpSync(strategyPath('threshold'), join(cwd, 'mine.ts'));
    const lists = [
      '--strategy',
      'baseline,./mine.ts?threshold=16,64&order=last',
      '--strategy',
      'full-population-check',
    ];
    const end = await run(cwd, ...lists, '--vcpus', '2', '--history', 'block-first', '--json');
    expect(end.stderr).toBe('');
    const document = documentOf(end);
    const names = ['threshold?threshold=16&order=last', 'threshold?threshold=64&order=last'];
    expect(document.strategies.map(({ name }) => name)).toEqual(['baseline', ...names, 'full-population-check']);
    expect(document.cells.map(({ cell }) => cell.strategy)).toEqual(['baseline', ...names, 'full-population-check']);
    expect(document.command).toContain(' --strategy full-population-check --vcpus 2 ');
    const words = [...document.command.matchAll(/'([^']*)'|(\S+)/g)]
      .map(([, quoted, plain]) => quoted ?? plain ?? '')
      .slice(2);
    expect((await callProgram(words, { cwd, fake: true })).stdout).toBe(end.stdout);
  });

  it('takes options of a kernel model, and says in the document what each model is', async () => {
    const cwd = tempFolder();
    const args = ['--strategy', 'baseline', '--vcpus', '2', '--history', 'block-first'];
    const kernels = ['--kernel', 'v5.12?aligned-walk=on', '--kernel', 'v5.11'];
    const end = await run(cwd, ...args, ...kernels, '--json', '--out', 'made');
    expect(end.code).toBe(0);
    const { cells, kernels: notes = [], command } = documentOf(end);
    expect(cells.map(({ cell }) => cell.kernel)).toEqual(['v5.12?aligned-walk=on', 'v5.11']);
    expect(notes.map(({ name }) => name)).toEqual(['v5.12?aligned-walk=on', 'v5.11']);
    expect(notes.map(({ summary }) => /without/.test(summary))).toEqual([false, true]);
    expect(command).toContain("--kernel 'v5.12?aligned-walk=on' --kernel v5.11 ");
    expect(readFileSync(join(cwd, 'made', 'README.md'), 'utf8')).toContain('- `v5.11`: release v5.11.0');
  });

  it('reads options from a config file', async () => {
    const cwd = tempFolder();
    const strategy = ['./mine.ts?threshold=16,64', 'baseline'];
    cpSync(strategyPath('threshold'), join(cwd, 'mine.ts'));
    const config = { strategy, vcpus: [3], history: 'block-first', out: 'from-config' };
    writeFileSync(join(cwd, 's2bench.config.ts'), `export default ${JSON.stringify(config)};`);
    expect((await run(cwd)).code).toBe(0);
    const written = readFileSync(join(cwd, 'from-config', 'results.json'), 'utf8');
    const cells = parseResultDocument(written, '').cells.map(({ cell }) => `${cell.strategy} ${cell.vcpus}`);
    expect(cells).toEqual(['threshold?threshold=16 3', 'threshold?threshold=64 3', 'baseline 3']);
  });

  it('without --verify says that nothing was explored', async () => {
    const cwd = tempFolder();
    expect(
      (await run(cwd, '--strategy', 'baseline', '--vcpus', '2', '--history', 'block-first', '--out', 'report')).code,
    ).toBe(0);
    expect(readFileSync(join(cwd, 'report', 'README.md'), 'utf8')).toMatch(
      /\| `baseline` +\| `block-first` +\| +0 \| not explored \|/,
    );
  });
});
