import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { comparisonDocumentSchema } from '@s2bench/report';
import { describe, expect, it, vi } from 'vitest';
import { fakeDocument } from '../../test/fixtures/fake-document.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { MismatchError, UsageError } from '../cli/errors.ts';
import { documentText } from '../report/results.ts';
import { compare, type CompareFlags } from './compare.ts';

const EQUAL = JSON.stringify(fakeDocument());
const SLOWER = JSON.stringify(fakeDocument([0.7, 1, 1.06]));
const FILES = {
  'a.json': EQUAL,
  'b.json': SLOWER,
  'cut.json': EQUAL.slice(0, 700),
  'later.json': '{"schemaVersion": 99}',
  'other.json': '{"name": "x"}',
};

/** A folder with results in it. */
function folderOf(files: Record<string, string> = FILES): string {
  const cwd = tempFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return cwd;
}

function run(cwd: string, results: readonly string[], flags: CompareFlags = {}): { code: number; stdout: string } {
  let text = '';
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return { code: compare(results, flags, stdout, cwd), stdout: text };
}

describe('s2bench compare', () => {
  it('compares each with the first, and speaks JSON', () => {
    const end = run(folderOf(), ['a.json', 'b.json', 'a.json'], { json: true });
    expect(end.code).toBe(0);
    const { comparisons, failed } = comparisonDocumentSchema.parse(JSON.parse(end.stdout));
    expect(failed).toBe(false);
    expect(comparisons.map(({ base, head, changed }) => [base, head, changed.length])).toEqual([
      ['a.json', 'b.json', 2],
      ['a.json', 'a.json', 0],
    ]);
  });

  it('warns of a result that was edited, and compares it', () => {
    const written = documentText(fakeDocument([1]));
    const cwd = folderOf({ 'a.json': written, 'b.json': written.replace('"timeNs": 1000', '"timeNs": 1001') });
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { code } = run(cwd, ['a.json', 'b.json']);
    const lines = said.mock.calls.map(([line]) => line);
    said.mockRestore();
    expect(code).toBe(0);
    expect(lines).toEqual(['s2bench: b.json: warning: its hash does not fit: it was changed since s2bench wrote it\n']);
  });

  it('compares what two revisions have committed, and a revision with the files as they are', () => {
    const cwd = tempFolder();
    const git = (...args: string[]): string =>
      execFileSync(
        'git',
        ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false', ...args],
        { cwd, encoding: 'utf8' },
      ).trim();
    const folder = join(cwd, 'reports', 'mine');
    const write = (text: string): void => writeFileSync(join(folder, 'results.json'), text);
    mkdirSync(folder, { recursive: true });
    git('init', '-q', '-b', 'main');
    write(EQUAL);
    git('add', '.');
    git('commit', '-qm', 'one');
    git('switch', '-qc', 'topic');
    write(SLOWER);
    git('commit', '-qam', 'two');
    git('switch', '-q', 'main');
    write(JSON.stringify(fakeDocument([9, 9, 9])));
    git('commit', '-qam', 'three');
    git('switch', '-q', 'topic');

    const failOn = ['ADJUST.timeNs>+5%'];
    const parted = run(cwd, ['mine'], { base: 'main', mergeBase: true, head: 'topic', failOn });
    expect(parted.stdout).toContain('\nmine of main... → mine of topic: 2 of 3 cells differ\n');
    expect(parted.code).toBe(1);
    expect(run(cwd, [], { base: 'main', failOn }).stdout).toContain(
      '\nmine of main → mine as it is now: 3 of 3 cells differ\n',
    );
    write(EQUAL);
    expect(run(cwd, ['reports/mine'], { base: 'main~1' })).toEqual({
      code: 0,
      stdout: 'mine of main~1 and mine as it is now are equal: 3 cells\n',
    });

    const empty = git('commit-tree', '-m', 'x', git('hash-object', '-t', 'tree', '-w', '/dev/null'));
    expectRefusal(() => run(cwd, [], { base: 'mian' }), '--base mian: unknown revision; did you mean main?');
    expectRefusal(() => run(cwd, [], { base: 'main', head: '--all' }), '--head --all: unknown revision');
    expectRefusal(
      () => run(cwd, ['mien'], { base: 'main' }),
      'reports/mien/results.json: there is no such result; did you mean reports/mine?',
    );
    expectRefusal(() => run(cwd, [], { base: empty }), 'compare: no report is both in ');
    write(EQUAL.slice(0, 500));
    expectRefusal(() => run(cwd, [], { base: 'main' }), 'reports/mine/results.json: cut off: ');
  });

  it.each<[string, string[], CompareFlags, string]>([
    ['no result', [], {}, 'compare: name two results at least'],
    ['one result', ['a.json'], {}, 'compare: name two results at least'],
    ['a file that is not there', ['a.json', 'c.json'], {}, 'c.json: cannot be read: ENOENT'],
    ['an empty name', ['a.json', ''], {}, 'an empty name'],
    ['a folder without a report', ['a.json', '.'], {}, '.: cannot be read: ENOENT'],
    ['a document that is cut off', ['a.json', 'cut.json'], {}, 'cut.json: cut off: '],
    [
      'a later schema version',
      ['a.json', 'later.json'],
      {},
      'later.json: schemaVersion: is 99, must be 1, 2, 3 or 4; a later s2bench wrote it',
    ],
    ['what is no result', ['other.json', 'a.json'], {}, 'other.json: not a result document: schemaVersion is missing'],
    [
      'an unknown metric',
      ['a.json', 'a.json'],
      { failOn: ['ADJUST.timNs>+5%'] },
      '--fail-on ADJUST.timNs>+5%: unknown metric ADJUST.timNs; did you mean ADJUST.timeNs?',
    ],
    [
      'an unknown word',
      ['a.json', 'a.json'],
      { failOn: ['verdikt'] },
      '--fail-on verdikt: must be a metric and a limit',
    ],
    [
      'a limit that is none',
      ['a.json', 'a.json'],
      { failOn: ['ADJUST.timeNs>lots'] },
      '--fail-on ADJUST.timeNs>lots: lots: not a limit',
    ],
    ['an empty condition', ['a.json', 'a.json'], { failOn: ['verdict,'] }, '--fail-on "": must be a metric'],
    ['a head without a base', ['a.json', 'a.json'], { head: 'main' }, '--head main: needs --base'],
    ['a merge base without a base', ['a.json', 'a.json'], { mergeBase: true }, '--merge-base: needs --base'],
    ['revisions outside of a repository', [], { base: 'main' }, '--base: this folder is in no Git repository'],
    ['stdin twice', ['-', '-'], {}, 'compare: - can be read once only'],
  ])('refuses %s', (_, results, flags, message) => {
    expectRefusal(() => run(folderOf(), results, flags), message);
  });
});

