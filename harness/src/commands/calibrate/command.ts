/** `s2bench calibrate`: its flags and help. The work is loaded when it is done. */
import { Command } from 'commander';
import type { CalibrateFlags } from './run.ts';

const EXAMPLES = `
Without --out the profile is printed. The same plan gives the same profile, byte for byte.

Examples:
  $ s2bench calibrate --out kunpeng920.json
  $ s2bench calibrate --check kunpeng920.json
`;

/** Makes the command. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('fit a machine profile to the published figures, and show how far it is from each of them')
    .option('--plan <file>', 'JSON: which costs are fitted, what the others are (default: the plan of kunpeng920)')
    .option('--out <file>', 'write the profile there')
    .option('--check <file>', 'fit nothing: show how far this profile is from the figures')
    .option('--json', 'print the residuals as JSON instead of a table')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: CalibrateFlags) => {
      const { runCalibrate } = await import('./run.ts');
      process.exitCode = await runCalibrate(flags);
    });
}
