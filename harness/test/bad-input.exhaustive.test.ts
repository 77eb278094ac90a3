import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAKE_PROFILE } from './fixtures/fake-profile.ts';
import { type ProgramEnd, runProgram, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

/** One line on stderr, nothing on stdout, exit code 2. */
function expectUsageError({ code, stdout, stderr }: ProgramEnd, message: string): void {
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^s2bench: [^\n]+\n$/);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

/** Runs in a folder that has a report, which must stay as it is. */
async function runBeside(args: readonly string[], files: Record<string, string> = {}): Promise<ProgramEnd> {
  const cwd = tempFolder();
  const report = join(cwd, 'reports', 'thread-2021');
  mkdirSync(report, { recursive: true });
  writeFileSync(join(report, 'README.md'), 'untouched');
  useFakeProfile(cwd);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  const end = await runProgram(args, { cwd });
  expect(readdirSync(report)).toEqual(['README.md']);
  expect(readFileSync(join(report, 'README.md'), 'utf8')).toBe('untouched');
  expect(existsSync(join(cwd, '.results'))).toBe(false);
  return end;
}

const { exit, ...otherCosts } = FAKE_PROFILE.costs;
const profileWith = (costs: object): Record<string, string> => ({
  'mine.json': JSON.stringify({ ...FAKE_PROFILE, costs }),
});
const BY_FILE = ['run', '--profile', './fake.json'];

describe('bad input', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['no command', [], {}, 'no command'],
    ['an unknown command', ['rnu'], {}, "unknown command 'rnu'; did you mean run?"],
    ['an unknown option', ['run', '--vcpu', '3'], {}, "unknown option '--vcpu'; did you mean --vcpus?"],
    ['an unknown list', ['list', 'strategy'], {}, 'list strategy: unknown list; did you mean strategies?'],
    [
      'an unknown strategy',
      [...BY_FILE, '--strategy', 'basline'],
      {},
      '--strategy basline: unknown strategy; did you mean baseline?',
    ],
    ['a watch of what is not there', ['watch', './none.ts'], {}, 'watch ./none.ts: there is no such file or folder'],
    ['no vCPU', ['run', '--vcpus', '0'], {}, '--vcpus 0: must be a whole number from 1'],
    [
      'a shard beyond the last',
      ['run', '--shard', '9/8'],
      {},
      '--shard 9/8: with 8 shards the first number must be from 1 to 8',
    ],
    [
      'an executor that is no Redis server',
      ['run', '--executor', 'http://127.0.0.1'],
      {},
      '--executor http://127.0.0.1: not the URL of a Redis server',
    ],
    [
      'an executor that is not there',
      [...BY_FILE, '--executor', 'redis://127.0.0.1:1'],
      {},
      '--executor redis://127.0.0.1:1: no Redis there',
    ],
    [
      'a worker without a server',
      ['worker', '--redis', 'redis://127.0.0.1:1'],
      {},
      '--redis redis://127.0.0.1:1: no Redis there',
    ],
    ['a merge of what is no result', ['merge', 'fake.json'], {}, 'fake.json: '],
    ['a size without unit', ['run', '--memory', '20'], {}, '--memory 20: a size needs a unit'],
    ['a size with an unknown unit', ['run', '--memory', '1Q'], {}, '--memory 1Q: unknown unit Q'],
    [
      'a granule that the page size does not have',
      [...BY_FILE, '--granule', '1G', '--page-size', '64K'],
      {},
      '--granule 1G: 64K pages have no 1G block; with hugetlb backing it must be 512M',
    ],
    [
      'a backing that cannot give the granule',
      [...BY_FILE, '--granule', '1G', '--backing', 'thp'],
      {},
      '--granule 1G: thp backing gives 2M',
    ],
    [
      'a profile that lacks a cost',
      ['run', '--profile', './mine.json'],
      profileWith(otherCosts),
      '--profile ./mine.json: costs.exit',
    ],
    [
      'a profile with a text for a number',
      ['run', '--profile', './mine.json'],
      profileWith({ ...otherCosts, exit: { ...exit, valueNs: '1' } }),
      '--profile ./mine.json: costs.exit.valueNs',
    ],
    [
      'a JSON config file with a syntax error',
      ['run'],
      { 's2bench.config.json': '{\n "vcpus": 1,\n}' },
      's2bench.config.json: not JSON: ',
    ],
    [
      'a TypeScript config file with a syntax error',
      ['run'],
      { 's2bench.config.ts': 'export default {\n  vcpus: [1,\n};\n' },
      's2bench.config.ts:3: ',
    ],
    [
      'a config file with a wrong key',
      ['run'],
      { 's2bench.config.ts': 'export default { vcpu: 1 };' },
      's2bench.config.ts: vcpu: unknown key; did you mean vcpus?',
    ],
    [
      'a folder that cannot be written',
      [...BY_FILE, '--out', 'fake.json/report'],
      {},
      '--out fake.json/report: cannot be written',
    ],
    [
      'a strategy that throws when it is loaded',
      [...BY_FILE, '--strategy', strategyPath('throws-when-loaded')],
      {},
      'cannot be loaded: not today',
    ],
    [
      'a strategy that hangs when it is loaded',
      [...BY_FILE, '--strategy', strategyPath('loops-when-loaded')],
      {},
      'not loaded within 5 s',
    ],
    [
      'a strategy for a later contract',
      [...BY_FILE, '--strategy', strategyPath('too-new')],
      {},
      'strategy too-new is written for contract version 5, this s2bench speaks versions 1 to 4; update s2bench',
    ],
    [
      'a strategy for an earlier contract',
      [...BY_FILE, '--strategy', strategyPath('too-old')],
      {},
      'written for contract version 0',
    ],
    [
      'an option that the schema refuses',
      [...BY_FILE, '--strategy', `${strategyPath('threshold')}?threshold=16,0`],
      {},
      'threshold=0: option threshold=0: must be a whole number from 1 to 512; left out it is 64',
    ],
    [
      'an unknown option of a strategy',
      [...BY_FILE, '--strategy', `${strategyPath('threshold')}?treshold=16`],
      {},
      'option treshold: unknown option of threshold; did you mean threshold? Known: threshold, order',
    ],
    [
      'a strategy after options',
      [...BY_FILE, '--strategy', `${strategyPath('threshold')}?threshold=16,baseline`],
      {},
      'a strategy after options needs a --strategy of its own',
    ],
    [
      'an option without value',
      [...BY_FILE, '--strategy', 'baseline?threshold'],
      {},
      'option "threshold" has no value; write NAME=VALUE',
    ],
    [
      'an option of a strategy that has none',
      [...BY_FILE, '--strategy', 'baseline?threshold=16'],
      {},
      'option threshold: strategy baseline has no options',
    ],
    ['a module that is no strategy', [...BY_FILE, '--strategy', strategyPath('not-a-strategy')], {}, 'not a strategy'],
  ])('%s', async (_, args, files, message) => {
    expectUsageError(await runBeside(args, files), message);
  });
});
