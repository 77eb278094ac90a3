/** What a verification writes, and reads again: each test starts the program several times. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CASEMATE_INDEX,
  type CasemateIndex,
  casemateIndexSchema,
  counterexampleSchema,
  judgeTrace,
  parseTrace,
  type VerifyDocument,
  verifyDocumentSchema,
} from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { type ProgramEnd, type ProgramOptions, runProgram, strategyPath } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const SMALL = ['--world', 'partial-table', '--history', 'logging-first', '--fwb', 'off'];
/** Where no clean is made, a store may be lost too; here one rule is enough. */
const READS = [...SMALL, '--rule', 'data-coherency'];

function verify(args: readonly string[], options: Partial<ProgramOptions> = {}): Promise<ProgramEnd> {
  return runProgram(['verify', ...args], { cwd: tempFolder(), ...options });
}

const documentOf = ({ stdout }: ProgramEnd): VerifyDocument => verifyDocumentSchema.parse(JSON.parse(stdout));

function indexIn(folder: string): CasemateIndex {
  return casemateIndexSchema.parse(JSON.parse(readFileSync(join(folder, CASEMATE_INDEX), 'utf8')));
}

describe('s2bench verify --export-casemate', () => {
  it('writes each counterexample and a sample of accepted runs, named for what is expected', async () => {
    const cwd = tempFolder();
    const end = await verify(['baseline', 'install-first-no-cmo', ...READS, '--export-casemate', 'traces'], { cwd });
    expect(end).toMatchObject({ code: 0, stderr: 's2bench: 4 Casemate traces written to traces\n' });
    const names = [
      ...[1, 2, 3].map((run) => `baseline.partial-table.logging-first.run-${run}.accepted.casemate`),
      'install-first-no-cmo.partial-table.logging-first.data-coherency.out-of-reach.casemate',
    ];
    expect(readdirSync(join(cwd, 'traces')).sort()).toEqual([...names, 'index.json'].sort());
    const { traces } = indexIn(join(cwd, 'traces'));
    expect(traces.map(({ file }) => file)).toEqual(names);
    expect(traces.at(-1)).toMatchObject({ rule: 'data-coherency', limits: ['another-rule'], answer: { exitCode: 0 } });
    for (const { file, records } of traces) {
      const read = parseTrace(readFileSync(join(cwd, 'traces', file), 'utf8'), file);
      expect(read).toHaveLength(records);
      expect(judgeTrace(read)).toEqual({ verdict: 'accepted' });
    }
  });

  it('does the same of the zoo', async () => {
    const cwd = tempFolder();
    const animals = ['by-ipa-take-down', 'free-under-walk', 'table-leaked'];
    const end = await verify(['--zoo', ...animals, '--export-casemate', 'traces'], { cwd });
    expect(end).toMatchObject({ code: 0, stderr: 's2bench: 3 Casemate traces written to traces\n' });
    const refused = { what: 'release_table', reason: 'root does not exist' };
    const { traces } = indexIn(join(cwd, 'traces'));
    expect(traces).toMatchObject([
      {
        strategy: 'by-ipa-take-down',
        rule: 'break-before-make',
        expected: 'rejected',
        answer: { exitCode: 1, refused },
      },
      { strategy: 'free-under-walk', rule: 'walker-safety', expected: 'rejected', answer: { exitCode: 1, refused } },
      { strategy: 'table-leaked', rule: 'accounting', expected: 'out-of-reach', answer: { exitCode: 0 } },
    ]);
    expect(readdirSync(join(cwd, 'traces')).sort()).toEqual([...traces.map(({ file }) => file), 'index.json'].sort());
  });

  it('writes nothing where a strategy throws', async () => {
    const cwd = tempFolder();
    const end = await verify(['baseline', strategyPath('throws-in-visitor'), ...SMALL, '--export-casemate', 'traces'], {
      cwd,
    });
    expect(end.code).toBe(2);
    expect(readdirSync(join(cwd, 'traces'))).toEqual([]);
  });
});

describe('s2bench verify --out and --replay', () => {
  it('writes a file for each counterexample, which can be run again', async () => {
    const cwd = tempFolder();
    const made = await verify(['install-first-no-cmo', ...READS, '--out', 'found'], { cwd });
    expect(made).toMatchObject({ code: 0, stderr: 's2bench: written to found\n' });
    const name = 'install-first-no-cmo.data-coherency.partial-table.logging-first.json';
    expect(readdirSync(join(cwd, 'found')).sort()).toEqual([name, 'verify.json']);
    for (const file of [name, 'verify.json']) {
      const again = await verify(['--replay', `found/${file}`], { cwd });
      expect(again).toMatchObject({ code: 0, stderr: '' });
      expect(made.stdout).toContain(again.stdout.trim());
    }

    const document = counterexampleSchema.parse(JSON.parse(readFileSync(join(cwd, 'found', name), 'utf8')));
    const other = await verify(['baseline', '--replay', `found/${name}`], { cwd });
    expect(other).toEqual({
      code: 2,
      stdout: '',
      stderr: `s2bench: --replay found/${name}: is of strategy install-first-no-cmo, not of baseline\n`,
    });

    writeFileSync(
      join(cwd, 'repaired.json'),
      JSON.stringify({ ...document, strategy: 'modest', schedule: document.schedule.slice(0, 3) }),
    );
    const repaired = await verify([strategyPath('modest'), '--replay', 'repaired.json'], { cwd });
    expect(repaired.code).toBe(1);
    expect(repaired.stderr).toMatch(
      /^s2bench: --replay repaired.json: strategy modest: the counterexample breaks no rule now, not data-coherency.*\n$/,
    );

    writeFileSync(join(cwd, 'changed.json'), JSON.stringify({ ...document, strategy: 'modest' }));
    const changed = await verify([strategyPath('modest'), '--replay', 'changed.json'], { cwd });
    expect(changed.code).toBe(2);
    expect(changed.stderr).toMatch(
      /^s2bench: --replay changed.json: strategy modest: step \d+ of the counterexample is not possible.*\n$/,
    );
    expect(existsSync(join(cwd, '.results'))).toBe(false);
  });
});

describe('s2bench verify --zoo', () => {
  it('catches an animal by its rule, in the world where it lives, and shows how', async () => {
    const cwd = tempFolder();
    const end = await verify(['--zoo', 'by-ipa-only', 'late-clean', '--out', 'found'], { cwd });
    expect(end).toMatchObject({ code: 0, stderr: 's2bench: written to found\n' });
    expect(end.stdout).toMatch(/^by-ipa-only +break-before-make +partial-table +logging-first +off +\d/m);
    expect(end.stdout).toContain('2 of 2 animals caught by the rule that they are meant for');
    expect(end.stdout).toContain('by-ipa-only breaks break-before-make in world partial-table');
    const [file] = readdirSync(join(cwd, 'found')).filter((name) => name.startsWith('late-clean.'));
    expect((await verify(['--replay', `found/${file ?? ''}`], { cwd })).code).toBe(0);
  });

  it('says where a bound leaves an animal at large', async () => {
    const end = await verify(['--zoo', 'by-ipa-only', '--max-states', '10', '--json']);
    expect(end.code).toBe(3);
    expect(documentOf(end).results).toMatchObject([{ strategy: 'by-ipa-only', verdict: 'incomplete' }]);
  });
});
