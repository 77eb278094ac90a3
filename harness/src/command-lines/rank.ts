/** The command line of `s2bench rank`. */
import { Command, Option } from 'commander';
import { helpBelow } from './help.ts';
import type { RankFlags } from '../commands/rank.ts';
import { withMatrixOptions } from './matrix-options.ts';

const RANK_HELP = `
A result is a file that s2bench run --verify --json has written, a report's folder, or - for stdin. With none the matrix of
the flags is run, each strategy verified, and nothing written. Only what is safe in all histories of the results is ranked.

Examples:
  $ s2bench rank reports/thread-2021
  $ s2bench rank results.json --reference install-first-uniform-cmo --mail
  $ s2bench rank --strategy baseline,clean-holes,./mine.ts --vcpus 1,20
  $ s2bench rank --preset log-stop --bounded --turn tlbiVmid
`;

/** `s2bench rank`. */
export function rankCommand(): Command {
  const command = new Command('rank')
    .description('say in each cell which safe strategy is fastest, what is lost by another, and what would turn that')
    .argument('[results...]', 'result files or report folders (default: run the matrix of the flags)');
  return withMatrixOptions(command)
    .option('--reference <strategy>', 'strategy that the others are set beside (default: baseline, or else the first)')
    .option('--bounded', 'rank too what nothing was found in up to a bound, with a question mark')
    .option('--turn <cost>', 'run the matrix again with other values of a cost, until another strategy is first')
    .option('--stage <name>', 'stage whose time counts (default: the last that all cells have)')
    .addOption(new Option('--markdown', 'for a page').conflicts(['mail', 'json']))
    .addOption(new Option('--mail', 'plain text of 72 columns').conflicts(['markdown', 'json']))
    .addOption(new Option('--json', 'print one JSON document').conflicts(['markdown', 'mail']))
    .option('--exact', 'simulate every fault, extrapolate nothing')
    .option('--jobs <number>', 'workers at the same time (default: all cores)')
    .addOption(new Option('--config <file>', 'config file (default: s2bench.config.ts or .json, if there is one)'))
    .addHelpText('after', helpBelow(RANK_HELP))
    .action(async (results: string[], flags: RankFlags) => {
      const { rank } = await import('../commands/rank.ts');
      process.exitCode = await rank(results, flags);
    });
}
