/** `s2bench ops`: its flags and help. The work is loaded when it is done. */
import { Command } from 'commander';
import type { OpsFlags } from './run.ts';

const EXAMPLES = `
A script has one operation a line and begins with "init ipa=40"; "-" reads it from standard input.
For each file a line {"script":"FILE"} is printed, then one JSON value a line: each operation, the final table, its end.

Examples:
  $ s2bench ops script.txt
  $ s2bench ops --kernel v5.11 --page-size 64K --form long a.txt b.txt
  $ printf 'init\\nmap 1G 2M 4G rw\\n' | s2bench ops -
`;

/** Makes the command. */
export function opsCommand(): Command {
  return new Command('ops')
    .description('run scripts of stage-2 operations and print what each of them did')
    .argument('<file...>', 'scripts')
    .option('--kernel <name>', 'kernel model; options follow a ?', 'v5.12p1')
    .option('--strategy <name>', 'strategy: a name, or the path of one; options follow a ?', 'baseline')
    .option('--page-size <size>', '4K, 16K or 64K', '4K')
    .option('--form <form>', 'short (an array an operation) or long (an object with the first events)', 'short')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], flags: OpsFlags) => {
      const { ops } = await import('./run.ts');
      process.exitCode = await ops(files, flags);
    });
}
