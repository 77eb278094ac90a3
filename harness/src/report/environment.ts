/** Where and of what code a result was made: `s2bench run --record-environment`. No report that is committed has it. */
import { spawnSync } from 'node:child_process';
import type { Environment } from '@s2bench/report/schema';
import { hostMachine } from './wall-times.ts';

/**
 * This process, this machine, and the revision that is checked out; without a revision where there is no Git.
 *
 * @param argv - the command line after the program's name
 */
export function environmentOf(cwd: string, argv: readonly string[] = process.argv.slice(2)): Environment {
  const { node, arch, cpu, cores } = hostMachine();
  const commit = gitSays(cwd, 'rev-parse', 'HEAD');
  const changes = gitSays(cwd, 'status', '--porcelain');
  return {
    argv: [...argv],
    node,
    arch,
    cpu,
    cores,
    ...(commit !== undefined && { commit }),
    ...(commit !== undefined && changes !== undefined && { isDirty: changes !== '' }),
  };
}

function gitSays(cwd: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
}
