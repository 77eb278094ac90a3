import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type VerifyDocument, verifyDocumentSchema } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { callProgram } from './fixtures/call-program.ts';
import { type ProgramEnd, strategyPath } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const SMALL = ['--world', 'partial-table', '--history', 'logging-first', '--fwb', 'off'];

function verify(args: readonly string[], cwd = tempFolder()): Promise<ProgramEnd> {
  return callProgram(['verify', ...args], { cwd });
}

const documentOf = ({ stdout }: ProgramEnd): VerifyDocument => verifyDocumentSchema.parse(JSON.parse(stdout));
describe('s2bench verify', () => {
  it('ends with 0 where strategies are what they declare, and shows the counterexample of the one that is not safe', async () => {
    const { code, stdout, stderr } = await verify(['baseline', 'install-first-no-cmo', ...SMALL]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('baseline: safe, as declared\n');
    expect(stdout).toContain('\ncoverage was not judged: ');
    expect(stdout).toMatch(/^coalesces of \d shapes: \d of level 2 in the root, 4 pages$/m);
    expect(stdout).toMatch(/^ +partial-table +logging-first +off +unsafe: data-coherency, \d steps +\d+/m);
    expect(stdout).toContain('vCPU 1, MMU off, loads page 2 and gets what the page held before the host wrote it.');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  it('ends with 1 where a rule is broken that is not declared', async () => {
    const end = await verify([strategyPath('forgets-clean'), ...SMALL, '--json']);
    expect(end.code).toBe(1);
    expect(end.stderr).toBe(
      ['data-coherency', 'lost-guest-write']
        .map((rule) => `s2bench: forgets-clean breaks ${rule}, and does not declare it\n`)
        .join(''),
    );
    expect(documentOf(end).results).toMatchObject([
      { strategy: 'forgets-clean', verdict: 'unsafe', rule: 'data-coherency', fwb: false, arch: 'strictest' },
      { strategy: 'forgets-clean', verdict: 'unsafe', rule: 'lost-guest-write' },
    ]);
  });

  it('judges a strategy on the strictest hardware that has what it needs, and on no stricter one unless told to', async () => {
    const end = await verify(['baseline', 'bbm-level-2', ...SMALL]);
    expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 0, stderr: '' });
    expect(end.stdout).toContain('bbm-level-2: safe, as declared\n');
    expect(end.stdout).toContain(
      '\nhardware: strictest that the architecture allows (baseline); bbm=2 (bbm-level-2)\n',
    );
    const strict = await verify(['bbm-level-2', ...SMALL, '--arch', 'strictest']);
    expect(strict.code).toBe(1);
    expect(strict.stderr).toBe(
      's2bench: bbm-level-2 needs FEAT_BBM level 2, which --arch strictest does not have: it is judged there all the same\n' +
        's2bench: bbm-level-2 breaks break-before-make, and does not declare it\n',
    );
  });

  it('says that a declared rule is kept only where all worlds of a verdict were explored', async () => {
    const filtered = await verify([strategyPath('modest'), ...SMALL]);
    expect({ code: filtered.code, stderr: filtered.stderr }).toEqual({ code: 0, stderr: '' });
    expect(filtered.stdout).toContain('modest: safe (declared to break data-coherency)');
  });

  it('ends with 2 where a strategy remembers or draws, with one line that names it, and judges the others', async () => {
    const end = await verify(['baseline', strategyPath('remembers'), strategyPath('draws'), ...SMALL, '--json']);
    expect(end.code).toBe(2);
    expect(end.stderr.trimEnd().split('\n').toSorted()).toEqual([
      's2bench: strategy draws calls random(): a strategy knows neither time nor chance',
      expect.stringMatching(
        /^s2bench: strategy remembers is not hermetic: the fault's section check at 0x\d000, run twice from the same state, does .+ where it did .+; it must remember nothing and ask for neither time nor chance$/,
      ),
    ]);
    const { results, failures } = documentOf(end);
    expect(results).toMatchObject([{ strategy: 'baseline', verdict: 'safe' }]);
    expect(failures?.map(({ strategy }) => strategy).toSorted()).toEqual(['draws', 'remembers']);
  });

  it('ends with 3 where a bound was met, with 1 where more is known', async () => {
    const end = await verify(['baseline', ...SMALL, '--max-states', '100', '--json']);
    expect(end.code).toBe(3);
    expect(documentOf(end).results).toMatchObject([
      { verdict: 'incomplete', complete: false, bounds: { maxStates: 100 } },
    ]);
    const both = await verify(['baseline', strategyPath('forgets-clean'), ...SMALL, '--max-states', '2500']);
    expect(both.code).toBe(1);
  });

  it('holds only the rules that are named', async () => {
    const end = await verify(['install-first-no-cmo', ...SMALL, '--rule', 'accounting,mapping', '--json']);
    expect(end.code).toBe(0);
    expect(documentOf(end).results).toMatchObject([{ verdict: 'safe', complete: true }]);
  });

  it('ends with 2 and one line where a strategy throws, and shows the others', async () => {
    const { code, stdout, stderr } = await verify(['baseline', strategyPath('throws-in-visitor'), ...SMALL]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 's2bench: strategy throws-in-visitor throws: no such entry\n',
    });
    expect(stdout).toContain('baseline: safe');
    expect(stdout).not.toContain('throws-in-visitor');
  });

  it('ends with 2 and one line where a strategy does not return', async () => {
    const end = await verify([strategyPath('loops-in-visitor'), ...SMALL, '--out', 'found']);
    expect(end).toEqual({
      code: 2,
      stdout: '',
      stderr: 's2bench: strategy loops-in-visitor: a visitor did not return within 5 s\n',
    });
  });
});

