/** A clone of what is committed here, ready to build and to make commits of its own in. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from './command.ts';

/** Clones a repository with its installed packages. */
export function scratchClone(repository: string, folder: string): void {
  execute('git', ['clone', '--quiet', repository, folder], { cwd: repository });
  for (const [key, value] of [['user.name', 'release test'], ['user.email', 'release-test@localhost']] as const) {
    execute('git', ['config', key, value], { cwd: folder });
  }
  const installed = join(repository, 'node_modules');
  if (!existsSync(installed)) throw new Error('run npm ci first');
  // Hard links where the file system has them: nothing in there is written to.
  try {
    execute('cp', ['-al', installed, folder], { cwd: folder });
  } catch {
    execute('rm', ['-rf', join(folder, 'node_modules')], { cwd: folder });
    execute('cp', ['-a', installed, folder], { cwd: folder });
  }
}
