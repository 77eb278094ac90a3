/** `s2bench merge`: its flags and help. The work is loaded when it is done. */
import { Command } from 'commander';
import type { MergeFlags } from './run.ts';

const EXAMPLES = `
The shards of one matrix, each written by "s2bench run --shard INDEX/COUNT", become what one machine would have given,
byte for byte. Where the matrix is that of a preset, the report goes to reports/<preset>/ as with "s2bench run".

Examples:
  $ s2bench merge results/*.json
  $ s2bench merge results/*.json --out report
  $ s2bench merge a.json b.json --json > results.json
`;

/** Makes the command. */
export function mergeCommand(): Command {
  return new Command('merge')
    .description('put the shards of a matrix together')
    .argument('<files...>', 'one document of each shard')
    .option('--out <folder>', 'write README.md, chart.svg and results.json there')
    .option('--json', 'print one JSON document to stdout; write files only with --out')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], flags: MergeFlags) => {
      const { merge } = await import('./run.ts');
      process.exitCode = merge(files, flags);
    });
}
