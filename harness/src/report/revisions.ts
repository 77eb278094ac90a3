/** The reports of two revisions, or of a revision and the files as they are now, asked of Git. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, posix, relative, resolve, sep } from 'node:path';
import type { Checkout, NamedDocument } from '@s2bench/report';
import { nearestName, UsageError } from '../cli/errors.ts';
import { readText } from '../cli/files.ts';
import { looksLikePath } from '../plugins/locate.ts';
import { reportNames, REPORTS_FOLDER, resultPath } from './reports.ts';
import { parseResult, RESULT_FILE } from './results.ts';

/** A repository's file of this size is no report. */
const MAX_OUTPUT_BYTES = 2 ** 28;

/** What Git said, or `undefined` where it refused. */
export function tryGit(cwd: string, ...args: string[]): string | undefined {
  const { error, status, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT')
    throw new UsageError('git: cannot be started; is it installed?');
  if (error !== undefined) throw error;
  return status === 0 ? stdout : undefined;
}

/**
 * The commit that a revision names.
 *
 * @param origin - the option that it stands in, for messages
 * @throws UsageError where there is no repository, or no such revision in it
 */
export function commitOf(revision: string, origin: string, cwd: string): string {
  requireRepository(origin, cwd);
  const commit = tryGit(cwd, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)?.trim();
  if (commit !== undefined && commit !== '') return commit;
  const names = (tryGit(cwd, 'for-each-ref', '--format=%(refname:short)') ?? '')
    .split('\n')
    .filter((name) => name !== '');
  const nearest = nearestName(revision, names);
  throw new UsageError(
    `${origin} ${revision}: unknown revision; ${nearest === undefined ? 'git log shows those that there are' : `did you mean ${nearest}?`}`,
  );
}

/** The commit where two revisions parted, or `undefined` where they have nothing in common. */
export function mergeBase(one: string, other: string, cwd: string): string | undefined {
  return tryGit(cwd, 'merge-base', one, other)?.trim();
}

/** A file as a commit has it, its path relative to `cwd`; `undefined` where it has none. */
export function fileAt(commit: string, path: string, cwd: string): string | undefined {
  return tryGit(cwd, 'show', `${commit}:./${path}`);
}

/** The files below a folder in a commit, paths relative to `cwd`. */
export function filesAt(commit: string, folder: string, cwd: string): readonly string[] {
  const text = tryGit(cwd, 'ls-tree', '-r', '-z', '--name-only', commit, '--', `${folder}/`) ?? '';
  return text.split('\0').filter((name) => name !== '');
}

function requireRepository(origin: string, cwd: string): void {
  if (tryGit(cwd, 'rev-parse', '--git-dir') === undefined)
    throw new UsageError(`${origin}: this folder is in no Git repository`);
}

/** Two documents to be compared. */
export interface ComparedPair {
  readonly base: NamedDocument;
  readonly head: NamedDocument;
}

/** What is asked for. */
export interface RevisionRequest {
  readonly base: string;
  /** Left out: the files as they are now. */
  readonly head: string | undefined;
  /** Whether to compare with the commit where the two parted. */
  readonly fromMergeBase: boolean;
  /** Names or folders of reports; none: all. */
  readonly reports: readonly string[];
}

/** One side of the comparison. */
interface Side {
  /** How a message and a heading name it. */
  readonly name: string;
  readonly paths: () => readonly string[];
  /** A file, or `undefined`. */
  readonly read: (path: string) => string | undefined;
}

/**
 * Reads the reports of both sides.
 *
 * @throws UsageError where a revision, a report or what is to be read does not exist or is no result
 */
export function revisionPairs(request: RevisionRequest, cwd: string): readonly ComparedPair[] {
  const head =
    request.head === undefined ? workingTree(cwd) : revision(request.head, commitOf(request.head, '--head', cwd), cwd);
  const base = baseOf(request, cwd);
  const paths = request.reports.length > 0 ? request.reports.map((text) => pathOf(text, cwd)) : commonPaths(base, head);
  return paths.map((path) => ({ base: documentAt(base, path), head: documentAt(head, path) }));
}

function baseOf({ base, head, fromMergeBase }: RevisionRequest, cwd: string): Side {
  const commit = commitOf(base, '--base', cwd);
  if (!fromMergeBase) return revision(base, commit, cwd);
  const parted = mergeBase(commit, head ?? 'HEAD', cwd);
  if (parted === undefined)
    throw new UsageError(`--merge-base: ${base} and ${head ?? 'HEAD'} have no commit in common`);
  return revision(`${base}...`, parted, cwd);
}

function revision(name: string, commit: string, cwd: string): Side {
  return {
    name,
    paths: () => filesAt(commit, REPORTS_FOLDER, cwd).filter(isResultPath),
    read: (path) => fileAt(commit, path, cwd),
  };
}

function workingTree(cwd: string): Side {
  return {
    name: '',
    paths: () => reportNames(cwd).map(resultPath),
    read: (path) => (existsSync(join(cwd, path)) ? readText(join(cwd, path), path) : undefined),
  };
}

function isResultPath(path: string): boolean {
  return path.split('/').length === 3 && posix.basename(path) === RESULT_FILE;
}

/** The path of a report's document, from what the user wrote: its name, its folder or the file. */
function pathOf(text: string, cwd: string): string {
  if (text === '') throw new UsageError('compare: an empty name; name a report');
  if (!looksLikePath(text) && !text.includes('/')) return resultPath(text);
  const path = relative(cwd, resolve(cwd, text)).split(sep).join('/');
  const isFile = path.endsWith('.json') || statSync(join(cwd, path), { throwIfNoEntry: false })?.isFile() === true;
  return isFile ? path : posix.join(path, RESULT_FILE);
}

function commonPaths(base: Side, head: Side): readonly string[] {
  const [before, after] = [base.paths(), head.paths()];
  const common = after.filter((path) => before.includes(path));
  if (common.length > 0) return common;
  const where = (side: Side): string => (side.name === '' ? `${REPORTS_FOLDER}/` : `${side.name}:${REPORTS_FOLDER}/`);
  throw new UsageError(`compare: no report is both in ${where(base)} and in ${where(head)}; s2bench publish makes one`);
}

function documentAt(side: Side, path: string): NamedDocument {
  const label = side.name === '' ? path : `${side.name}:${path}`;
  const text = side.read(path);
  if (text === undefined) {
    const nearest = nearestName(path, side.paths());
    throw new UsageError(
      `${label}: there is no such result${nearest === undefined ? '' : `; did you mean ${posix.dirname(nearest)}?`}`,
    );
  }
  const report = posix.basename(posix.dirname(path));
  return {
    name: label.replace(new RegExp(`/${RESULT_FILE}$`), ''),
    title: `${report} ${side.name === '' ? 'as it is now' : `of ${side.name}`}`,
    document: parseResult(text, label),
  };
}

/** The commit that is checked out, and whether files differ from it: those of reports apart, which are being written. */
export function checkoutOf(cwd: string): Checkout {
  const commit = tryGit(cwd, 'rev-parse', '--verify', '--quiet', 'HEAD')?.trim();
  if (commit === undefined || commit === '') return { commit: null, modified: false };
  const changes = tryGit(cwd, 'status', '--porcelain', '--untracked-files=no', '--', ':/', `:!${REPORTS_FOLDER}`) ?? '';
  return { commit, modified: changes.trim() !== '' };
}