const WRITE_PROTECT_FROM_HOLE = {
  name: 'write-protect-from-hole',
  purpose: 'a slot that begins inside a block starts to log',
  levels: 2,
  slot: { basePage: 2, pages: 8, backing: 'anonymous', blockPages: 4, begin: 'written' },
  histories: ['fresh'],
  vcpus: [{ caches: true, steps: ['w4', '@2', 'w4'] }],
  host: [{ do: 'await', vcpu: 0, steps: 1 }, { do: 'logging', on: true }, { do: 'collect' }],
};

describe('s2bench verify in worlds and kernels of one’s choice', () => {
  /** A folder with a file of a world. */
  function folderWith(world: { readonly name: string }, text = JSON.stringify(world)): string {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'mine.json'), text);
    return cwd;
  }

  it('a slot that begins inside a block shows what an unaligned walk passes over', async () => {
    const cwd = folderWith(WRITE_PROTECT_FROM_HOLE);
    const end = await verify(['baseline', '--world', './mine.json', '--json'], cwd);
    expect(end.code).toBe(1);
    expect(documentOf(end).results[0]).toMatchObject({ world: 'write-protect-from-hole', rule: 'mapping', steps: 2 });
    const mended = await verify(['baseline', '--world', './mine.json', '--kernel', 'v5.12p1?aligned-walk=on'], cwd);
    expect({ code: mended.code, stderr: mended.stderr }).toEqual({ code: 0, stderr: '' });
    expect(mended.stdout).toContain('baseline under v5.12p1?aligned-walk=on: safe, as declared');
  });

  it('a world that makes no sense ends with one line and 2', async () => {
    const cwd = folderWith(
      WRITE_PROTECT_FROM_HOLE,
      JSON.stringify({ ...WRITE_PROTECT_FROM_HOLE, host: [{ do: 'delete' }] }),
    );
    const end = await verify(['baseline', '--world', './mine.json'], cwd);
    expect({ code: end.code, stdout: end.stdout }).toEqual({ code: 2, stdout: '' });
    expect(end.stderr).toMatch(
      /^s2bench: --world \.\/mine\.json: host\.0\.do: 'delete' is no step of the host; [^\n]*\n$/,
    );
  });

  it('leaves out a rule behind a !', async () => {
    const end = await verify(['install-first-no-cmo', ...SMALL, '--rule', '!data-coherency', '--json']);
    expect(documentOf(end).results.map(({ rule }) => rule)).not.toContain('data-coherency');
  });
});

describe('s2bench verify --arch', () => {
  it('verifies for the hardware that is chosen, and says which', async () => {
    const lenient = await verify(['install-first-no-cmo', ...SMALL, '--arch', 'write-back=off,ttl=lenient', '--json']);
    expect(lenient.code).toBe(0);
    const { results } = documentOf(lenient);
    expect(results.map(({ rule, arch }) => [rule, arch])).toEqual([['data-coherency', 'ttl=lenient,write-back=off']]);
    const text = await verify(['baseline', ...SMALL.slice(0, -2), '--arch', 'bbm=2,fwb=on']);
    expect(text.stdout).toMatch(/^hardware: bbm=2$/m);
    expect(text.stdout).toMatch(/^ +partial-table +logging-first +on +safe /m);
  });
});
