/** Git, asked for what a comparison or a history needs. */
import { spawnSync } from 'node:child_process';
import { nearestName, UsageError } from '../cli/errors.ts';

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
