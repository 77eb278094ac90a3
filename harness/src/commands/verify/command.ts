/** `s2bench verify`: its flags and help. The work is loaded when it is done. */
import { Command } from 'commander';
import type { VerifyFlags } from './request.ts';

const EXAMPLES = `
With no strategy: all that "s2bench list strategies" finds. Lists are separated by commas.
Exit code 0: each strategy breaks the rules that it declares and no other; 1: it does not, or an answer of a preset
does not stand; 3: a bound was met before all was explored.

Examples:
  $ s2bench verify
  $ s2bench verify ./mine.ts --world partial-table --fwb off
  $ s2bench verify baseline --world all --max-states 5000000
  $ s2bench verify --json --out found
  $ s2bench verify --zoo
  $ s2bench verify --zoo no-tlbi
  $ s2bench verify --export-casemate traces
  $ s2bench verify --zoo --export-casemate zoo-traces
  $ s2bench verify --preset thread-2021
  $ s2bench verify --replay found/install-first-no-cmo.data-coherency.partial-table.logging-first.json
`;

/** Makes the command. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'explore all interleavings of small worlds under a strategy: safe, or the fewest steps that show it is not',
    )
    .argument(
      '[strategy...]',
      'strategies: names, packages, folders or .ts/.js files (default: all); with --zoo: what of it',
    )
    .option(
      '--zoo',
      'verify the broken strategies of @s2bench/zoo and its correct variations instead, each in its own worlds',
    )
    .option('--world <names>', 'worlds; "all" is every one, the largest too (default: all but the largest)')
    .option('--rule <names>', 'rules to be held (default: all)')
    .option('--history <names>', 'histories (default: all of each world)')
    .option('--fwb <list>', 'with FEAT_S2FWB, without, or both: on,off (default: both)')
    .option('--vcpus <numbers>', 'only worlds with so many vCPUs')
    .option('--max-states <number>', 'stop an exploration at so many states')
    .option('--max-seconds <number>', 'stop an exploration after so long (default: 600)')
    .option('--max-memory <size>', 'stop an exploration whose states take more, such as 2G')
    .option('--jobs <number>', 'workers at the same time (default: all cores)')
    .option('--json', 'print one JSON document to stdout')
    .option('--out <folder>', 'write verify.json and a file for each counterexample there')
    .option(
      '--export-casemate <folder>',
      'write counterexamples and a sample of accepted runs there, as traces for the Casemate checker with their index',
    )
    .option('--replay <file>', 'run a counterexample again: its own file, or a document with one')
    .option('--preset <name>', 'answer the questions of a report: thread-2021')
    .option('--config <file>', 'config file (default: s2bench.config.ts or .json, if there is one)')
    .addHelpText('after', EXAMPLES)
    .action(async (strategies: string[], flags: VerifyFlags) => {
      const { verify } = await import('./run.ts');
      process.exitCode = await verify(strategies, flags);
    });
}
