import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Counterexample, COUNTEREXAMPLE_VERSION, VERIFY_SCHEMA_VERSION } from '@s2bench/verify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { strategyPath } from '../../test/fixtures/program.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { UsageError } from '../cli/errors.ts';
import type { VerifyFlags } from '../options/verify-request.ts';
import { verify } from './verify.ts';

/** What the command says to a mistake. */
async function refusalOf(strategies: readonly string[], flags: Partial<VerifyFlags>): Promise<string> {
  try {
    return `exit code ${await verify(strategies, flags)}`;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

describe('s2bench verify refuses', () => {
  it.each<[string, string[], Partial<VerifyFlags>, string]>([
    ['an unknown strategy', ['basline'], {}, 'verify basline: unknown strategy; did you mean baseline?'],
    ['a path where there is nothing', ['./nothing.ts'], {}, 'verify ./nothing.ts: there is no such file or folder'],
    [
      'an unknown world',
      [],
      { world: 'partial-tabel' },
      '--world partial-tabel: unknown world; did you mean partial-table?',
    ],
    [
      'an unknown rule',
      [],
      { rule: 'data-coherence' },
      '--rule data-coherence: unknown rule; did you mean data-coherency?',
    ],
    [
      'an unknown history',
      [],
      { history: 'blocks-first' },
      '--history blocks-first: unknown history; did you mean block-first?',
    ],
    [
      'an unknown rule to be left out',
      [],
      { rule: '!data-coherence' },
      '--rule data-coherence: unknown rule; did you mean data-coherency?',
    ],
    ['no rule at all', [], { rule: 'progress,!progress' }, '--rule progress,!progress: leaves no rule to be held'],
    ['an unknown kernel', [], { kernel: ['v5.13'] }, '--kernel v5.13: unknown kernel model; modelled are v5.11, v5.12'],
    ['an option that a kernel has not', [], { kernel: ['v5.12?fast=on'] }, '--kernel v5.12?fast=on: '],
    [
      'traces of sections that share the lock',
      ['upstream'],
      { kernel: ['v6.12'], exportCasemate: 'no-traces' },
      '--export-casemate: not with --kernel v6.12: its map faults share mmu_lock',
    ],
    ['a kernel for the zoo', [], { zoo: true, kernel: ['v5.12'] }, '--kernel: not with --zoo'],
    ['a world that is not there', [], { world: './nowhere.json' }, '--world ./nowhere.json: there is no such file'],
    ['a world that is no file of its kind', [], { world: '/etc/hosts' }, '--world /etc/hosts: must be a .json, .ts or'],
    ['an empty item', [], { world: 'crowd,' }, '--world : unknown world'],
    [
      'a history that no chosen world has',
      [],
      { world: 'partial-table', history: 'fresh' },
      '--history fresh: no world that was chosen has it; partial-table has logging-first and block-first',
    ],
    [
      'hardware that there is not',
      [],
      { arch: 'kunpeng' },
      '--arch kunpeng: kunpeng: must be a profile (strictest, lenient) or settings of fwb, dic, idc, ttl, bbm, write-back, combined, like ttl=lenient,bbm=2',
    ],
    [
      'a value that a setting does not have',
      [],
      { arch: 'dic=on,bbm=3' },
      '--arch dic=on,bbm=3: bbm=3: must be bbm=0 or bbm=2',
    ],
    ['a setting without a value', [], { arch: 'ttl' }, '--arch ttl: ttl: must be ttl=strict or ttl=lenient'],
    ['a setting given twice', [], { arch: 'dic=on,dic=off' }, '--arch dic=on,dic=off: dic is given twice'],
    [
      'hardware with two settings of FWB',
      [],
      { arch: 'fwb=on', fwb: 'off' },
      '--arch fwb=on: fwb=on contradicts --fwb off',
    ],
    ['hardware for the zoo', [], { zoo: true, arch: 'bbm=2' }, '--arch: not with --zoo'],
    ['a wrong setting of FWB', [], { fwb: 'yes' }, '--fwb yes: unknown setting; known: off, on'],
    [
      'a number of vCPUs that no world has',
      [],
      { vcpus: '9' },
      '--vcpus 9: no world that was chosen has so many; they have 2 or 3',
    ],
    ['a number of vCPUs that is none', [], { vcpus: 'two' }, '--vcpus two: must be a whole number from 1 to 512'],
    ['no state', [], { maxStates: '0' }, '--max-states 0: must be a whole number from 1 up'],
    ['a time that is none', [], { maxSeconds: '1m' }, '--max-seconds 1m: must be a whole number from 1 up'],
    ['a size without unit', [], { maxMemory: '2' }, '--max-memory 2: a size needs a unit'],
    ['no worker', [], { jobs: '0' }, '--jobs 0: must be a whole number from 1'],
    ['an empty folder', [], { out: '' }, '--out: an empty name'],
    ['an empty folder for traces', [], { exportCasemate: '' }, '--export-casemate: an empty name'],
    [
      'traces of a replay',
      [],
      { exportCasemate: 'traces', replay: 'found.json' },
      '--export-casemate: not with --replay',
    ],
    [
      'an animal that there is not',
      ['by-ipa'],
      { zoo: true },
      '--zoo by-ipa: unknown animal or variation; did you mean by-ipa-only?',
    ],
    ['a world for the zoo', [], { zoo: true, world: 'crowd' }, '--world: not with --zoo'],
    ['a config file that is not there', [], { config: 'nowhere.json' }, 'nowhere.json: cannot be read'],
    [
      'an unknown preset',
      [],
      { preset: 'thread-2012' },
      '--preset thread-2012: unknown preset of questions; did you mean thread-2021?',
    ],
    [
      'strategies beside a preset',
      ['baseline'],
      { preset: 'thread-2021' },
      '--preset thread-2021: has its own strategies; leave out baseline',
    ],
    [
      'bounds beside a preset',
      [],
      { preset: 'thread-2021', maxStates: '5' },
      'has its own worlds, rules and bounds; leave out --max-states',
    ],
    ['FWB beside a preset', [], { preset: 'thread-2021', fwb: 'on' }, 'leave out --fwb'],
    ['two strategies of one name', ['baseline', '@s2bench/strategy-baseline'], {}, 'is named baseline, as baseline is'],
    [
      'a declared rule that there is not',
      [strategyPath('expects-nonsense')],
      {},
      'expects data-coherence: unknown rule; did you mean data-coherency?',
    ],
  ])('%s', async (_, strategies, flags, message) => {
    expect(await refusalOf(strategies, flags)).toContain(message);
  });

  it('a folder that cannot be written, before anything is explored', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    expect(await refusalOf(['baseline'], { out: join(file, 'found') })).toContain('cannot be written');
    expect(await refusalOf(['baseline'], { exportCasemate: file })).toMatch(
      /^--export-casemate .*file: cannot be written \(.*\); name a folder that can, with --export-casemate$/,
    );
  });
});

/** Enough to be read as one. */
const COUNTEREXAMPLE: Counterexample = {
  schemaVersion: COUNTEREXAMPLE_VERSION,
  strategy: 'baseline',
  world: 'partial-table',
  history: 'logging-first',
  fwb: false,
  arch: 'lenient',
  kernel: 'v5.12p1',
  rule: 'data-coherency',
  agents: ['vCPU 0'],
  search: { mergeQuiet: true, mayBeCached: true },
  inHistory: false,
  schedule: [{ agent: 0, kind: 0, detail: 0 }],
  opening: 'o',
  begin: { table: [], uncleaned: [] },
  rows: [{ table: [], uncleaned: [], agent: 'vCPU 0', actions: [] }],
  conclusion: 'c',
};

describe('s2bench verify --replay refuses', () => {
  const head = { schemaVersion: VERIFY_SCHEMA_VERSION };

  it.each<[string, string, string]>([
    ['a file that was cut off', '{"schemaVersion": 1, "strat', 'not JSON, or cut off'],
    ['no JSON at all', 'a table', 'not JSON, or cut off'],
    ['JSON of something else', '[1]', 'no counterexample'],
    [
      'a later version',
      JSON.stringify({ schemaVersion: COUNTEREXAMPLE_VERSION + 1 }),
      `has schema version ${COUNTEREXAMPLE_VERSION + 1}, this s2bench reads version ${COUNTEREXAMPLE_VERSION}`,
    ],
    ['a later version of the document', JSON.stringify({ schemaVersion: 9, results: [] }), 'has schema version 9'],
    ['a document in which nothing is broken', JSON.stringify({ ...head, results: [] }), 'holds no counterexample'],
    [
      'a result that is none',
      JSON.stringify({ ...head, results: [{ strategy: 'baseline' }] }),
      'no counterexample: results.0.world',
    ],
  ])('%s', async (_, text, message) => {
    const file = join(tempFolder(), 'a.json');
    writeFileSync(file, text);
    expect(await refusalOf([], { replay: file })).toMatch(new RegExp(`^--replay ${file}: ${message}`));
  });

  it.each([
    ['a relative path', './mine.js'],
    ['a path with options', './mine.js?a=1'],
    ['a path that leads out', '../mine.js'],
    ['an absolute path', 'ABSOLUTE'],
    ['a folder', '.'],
    ['a package that is installed and is no strategy', 'zod'],
    ['a name that nobody has', 'no-such-strategy'],
  ])('%s in a file: it is data, and what it names is not loaded', async (_, strategy) => {
    const folder = tempFolder();
    const wasLoaded = join(folder, 'loaded.txt');
    writeFileSync(
      join(folder, 'mine.js'),
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(wasLoaded)}, '');`,
    );
    const named = strategy === 'ABSOLUTE' ? join(folder, 'mine.js') : strategy;
    const document = { ...COUNTEREXAMPLE, strategy: named };
    writeFileSync(join(folder, 'a.json'), JSON.stringify(document));
    const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder);
    onTestFinished(() => cwd.mockRestore());
    expect(await refusalOf([], { replay: 'a.json' })).toMatch(
      /^--replay a\.json: strategy ".*": unknown strategy; .*; name its file beside the option, [^\n]*$/,
    );
    expect(existsSync(wasLoaded)).toBe(false);
  });

  it('a file that is not there, and a folder', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'a'));
    expect(await refusalOf([], { replay: join(folder, 'b') })).toContain('cannot be read: ENOENT');
    expect(await refusalOf([], { replay: join(folder, 'a') })).toContain('cannot be read: EISDIR');
  });
});
