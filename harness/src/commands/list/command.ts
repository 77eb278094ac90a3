/** `s2bench list`: its arguments and help. The work is loaded when it is done. */
import { Command } from 'commander';

/** Makes the command. */
export function listCommand(): Command {
  return new Command('list')
    .description('list what a matrix can be made of')
    .argument('[what]', 'strategies, profiles, workloads, histories, presets or kernels')
    .option('--json', 'print one JSON array')
    .option('--config <file>', 'config file (default: s2bench.config.ts or .json, if there is one)')
    .action(async (what: string | undefined, flags: { json?: boolean; config?: string }) => {
      const { list } = await import('./run.ts');
      process.exitCode = await list(what, flags);
    });
}
