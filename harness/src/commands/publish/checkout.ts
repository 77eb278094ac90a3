/** Which commit a report is published from. */
import type { Checkout } from '@s2bench/report';
import { tryGit } from '../../git/git.ts';
import { REPORTS_FOLDER } from '../../results/reports-folder.ts';

/** The commit that is checked out, and whether files differ from it: those of reports apart, which are being written. */
export function checkoutOf(cwd: string): Checkout {
  const commit = tryGit(cwd, 'rev-parse', '--verify', '--quiet', 'HEAD')?.trim();
  if (commit === undefined || commit === '') return { commit: null, modified: false };
  const changes = tryGit(cwd, 'status', '--porcelain', '--untracked-files=no', '--', ':/', `:!${REPORTS_FOLDER}`) ?? '';
  return { commit, modified: changes.trim() !== '' };
}
