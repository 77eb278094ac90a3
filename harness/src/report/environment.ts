/** Where and of what code a result was made: `s2bench run --record-environment`. No report that is committed has it. */
import { spawnSync } from 'node:child_process';
import { arch, cpus } from 'node:os';
import type { Environment } from '@s2bench/report/schema';

/** The host that wall times are of. */
export function hostMachine(): Pick<Environment, 'node' | 'arch' | 'cpu' | 'cores'> {
  return { node: process.version, arch: arch(), cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
}

/**
 * This process, this machine, and the revision that is checked out; without a revision where there is no Git.
 *
 * @param argv - the command line after the program's name
 */
export function environmentOf(cwd: string, argv: readonly string[] = process.argv.slice(2)): Environment {
  const commit = gitSays(cwd, 'rev-parse', 'HEAD');
  const changes = gitSays(cwd, 'status', '--porcelain');
  return {
    argv: [...argv],
    ...hostMachine(),
    ...(commit !== undefined && { commit }),
    ...(commit !== undefined && changes !== undefined && { isDirty: changes !== '' }),
  };
}

function gitSays(cwd: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
}
