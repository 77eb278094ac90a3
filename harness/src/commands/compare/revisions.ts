/** The reports of two revisions, or of a revision and the files as they are now. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative, resolve, sep } from 'node:path';
import type { NamedDocument } from '@s2bench/report';
import { nearestName, oneLine, UsageError } from '../../cli/errors.ts';
import { commitOf, fileAt, filesAt, mergeBase } from '../../git/git.ts';
import { looksLikePath } from '../../plugins/locate.ts';
import { parseResult, RESULT_FILE } from '../../results/read-result.ts';
import { reportNames, REPORTS_FOLDER, resultPath } from '../../results/reports-folder.ts';

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
    read: (path) => {
      try {
        return existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), 'utf8') : undefined;
      } catch (error) {
        throw new UsageError(`${path}: cannot be read: ${oneLine(error)}`);
      }
    },
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
  return { name: label.replace(new RegExp(`/${RESULT_FILE}$`), ''), document: parseResult(text, label) };
}
