/** The command line: commands, and what they have in common. */
import { Command } from 'commander';
import { benchCommand } from '../commands/bench/command.ts';
import { calibrateCommand } from '../commands/calibrate/command.ts';
import { compareCommand } from '../commands/compare/command.ts';
import { listCommand } from '../commands/list/command.ts';
import { mergeCommand } from '../commands/merge/command.ts';
import { opsCommand } from '../commands/ops/command.ts';
import { publishCommand } from '../commands/publish/command.ts';
import { runCommand } from '../commands/run/command.ts';
import { verifyCommand } from '../commands/verify/command.ts';
import { watchCommand } from '../commands/watch/command.ts';
import { workerCommand } from '../commands/worker/command.ts';
import { toolVersion } from './tool-version.ts';

const COMMANDS = [
  runCommand,
  verifyCommand,
  watchCommand,
  compareCommand,
  publishCommand,
  mergeCommand,
  workerCommand,
  listCommand,
  opsCommand,
  calibrateCommand,
  benchCommand,
];

/** Makes the program. Commands load their work when they are run, so that help and version come at once. */
export function makeProgram(): Command {
  const program = new Command('s2bench')
    .description('Models, checks and times strategies for coalescing KVM/arm64 stage-2 page mappings into blocks.')
    .version(toolVersion())
    .showSuggestionAfterError()
    .exitOverride()
    // Errors are printed in one place, as one line.
    .configureOutput({ outputError: () => undefined });
  for (const make of COMMANDS) program.addCommand(make().copyInheritedSettings(program));
  return program;
}
