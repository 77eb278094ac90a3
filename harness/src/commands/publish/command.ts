/** `s2bench publish`: its flags and help. The work is loaded when it is done. */
import { Command } from 'commander';
import type { PublishFlags } from './run.ts';

const HELP = `
Writes reports/NAME/: the report, its picture and its results, and adds a line to its history where the results have
changed. Then it writes the list of all reports, reports/README.md. With a name alone that report is written again from
its results, with none all are: after an update of s2bench, or where results were written by "s2bench run".

Examples:
  $ s2bench publish
  $ s2bench publish thp results.json
  $ s2bench publish thp baseline.json mine.json --title "Two strategies on transparent huge pages"
`;

/** Makes the command. */
export function publishCommand(): Command {
  return new Command('publish')
    .description('collect results into a report in reports/, with its history, and list all reports')
    .argument('[name]', 'the folder of the report in reports/')
    .argument('[results...]', 'result files or report folders')
    .option('--title <text>', 'heading of the report')
    .addHelpText('after', HELP)
    .action(async (name: string | undefined, results: string[], flags: PublishFlags) => {
      const { publish } = await import('./run.ts');
      process.exitCode = publish(name, results, flags);
    });
}
