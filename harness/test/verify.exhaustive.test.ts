/** Coverage, which is judged over a run of everything; and what of `s2bench verify` takes several runs, or a process. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type VerifyDocument, verifyDocumentSchema } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { callProgram } from './fixtures/call-program.ts';
import { type ProgramEnd, runProgram, strategyPath } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const SMALL = ['--world', 'partial-table', '--history', 'logging-first', '--fwb', 'off'];

function verify(args: readonly string[], cwd = tempFolder()): Promise<ProgramEnd> {
  return callProgram(['verify', ...args], { cwd });
}

const documentOf = ({ stdout }: ProgramEnd): VerifyDocument => verifyDocumentSchema.parse(JSON.parse(stdout));
/** What does not hang on the host. */
const timeless = ({ results }: VerifyDocument) => results.map(({ elapsedMs: _elapsedMs, ...result }) => result);

const COLLAPSE_BY_WRITE = {
  name: 'mine-by-write',
  purpose: 'a write that finds its page write-protected makes a block of a table with holes',
  levels: 2,
  slot: { basePage: 0, pages: 4, backing: 'hugetlb', blockPages: 4, begin: 'written' },
  histories: ['logging-first'],
  vcpus: [
    { caches: false, steps: ['w0', '@2', 'w0'] },
    { caches: false, steps: ['r2'] },
  ],
  host: [{ do: 'await', vcpu: 0, steps: 1 }, { do: 'collect' }, { do: 'logging', on: false }],
};

describe('s2bench verify of all worlds', () => {
  it('ends with 3 where a branch was never taken, and names it in each result', async () => {
    const end = await runProgram(['verify', strategyPath('never-that-large'), '--json'], { cwd: tempFolder() });
    expect({ code: end.code, stderr: end.stderr }).toEqual({ code: 3, stderr: '' });
    const { results } = verifyDocumentSchema.parse(JSON.parse(end.stdout));
    expect(results.length).toBeGreaterThan(100);
    for (const { verdict, untested } of results) {
      expect(verdict).toBe('safe');
      expect(untested).toEqual([
        'test/fixtures/strategies/never-that-large.ts:11:29 is never run: { map.tlbiVmid(); }',
      ]);
    }
  });
});

describe('s2bench verify', () => {
  it('gives the same document for any number of workers, in the order of strategies and worlds', async () => {
    const args = ['install-first-no-cmo', 'baseline', '--world', 'beyond-slot,partial-table', '--json'];
    const document = documentOf(await verify([...args, '--jobs', '1']));
    expect(timeless(documentOf(await verify([...args, '--jobs', '2'])))).toEqual(timeless(document));
    expect(document.results.map(({ strategy }) => strategy)).toEqual([
      ...Array<string>(9).fill('install-first-no-cmo'),
      ...Array<string>(8).fill('baseline'),
    ]);
    const settings = document.results
      .filter(({ rule }) => rule !== 'lost-guest-write')
      .map(({ world, history, fwb }) => `${world} ${history} ${fwb}`);
    expect(settings.slice(0, 3)).toEqual([
      'partial-table logging-first false',
      'partial-table logging-first true',
      'partial-table block-first false',
    ]);
    expect(settings[4]).toBe('beyond-slot logging-first false');
  });

  it('keeps and prints what had finished at Ctrl-C', async () => {
    const args = ['baseline', strategyPath('takes-its-time'), '--world', 'partial-table', '--jobs', '1', '--json'];
    const end = await runProgram(['verify', ...args], {
      cwd: tempFolder(),
      onStart: (child) => child.stderr?.once('data', () => child.kill('SIGINT')),
    });
    expect(end.code).toBe(130);
    expect(end.stderr).toBe('takes-its-time has begun\ns2bench: stopped; 4 of 8 explorations had finished\n');
    const { interrupted, results } = documentOf(end);
    expect(interrupted?.missing).toBe(4);
    expect(results.map(({ strategy }) => strategy)).toEqual(Array<string>(4).fill('baseline'));
  });

  it('a coalesce by a write is safe in the kernel that cleans there alone; each has its verdict', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'mine.json'), JSON.stringify(COLLAPSE_BY_WRITE));
    const args = ['baseline', '--world', './mine.json', '--kernel', 'v5.12p1,v5.12,v5.11', '--fwb', 'off'];
    const end = await verify([...args, '--out', 'found'], cwd);
    expect(end.code).toBe(1);
    expect(end.stderr).toContain('s2bench: baseline breaks data-coherency under v5.12, and does not declare it\n');
    expect(end.stdout).toContain('kernel models v5.12p1, v5.12, v5.11; ');
    const { results } = verifyDocumentSchema.parse(JSON.parse(readFileSync(join(cwd, 'found/verify.json'), 'utf8')));
    const found = results.filter(({ rule }) => rule === undefined || rule === 'data-coherency');
    expect(found.map(({ kernel, rule, steps }) => ({ kernel, rule, steps }))).toEqual([
      { kernel: 'v5.12p1', rule: undefined, steps: undefined },
      { kernel: 'v5.12', rule: 'data-coherency', steps: 4 },
      { kernel: 'v5.11', rule: 'data-coherency', steps: 4 },
    ]);
    const file = 'found/baseline.data-coherency.mine-by-write.logging-first.v5-12.json';
    const again = await verify(['--replay', file, '--world', './mine.json'], cwd);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('in world mine-by-write (logging-first, FWB off, hardware strictest, v5.12)');
    expect((await verify(['--replay', file], cwd)).stderr).toContain('unknown world; name its file with --world');
  });

  it('lists what the kernel model breaks by itself, once, with the commit that mended it', async () => {
    const end = await verify(['baseline', ...SMALL, '--json']);
    expect(end.code).toBe(0);
    expect(documentOf(end).modelFindings).toMatchObject([
      { kernel: 'v5.12p1', rule: 'walker-safety', mendedBy: 'linux 36e008323926 (2024)', arch: 'strictest' },
      { rule: 'mapping', mendedBy: 'linux 357ad203d45c (2021)', mendedModel: 'v5.12p1?aligned-walk=on' },
    ]);
    const { stdout } = await verify(['baseline', 'install-first-uniform-cmo', ...SMALL, '--arch', 'lenient']);
    expect(stdout.match(/mended by linux \w+/g)).toEqual(['mended by linux 357ad203d45c']);
  });

  it('shows no counterexample of the kernel model below a safe verdict, and writes each to be replayed', async () => {
    const cwd = tempFolder();
    const { code, stdout } = await verify(['baseline', ...SMALL, '--out', 'found'], cwd);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/breaks .* in world/);
    const hint = 'found/stock.walker-safety.emptied-table.logging-first.json';
    const walk = 'found/stock.mapping.unaligned-unmap.logging-first.json';
    for (const [file, text] of [
      [hint, 'stock breaks walker-safety in world emptied-table'],
      [walk, 'stock breaks mapping in world unaligned-unmap'],
    ] as const) {
      const again = await verify(['--replay', file], cwd);
      expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
      expect(again.stdout).toContain(text);
    }
    const other = JSON.parse(readFileSync(join(cwd, hint), 'utf8')) as object;
    writeFileSync(join(cwd, 'other.json'), JSON.stringify({ ...other, flaws: ['hint=none'] }));
    const refused = await verify(['--replay', 'other.json'], cwd);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'the counterexample keeps the mistake hint=none of the kernel model; known are unmap-hint=unknown, aligned-walk=on',
    );
  });
});
