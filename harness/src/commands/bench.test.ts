import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { wallTimeSchema } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { fakeDocument } from '../../test/fixtures/fake-document.ts';
import { strategyPath } from '../../test/fixtures/program.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { UsageError } from '../cli/errors.ts';
import { openRound } from '../report/wall-times.ts';
import { bench, benchAgainst, type BenchFlags } from './bench.ts';
import { compare } from './compare.ts';

async function run(flags: Partial<BenchFlags>): Promise<string> {
  let text = '';
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  expect(await bench({ time: '1', ...flags }, stdout)).toBe(0);
  return text;
}

describe('s2bench bench', () => {
  it('prints a table with a line a benchmark, and the ratios of what was measured', async () => {
    const lines = (await run({ filter: 'yardstick|^map 1 GiB' })).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^nanoseconds a leaf +best +median +p99 +x yardstick +runs$/);
    expect(lines[1]).toMatch(/^─+$/);
    expect(lines[2]).toMatch(/^yardstick: write descriptors of 1 GiB +\d+\.\d+/);
    expect(lines[3]).toMatch(/^map 1 GiB page by page +\d+\.\d+ +\d+\.\d+ +\d+\.\d+ +\d+\.\d+ +\d+$/);
    expect(lines.at(-1)).toMatch(/^page by page \/ in one call +\d+\.\d+$/);
  });

  it('prints JSON with every strategy', async () => {
    const document = JSON.parse(await run({ filter: 'half-populated', json: true })) as {
      measurements: { name: string; leaves: number; bestNs: number; medianNs: number }[];
      ratios: unknown[];
    };
    const names = document.measurements.map(({ name }) => name);
    expect(names[0]).toBe('coalesce a half-populated 1 GiB: baseline');
    expect(names).toContain('coalesce a half-populated 1 GiB: full-population-check');
    for (const { leaves, bestNs, medianNs } of document.measurements) {
      expect(leaves).toBe(262_144);
      expect(bestNs).toBeGreaterThan(0);
      expect(medianNs).toBeGreaterThanOrEqual(bestNs);
    }
    expect(document.ratios).toEqual([]);
  });

  it('measures the strategies that are named, with their options', async () => {
    const options = `${strategyPath('flushes-often')}?flushes=3,4`;
    const document = JSON.parse(
      await run({ filter: 'half-populated', json: true, strategy: ['baseline', options] }),
    ) as {
      measurements: { name: string }[];
    };
    expect(document.measurements.map(({ name }) => name.replace(/.*: /, ''))).toEqual([
      'baseline',
      'flushes-often?flushes=3',
      'flushes-often?flushes=4',
    ]);
  });

  it.each<[string, Partial<BenchFlags>, string]>([
    [
      'a strategy that there is not',
      { strategy: ['basline'] },
      '--strategy basline: unknown strategy; did you mean baseline?',
    ],
    ['a filter that is no regular expression', { filter: '(' }, '--filter (: Invalid regular expression'],
    [
      'a filter that matches nothing',
      { filter: 'nothing such' },
      '--filter nothing such: matches no benchmark; there are "yardstick',
    ],
    [
      'a strategy that ends its thread',
      { strategy: [strategyPath('exits')] },
      'bench: its worker ended before it was done; a module must not call process.exit',
    ],
    [
      'a strategy that throws',
      { strategy: [strategyPath('throws-in-visitor')], filter: 'half-populated' },
      'bench: benchmark "coalesce a half-populated 1 GiB: throws-in-visitor": ',
    ],
    ['a time that is no number', { time: 'long' }, '--time long: must be a whole number'],
  ])('refuses %s', async (_, flags, message) => {
    const refusal = run(flags);
    await expect(refusal).rejects.toThrow(UsageError);
    await expect(refusal).rejects.toThrow(message);
  });
});

const CLONE = fileURLToPath(new URL('../../..', import.meta.url));

function output(): { readonly stdout: Writable; readonly text: () => string } {
  let text = '';
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return { stdout, text: () => text };
}

function save(cwd: string, name: string, samplesNs: readonly number[]): void {
  const round = openRound(name, cwd);
  round.add('map', samplesNs);
  round.save();
}

describe('wall times that are kept', () => {
  it('are rounds under a name, and compared by it', () => {
    const cwd = tempFolder();
    for (const name of ['before', 'after', 'before', 'after']) save(cwd, name, [1, 2, 3]);
    const kept = wallTimeSchema.parse(JSON.parse(readFileSync(join(cwd, '.results/bench/before.json'), 'utf8')));
    expect(kept.rounds.map(({ samplesNs }) => samplesNs)).toEqual([{ map: [1, 2, 3] }, { map: [1, 2, 3] }]);
    const { stdout, text } = output();
    expect(compare(['before', 'after'], {}, stdout, cwd)).toBe(0);
    expect(text()).toContain('before (2 rounds) -> after (2 rounds), wall time of this host');
    expect(text()).toMatch(/\nmap\n {2}1\.000 {2}\[0\.\d{3}, \d\.\d{3}\] {2}no difference shown\n\nslower/);
  });

  it('are not set against simulated results or limits, nor read where they are broken', () => {
    const cwd = tempFolder();
    save(cwd, 'before', [1, 2, 3]);
    writeFileSync(join(cwd, 'a.json'), JSON.stringify(fakeDocument()));
    const refused = (names: string[], failOn?: string[]) => (): unknown =>
      compare(names, failOn === undefined ? {} : { failOn }, output().stdout, cwd);
    expect(refused(['before', 'a.json'])).toThrow('compare: before is wall time of a host and a.json is not');
    expect(refused(['before', 'before'], ['verdict'])).toThrow('--fail-on: holds simulated results');
    expect(refused(['before'])).toThrow('compare: name two sets of wall times at least');
    writeFileSync(
      join(cwd, '.results/bench/before.json'),
      readFileSync(join(cwd, '.results/bench/before.json'), 'utf8').slice(0, 80),
    );
    expect(refused(['before', 'before'])).toThrow('before: cut off or not JSON: ');
    expect(() => openRound('before', cwd)).toThrow('before: cut off or not JSON: ');
    expect(() => openRound('a/b', cwd)).toThrow('--save a/b: a name has letters');
  });
});

describe('s2bench bench --against', () => {
  it('takes turns with another s2bench, each round a process', async () => {
    const cwd = tempFolder();
    const { stdout, text } = output();
    expect(
      await benchAgainst(CLONE, { time: '1', filter: 'yardstick', rounds: '2', json: true, save: 'mine' }, stdout, cwd),
    ).toBe(0);
    expect(JSON.parse(text())).toMatchObject({
      baseRounds: 2,
      headRounds: 2,
      isInterleaved: true,
      warnings: [],
      ratios: [{ benchmark: expect.stringContaining('yardstick') as string }],
    });
    expect(existsSync(join(cwd, '.results/bench/mine.json'))).toBe(true);
  });

  it('refuses what is no s2bench, and one whose benchmarks fail', async () => {
    const cwd = tempFolder();
    await expect(benchAgainst('nothing', { time: '1' }, output().stdout, cwd)).rejects.toThrow(
      '--against nothing: neither saved wall times nor a folder with s2bench',
    );
    mkdirSync(join(cwd, 'other/bin'), { recursive: true });
    writeFileSync(join(cwd, 'other/bin/s2bench.js'), 'console.error("s2bench: unknown option"); process.exitCode = 2;');
    await expect(benchAgainst('other', { time: '1', rounds: '1' }, output().stdout, cwd)).rejects.toThrow(
      '--against other: s2bench bench ended with 2: unknown option',
    );
  });
});
