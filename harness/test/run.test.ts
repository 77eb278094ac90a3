import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResultDocument, type ResultDocument } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { type ProgramEnd, runProgram, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const documentOf = ({ stdout }: ProgramEnd): ResultDocument => parseResultDocument(stdout, 'stdout');
const reasons = ({ cells }: ResultDocument) => cells.map((cell) => (cell.status === 'ok' ? 'ok' : cell.reason));

/** `s2bench run` on the fake worker and the fake machine. */
function run(cwd: string, ...args: string[]): Promise<ProgramEnd> {
  return runProgram([...useFakeProfile(cwd), ...args], { cwd, fake: true });
}

describe('s2bench run', { timeout: 60_000 }, () => {
  it('with --json prints one document, whatever plugins print, and writes no file', async () => {
    const cwd = tempFolder();
    const end = await run(cwd, '--strategy', strategyPath('prints'), '--vcpus', '2', '--json');
    expect(end.code).toBe(0);
    expect(documentOf(end).cells).toHaveLength(2);
    expect(end.stderr).toContain('printed in a visitor');
    expect(readdirSync(cwd)).toEqual(['fake.json']);
  });

  it('gives the same bytes for any number of workers, and again', async () => {
    const cwd = tempFolder();
    const args = ['--strategy', `baseline,${strategyPath('quiet')}`, '--json'];
    const [one, two, again] = await Promise.all(['1', '2', '2'].map((jobs) => run(cwd, ...args, '--jobs', jobs)));
    expect(documentOf(one as ProgramEnd).cells).toHaveLength(12);
    expect(two?.stdout).toBe(one?.stdout);
    expect(again?.stdout).toBe(one?.stdout);
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
    expect(command).toBe('s2bench run --preset thread-2021 --strategy baseline --vcpus 4,2 --profile ./fake.json --json');
    const words = command.split(' ').slice(2);
    expect((await runProgram(words, { cwd, fake: true })).stdout).toBe(written);
  });

  it('lists corners that cannot be as skipped', async () => {
    const end = await run(tempFolder(), '--strategy', 'baseline', '--vcpus', '2', '--history', 'block-first', '--granule', '1G', '--page-size', '4K,64K', '--json');
    expect(end.code).toBe(0);
    expect(reasons(documentOf(end))).toEqual(['ok', '64K pages have no 1G block; with hugetlb backing it must be 512M']);
  });

  it('fails the cells of a strategy that throws or hangs, runs the others, and leaves an earlier report alone', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'README.md'), 'untouched');
    const strategies = ['quiet', 'throws-in-visitor', 'loops-in-visitor'].map(strategyPath).join();
    const args = ['--strategy', strategies, '--vcpus', '2', '--history', 'block-first', '--cell-timeout', '2', '--out', '.', '--json'];
    const end = await run(cwd, ...args);
    expect(end.code).toBe(2);
    expect(reasons(documentOf(end))).toEqual([
      'ok',
      'strategy throws-in-visitor threw in tablePre: no such entry',
      'strategy loops-in-visitor: stopped after 2 s (--cell-timeout)',
    ]);
    expect(end.stderr).toContain('s2bench: a cell failed: strategy throws-in-visitor threw in tablePre: no such entry\n');
    expect(readFileSync(join(cwd, 'README.md'), 'utf8')).toBe('untouched');
    expect(existsSync(join(cwd, 'results.json'))).toBe(false);
  });

  it('reads options from a config file', async () => {
    const cwd = tempFolder();
    const config = { strategy: 'baseline', vcpus: [3], history: 'block-first', out: 'from-config' };
    writeFileSync(join(cwd, 's2bench.config.ts'), `export default ${JSON.stringify(config)};`);
    expect((await run(cwd)).code).toBe(0);
    const written = readFileSync(join(cwd, 'from-config', 'results.json'), 'utf8');
    expect(parseResultDocument(written, '').cells.map(({ cell }) => cell.vcpus)).toEqual([3]);
  });
});
