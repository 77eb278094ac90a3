/** The command line of `s2bench ops`, with the legend of what it prints. */
import { Command } from 'commander';
import { helpBelow } from './help.ts';
import type { OpsFlags } from '../commands/ops.ts';

/** What the letters of events mean, in the order in which they are printed. */
const LEGEND = [
  ['V', 'TLBI of the whole VMID'],
  ['I', 'TLBI by IPA, on all cores'],
  ['N', 'TLBI by IPA, on the own core alone'],
  ['R', 'TLBI by range'],
  ['D', 'D-cache maintenance'],
  ['C', 'I-cache maintenance'],
  ['A', 'a table page allocated'],
  ['F', 'a table page freed'],
  ['U', 'a table page unlinked, to be freed after a grace period'],
  ['Q', 'a grace period that has passed (long form only)'],
  ['G', 'get: a reference to a table page taken'],
  ['P', 'put: a reference to a table page given back'],
  ['W', 'a WARN'],
] as const;

const OPS_HELP = `
A script has one operation a line and begins with "init ipa=40"; "-" reads it from standard input.
For each file a line {"script":"FILE"} is printed, then one JSON value a line: each operation, the final table, its end.
An operation is [its line, its return code, its events, their hash] and, where it has one, a value. "I2C1" is two events I
and one C; the final table counts all of them ("tot"):
${LEGEND.map(([letter, what]) => `  ${letter}  ${what}\n`).join('')}
A return code is 0, an errno such as -12, or "unsup" where the kernel model does not have the operation.

Examples:
  $ s2bench ops script.txt
  $ s2bench ops --kernel v5.11 --page-size 64K --form long a.txt b.txt
  $ printf 'init\\nmap 1G 2M 4G rw\\n' | s2bench ops -
`;

/** `s2bench ops`. */
export function opsCommand(): Command {
  return new Command('ops')
    .description('run scripts of stage-2 operations and print what each of them did')
    .argument('<file...>', 'scripts')
    .option('--kernel <name>', 'kernel model; options follow a ?', 'v5.12p1')
    .option(
      '--strategy <name>',
      'strategy: a name, or the path of one; options follow a ?; upstream: what the kernel does',
      'upstream',
    )
    .option('--page-size <size>', '4K, 16K or 64K', '4K')
    .option('--form <form>', 'short (an array an operation) or long (an object with the first events)', 'short')
    .addHelpText('after', helpBelow(OPS_HELP))
    .action(async (files: string[], flags: OpsFlags) => {
      const { ops } = await import('../commands/ops.ts');
      process.exitCode = await ops(files, flags);
    });
}
