import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CellResult, parseHistory, type ProofPage } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { fakeDocument } from '../../test/fixtures/fake-document.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { UsageError } from '../cli/errors.ts';
import { lock, lockFolder } from '../cli/lock.ts';
import { publish } from './publish.ts';

const DOCUMENT = fakeDocument();

function folderOf(files: Record<string, object | string>): string {
  const cwd = tempFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return cwd;
}

function run(cwd: string, name?: string, results: readonly string[] = [], title?: string): string[] {
  const said: string[] = [];
  expect(publish(name, results, title === undefined ? {} : { title }, cwd, (line) => said.push(line))).toBe(0);
  return said;
}

function bytesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => [
      join(entry.parentPath, entry.name),
      readFileSync(join(entry.parentPath, entry.name), 'utf8'),
    ]),
  );
}

describe('s2bench publish', () => {
  it('writes a report, its history and the list, and the second time nothing', () => {
    const cwd = folderOf({ 'a.json': DOCUMENT });
    expect(run(cwd, 'mine', ['a.json'], 'A heading')).toEqual([
      'reports/mine: written; 1 row of history, the last one new',
      'reports/README.md written',
    ]);
    const folder = join(cwd, 'reports');
    expect(readdirSync(join(folder, 'mine')).sort()).toEqual([
      'HISTORY.md',
      'README.md',
      'chart.svg',
      'history.ndjson',
      'results.json',
    ]);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('A heading');
    const before = bytesOf(folder);
    expect(run(cwd)).toEqual(['reports/mine: unchanged; 1 row of history']);
    expect(run(cwd, 'mine')).toEqual(['reports/mine: unchanged; 1 row of history']);
    expect(bytesOf(folder)).toEqual(before);
  });

  it('adds a row for each change, with the commit that is checked out', () => {
    const cwd = folderOf({ 'a.json': DOCUMENT, 'b.json': fakeDocument([1, 2, 3]) });
    const git = (...args: string[]): string =>
      execFileSync(
        'git',
        ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false', ...args],
        { cwd, encoding: 'utf8' },
      ).trim();
    run(cwd, 'mine', ['a.json']);
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    run(cwd, 'mine', ['b.json']);
    writeFileSync(join(cwd, 'a.json'), JSON.stringify(fakeDocument([5])));
    run(cwd, 'mine', ['a.json']);
    const rows = parseHistory(readFileSync(join(cwd, 'reports/mine/history.ndjson'), 'utf8'), '');
    const commit = git('rev-parse', 'HEAD');
    expect(rows.map((row) => [row.commit, row.modified])).toEqual([
      [null, false],
      [commit, false],
      [commit, true],
    ]);
  });

  it('collects several results, and brings old ones to the present schema', () => {
    const [one, two] = [fakeDocument([1]), fakeDocument([1, 1, 4])];
    const cwd = folderOf({ 'a.json': { ...one, schemaVersion: 1 }, 'b.json': { ...two, cells: two.cells.slice(1) } });
    run(cwd, 'mine', ['a.json', 'b.json']);
    const written = JSON.parse(readFileSync(join(cwd, 'reports/mine/results.json'), 'utf8')) as typeof two;
    const retriedOf = (cell: CellResult): unknown => cell.status === 'ok' && cell.stages['ADJUST']?.faults.retried;
    expect(written.schemaVersion).toBe(two.schemaVersion);
    expect(written.cells.map(({ cell }) => cell)).toEqual(two.cells.map(({ cell }) => cell));
    expect(written.cells.map(retriedOf)).toEqual([null, 0, 0]);
  });

  it.each<[string, string | undefined, string[], string]>([
    ['no report', undefined, [], 'publish: there are no reports in reports/; name one and its results'],
    ['a name that is none', 'My Report', ['a.json'], "publish My Report: a report's name is lower-case words"],
    [
      'results without a name',
      'a.json',
      [],
      "publish a.json: a report's name is lower-case words joined by hyphens; the name of the report comes first",
    ],
    ['an unknown report', 'mine', [], 'publish mine: there is no such report; none is known; a new one needs results'],
    ['a file that is cut off', 'mine', ['cut.json'], 'cut.json: cut off: '],
    ['a later schema version', 'mine', ['later.json'], 'later.json: schemaVersion: is 99, must be 1, 2, 3 or 4'],
    ['results that contradict', 'mine', ['a.json', 'b.json'], 'b.json: has another result than a.json'],
  ])('refuses %s, and writes nothing', (_, name, results, message) => {
    const cwd = folderOf({
      'a.json': DOCUMENT,
      'b.json': fakeDocument([2]),
      'cut.json': JSON.stringify(DOCUMENT).slice(0, 500),
      'later.json': '{"schemaVersion": 99}',
    });
    const refused = (): unknown => run(cwd, name, results);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(message);
    expect(existsSync(join(cwd, 'reports'))).toBe(false);
  });

  it('refuses a history that is broken, and leaves it as it is', () => {
    const cwd = folderOf({ 'a.json': DOCUMENT });
    mkdirSync(join(cwd, 'reports', 'mine'), { recursive: true });
    writeFileSync(join(cwd, 'reports/mine/history.ndjson'), '<<<<<<< HEAD\n');
    expect(() => run(cwd, 'mine', ['a.json'])).toThrow('reports/mine/history.ndjson:1: not JSON');
    expect(readdirSync(join(cwd, 'reports', 'mine'))).toEqual(['history.ndjson']);
  });

  it('refuses while another s2bench writes there, and leaves the history to it', () => {
    const cwd = folderOf({ 'a.json': DOCUMENT, 'b.json': fakeDocument([1, 2, 3]) });
    run(cwd, 'mine', ['a.json']);
    const before = bytesOf(cwd);
    const unlock = lockFolder(join(cwd, 'reports', 'mine'), 'x');
    expect(() => publish('mine', ['b.json'], {}, cwd)).toThrow(/^reports\/mine: another s2bench writes there/);
    unlock();
    const unlockAll = lock(join(cwd, 'reports', '.publish.lock'), 'x');
    expect(() => publish(undefined, [], {}, cwd)).toThrow(/^reports: another s2bench writes there/);
    unlockAll();
    expect(bytesOf(cwd)).toEqual(before);
  });

  it('exchanges the folder as a whole: what is not of the results stays, pages of earlier ones go', () => {
    const cwd = folderOf({ 'a.json': DOCUMENT, 'b.json': fakeDocument([1, 2, 3]) });
    run(cwd, 'mine', ['a.json']);
    const folder = join(cwd, 'reports', 'mine');
    mkdirSync(join(folder, 'counterexamples'));
    mkdirSync(join(folder, 'notes'));
    for (const name of ['counterexamples/old.md', 'notes/mine.md', 'proof.md']) writeFileSync(join(folder, name), name);
    const { ino } = statSync(folder);
    run(cwd, 'mine', ['b.json']);
    expect(statSync(folder).ino).not.toBe(ino);
    expect(readFileSync(join(folder, 'notes', 'mine.md'), 'utf8')).toBe('notes/mine.md');
    expect(readdirSync(folder).sort()).toEqual(
      ['HISTORY.md', 'README.md', 'chart.svg', 'history.ndjson', 'notes', 'proof.md', 'results.json'].sort(),
    );
    expect(readdirSync(join(cwd, 'reports')).sort()).toEqual(['README.md', 'mine']);
  });

  it('finds again what a kill has left between two names', () => {
    const cwd = folderOf({ 'a.json': DOCUMENT, 'b.json': fakeDocument([1, 2, 3]) });
    run(cwd, 'mine', ['a.json']);
    renameSync(join(cwd, 'reports', 'mine'), join(cwd, 'reports', '.mine-new-abc.old'));
    mkdirSync(join(cwd, 'reports', '.mine-new-abc'));
    expect(run(cwd, 'mine', ['b.json'])).toContain('reports/mine: written; 2 rows of history, the last one new');
    expect(readdirSync(join(cwd, 'reports')).sort()).toEqual(['README.md', 'mine']);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a page outside of the report', { counterexamples: [pageOf('../../X.md')] }],
    ['a page by an absolute path', { counterexamples: [pageOf('/tmp/X.md')] }],
    ['a page that takes the place of the results', { counterexamples: [pageOf('results.json')] }],
    ['a page that takes the place of the report', { counterexamples: [pageOf('counterexamples/../README.md')] }],
    ['a hidden page', { counterexamples: [pageOf('counterexamples/.a.md')] }],
    ['two pages of one file', { counterexamples: [pageOf('counterexamples/a.md'), pageOf('counterexamples/a.md')] }],
    ['a preset that is a path', { preset: '../../X' }],
    ['a verdict that links to a script', { cells: [linkedTo('javascript:alert(1)')] }],
    ['a verdict that links out of the report', { cells: [linkedTo('../../X.md')] }],
  ])('refuses %s, and writes nothing', (_, different) => {
    const cwd = folderOf({ 'in/a/b/a.json': { ...DOCUMENT, ...different } });
    const before = bytesOf(cwd);
    expect(() => publish('mine', ['in/a/b/a.json'], {}, cwd)).toThrow(UsageError);
    expect(bytesOf(cwd)).toEqual(before);
  });
});

function pageOf(file: string): ProofPage {
  const broken = [{ rule: 'r', sentence: 's', world: 'w', text: 't' }];
  return { file, strategy: 'quiet', history: 'h', fwb: false, command: 'c', broken };
}

function linkedTo(counterexample: string): object {
  return { ...DOCUMENT.cells[0], verdict: { status: 'unsafe', rule: 'r', counterexample } };
}
