/** `s2bench worker`: its flags and help. The work is loaded when it is done. */
import { Command } from 'commander';
import type { WorkerFlags } from './run.ts';

const EXAMPLES = `
Works for every "s2bench run --executor" on the same Redis, until Ctrl-C, which gives back the cells that run. It must
have the run's own s2bench and strategies; where a strategy is a path, the path counts from the current directory.

Examples:
  $ s2bench worker --redis redis://127.0.0.1:6379
  $ s2bench worker --redis redis://:password@host:6379/2 --jobs 8
`;

/** Makes the command. */
export function workerCommand(): Command {
  return new Command('worker')
    .description('simulate the cells of runs on other machines')
    .requiredOption('--redis <url>', 'the Redis server of those runs')
    .option('--jobs <number>', 'cells at the same time (default: all cores)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: WorkerFlags) => {
      const { worker } = await import('./run.ts');
      process.exitCode = await worker(flags);
    });
}