describe('results of different experiments', () => {
  const seeded = fakeDocument([1, 1, 1.06]);
  const cells = seeded.cells.map((result) => ({ ...result, cell: { ...result.cell, seed: 7 } }));
  const folder = (): string => folderOf({ ...FILES, 'seed.json': JSON.stringify({ ...seeded, cells }) });

  it('are not compared, unless that is asked for', () => {
    const refused = (): unknown => run(folder(), ['a.json', 'seed.json']);
    expect(refused).toThrow(MismatchError);
    expect(refused).toThrow(
      /^a\.json and seed\.json are different experiments: seed 1 → 7: [^\n]+; --allow-mismatch compares them all the same$/,
    );
    const allowed = run(folder(), ['a.json', 'seed.json'], { allowMismatch: true });
    expect(allowed.code).toBe(0);
    expect(allowed.stdout).toContain('\nwarning: seed 1 → 7: ');
  });

  it('does not mean another version, which is said', () => {
    const text = JSON.stringify(fakeDocument([1, 1, 2], { tool: { name: 's2bench', version: '0.9.0' } }));
    const end = run(folderOf({ ...FILES, 'later-tool.json': text }), ['a.json', 'later-tool.json']);
    expect(end.code).toBe(0);
    expect(end.stdout).toContain('\nwarning: s2bench 0.1.0 → 0.9.0: ');
  });
});

describe('the strategies of one result', () => {
  const [quiet, loud] = [fakeDocument(), fakeDocument([2, 2, 0.5])];
  const named = (document: typeof quiet, strategy: string) =>
    document.cells.map((result) => ({ ...result, cell: { ...result.cell, strategy } }));
  const text = JSON.stringify(
    fakeDocument([], {
      strategies: ['baseline', 'quiet', 'loud'].map((name) => ({ name, summary: 'a test', source: 'a test' })),
      cells: [...named(quiet, 'baseline'), ...named(quiet, 'quiet'), ...named(loud, 'loud')],
    }),
  );
  const one = JSON.stringify(fakeDocument([], { cells: named(quiet, 'baseline') }));
  const folder = (): string => folderOf({ ...FILES, 'all.json': text, 'one.json': one });
  const across = 'strategy';

  it('are compared with the baseline, in each form', () => {
    const end = run(folder(), ['all.json'], { across, failOn: ['ADJUST.timeNs>+50%'] });
    expect(end.code).toBe(1);
    expect(end.stdout).toContain('baseline → quiet: all of 3 cells are equal\n');
    expect(end.stdout).toMatch(/^Worse: ADJUST time 1\.00 µs → 2\.00 µs, 2\.0+× longer, in 2 of 3 cells$/m);
    expect(end.stdout).toMatch(/^Better: ADJUST time 1\.00 µs → 500 ns, 2\.0+× shorter, in 1 of 3 cells$/m);
    expect(run(folder(), ['all.json'], { across, mail: true }).stdout).toContain(
      '\nbaseline -> loud: 3 of 3 cells differ.',
    );
    expect(run(folder(), ['all.json'], { across, markdown: true }).stdout).toContain('### `baseline` → `loud`');
  });

  it('are compared with whom --reference names', () => {
    const { stdout } = run(folder(), ['all.json'], { across, reference: 'loud', json: true });
    const { comparisons } = comparisonDocumentSchema.parse(JSON.parse(stdout));
    expect(comparisons.map(({ base, head }) => [base, head])).toEqual([
      ['all.json: loud', 'all.json: baseline'],
      ['all.json: loud', 'all.json: quiet'],
    ]);
  });

  it.each<[string, string[], CompareFlags, string]>([
    ['no result', [], { across }, '--across strategy: name one result, not 0'],
    ['two results', ['all.json', 'a.json'], { across }, '--across strategy: name one result, not 2'],
    ['one strategy', ['one.json'], { across }, '--across strategy: one.json has one strategy only, baseline'],
    ['an unknown reference', ['all.json'], { across, reference: 'lou' }, 'no such strategy; did you mean loud?'],
    ['a revision', ['all.json'], { across, mergeBase: true }, 'and --merge-base results of revisions; leave one out'],
    ['a reference alone', ['all.json'], { reference: 'loud' }, '--reference loud: needs --across strategy'],
  ])('refuse %s', (_, results, flags, message) => {
    expectRefusal(() => run(folder(), results, flags), message);
  });
});

function expectRefusal(refused: () => unknown, message: string): void {
  let error: unknown;
  try {
    refused();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).message).toContain(message);
  expect((error as UsageError).message).not.toContain('\n');
}
