/** `s2bench compare`: its flags and help. The work is loaded when it is done. */
import { Command, Option } from 'commander';
import { collect } from '../../cli/collect.ts';
import type { CompareFlags } from './run.ts';

const HELP = `
A result is a file that s2bench run --json has written, a report's folder, or - for stdin. The first is the base, each
other one is compared with it. With --base the results are those that two revisions have committed: of the reports
that are named, or of all in reports/.

A condition of --fail-on is a metric of a stage and a limit, or a word:
  ADJUST.timeNs>+5%        more than 5 % slower than the base (-: faster; *.timeNs: in any stage)
  ADJUST.timeNs>+2ms       slower by more than 2 ms
  *.staleReads>0           the value itself, whatever the base has
  verdict                  a verdict is worse than in the base
  missing                  a cell of the base has no result any more

Exit code 1: a condition is met.

Examples:
  $ s2bench compare before.json after.json
  $ s2bench compare --base main --fail-on 'ADJUST.timeNs>+5%,verdict'
  $ s2bench compare --base main --merge-base --head HEAD --markdown > comment.md
  $ s2bench compare reports/thread-2021 results.json --mail
  $ s2bench compare before after        (what s2bench bench --save before and --save after have kept)
`;

/** Makes the command. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('compare results cell by cell: files, report folders, or what two revisions have committed')
    .argument('[results...]', 'result files or report folders, the base first; with --base: reports')
    .option('--base <revision>', 'compare with the reports that it has committed')
    .option('--head <revision>', 'what is compared with it (default: the files as they are now)')
    .option('--merge-base', 'compare with the commit where --base and --head parted')
    .addOption(
      new Option('--fail-on <condition>', 'exit with 1 where it is met; may be given several times').argParser(collect),
    )
    .addOption(new Option('--markdown', 'for a pull request').conflicts(['mail', 'json']))
    .addOption(new Option('--mail', 'plain text of 72 columns').conflicts(['markdown', 'json']))
    .addOption(new Option('--json', 'print one JSON document').conflicts(['markdown', 'mail']))
    .addHelpText('after', HELP)
    .action(async (results: string[], flags: CompareFlags) => {
      const { compare } = await import('./run.ts');
      process.exitCode = compare(results, flags);
    });
}
