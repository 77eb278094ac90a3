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
