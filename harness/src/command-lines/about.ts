/** Commands that say what there is: lists, schemas, this machine, completions. */
import { Command } from 'commander';

/** `s2bench list`. */
export function listCommand(): Command {
  return new Command('list')
    .description('list what a matrix can be made of')
    .argument('[what]', 'strategies, profiles, workloads, histories, presets, kernels or worlds (default: all of them)')
    .option('--json', 'print one JSON array; of all lists an object of arrays')
    .option('--config <file>', 'config file (default: s2bench.config.ts or .json, if there is one)')
    .action(async (what: string | undefined, flags: { json?: boolean; config?: string }) => {
      const { list } = await import('../commands/list.ts');
      process.exitCode = await list(what, flags);
    });
}
