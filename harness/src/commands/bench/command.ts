/** `s2bench bench`: its flags and help. The work is loaded when it is done. */
import { Command, Option } from 'commander';
import { collect } from '../../cli/collect.ts';
import type { BenchFlags } from './run.ts';

const EXAMPLES = `
Times are of this machine, in nanoseconds a leaf; they have nothing to do with simulated time. On a busy machine trust
the best times and the ratios, which are taken in the same run.

Examples:
  $ s2bench bench
  $ s2bench bench --filter coalesce --time 2000
  $ s2bench bench --json > bench.json
  $ s2bench bench --filter coalesce --against ../main
  $ s2bench bench --save before
`;

/** Makes the command. */
export function benchCommand(): Command {
  return new Command('bench')
    .description("measure the core's and the strategies' own code on this machine")
    .addOption(
      new Option('--strategy <names>', 'strategies, as for s2bench run (default: all that can be named)').argParser(
        collect,
      ),
    )
    .option('--filter <regexp>', 'only benchmarks whose name it matches')
    .option('--time <milliseconds>', 'for each benchmark', '500')
    .option('--json', 'print one JSON document')
    .option('--save <name>', 'keep the samples, as one more round of that name (.results/bench/), for s2bench compare')
    .option('--against <where>', "take turns with another s2bench (a clone's folder), or compare with what was saved")
    .option('--rounds <number>', 'with --against: rounds of each (default: 10)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: BenchFlags) => {
      const { bench } = await import('./run.ts');
      process.exitCode = await bench(flags);
    });
}
