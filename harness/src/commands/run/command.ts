/** `s2bench run`: its flags and help. The work is loaded when it is done. */
import { Command, Option } from 'commander';
import { collect } from '../../cli/collect.ts';
import { hasOptions, LIST_FLAGS, LIST_KEYS } from '../../options/run-flags.ts';
import type { RunFlags } from '../../options/run-request.ts';

const EXAMPLES = `
With no flags: the matrix of the preset thread-2021; its report goes to reports/thread-2021/.
Lists are separated by commas and span the matrix.

Examples:
  $ s2bench run
  $ s2bench run --strategy baseline,./mine.ts --vcpus 20 --stages all
  $ s2bench run --strategy 'baseline,./mine.ts?threshold=16,64,256'
  $ s2bench run --backing anonymous --memory 1G --vcpus 1,20 --json > results.json
  $ s2bench run --memory 1T --vcpus 128 --strategy baseline --out results
`;

/** Makes the command. */
export function runCommand(): Command {
  const command = new Command('run').description('simulate a matrix of cells and report it');
  command.option('--preset <name>', 'matrix to start from; other flags change it (default: thread-2021)');
  for (const key of LIST_KEYS) {
    const { flag, placeholder, help } = LIST_FLAGS[key];
    const option = new Option(`${flag} <${placeholder}>`, help);
    // What follows options belongs to them, so that another strategy or kernel model may need a flag of its own.
    if (hasOptions(key)) option.argParser(collect);
    command.addOption(option);
  }
  return command
    .option('--out <folder>', 'write README.md and results.json there')
    .option('--json', 'print one JSON document to stdout; write files only with --out')
    .option('--exact', 'simulate every fault, extrapolate nothing')
    .option('--verify', "explore the strategies too, and set the verdict beside the time (a preset's own matrix does)")
    .option('--no-verify', 'explore nothing')
    .option('--jobs <number>', 'workers at the same time (default: all cores)')
    .option('--cell-timeout <seconds>', 'stop a cell that runs longer (default: 300)')
    .option('--shard <index/count>', 'run one part of the matrix, for s2bench merge: 3/8')
    .option('--executor <url>', 'let workers run the cells (s2bench worker), over a Redis server: redis://host:6379')
    .option('--resume', 'keep the cells that an interrupted run has finished')
    .addOption(new Option('--config <file>', 'config file (default: s2bench.config.ts or .json, if there is one)'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: RunFlags) => {
      const { run } = await import('./run.ts');
      process.exitCode = await run(flags);
    });
}
