/** The program: the command line, and the exit code that an error means. */
import { inspect } from 'node:util';
import { notModelledText } from '@s2bench/kernel/not-modelled';
import { CommanderError } from 'commander';
import { EXIT, MismatchError, oneLine, systemLine, UsageError } from './cli/errors.ts';
import { withdrawFolders } from './cli/files.ts';
import { watchOutput } from './cli/output.ts';
import { say } from './cli/terminal.ts';
import { makeProgram } from './command-line.ts';

export type { Config } from './options/config.ts';

/** Runs the command line (the arguments after the program's name); the value is the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = watchOutput();
  // Of an earlier call in the same process.
  process.exitCode = undefined;
  let code: number;
  try {
    if (argv.every((word) => word === '--'))
      throw new UsageError('no command; "s2bench run" runs the matrix, "s2bench --help" lists all commands');
    await makeProgram().parseAsync(argv, { from: 'user' });
    code = commandCode();
  } catch (error) {
    withdrawFolders();
    code = reportError(error);
  }
  const problem = await output.settle();
  output.stop();
  if (problem === undefined) return code;
  say(`stdout: cannot be written: ${problem}`);
  return code === EXIT.ok || code === EXIT.unexpected ? EXIT.usage : code;
}

/** What the command has left. */
function commandCode(): number {
  return Number(process.exitCode ?? EXIT.ok);
}

/** Runs the command line as the program does, which ends with its exit code whatever is thrown from an event. */
export async function start(argv: readonly string[]): Promise<void> {
  process.on('uncaughtException', (error) => process.exit(reportError(error)));
  process.exitCode = await main(argv);
}

/** Prints an error and returns the exit code that it means. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) {
    // Help and version end here too, without being errors.
    if (error.exitCode === 0) return EXIT.ok;
    say(commanderLine(error));
    return EXIT.usage;
  }
  if (error instanceof UsageError) {
    say(error.message.replaceAll(/\s*\n\s*/g, ' '));
    return EXIT.usage;
  }
  if (error instanceof MismatchError) {
    say(error.message);
    return EXIT.mismatch;
  }
  const line = systemLine(error);
  if (line !== undefined) {
    say(line);
    return EXIT.usage;
  }
  if (process.env['S2BENCH_DEBUG'] === '1') process.stderr.write(`${inspect(error)}\n`);
  else say(`this is a bug in s2bench, please report it: ${oneLine(error)} (S2BENCH_DEBUG=1 shows where)`);
  return EXIT.bug;
}

/** Commander's message: its prefix away, its suggestion on the same line. */
function commanderLine(error: CommanderError): string {
  const [, option = ''] = /unknown option '--([^'=]+)/.exec(error.message) ?? [];
  const line = error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?')
    .replaceAll(/\s*\n\s*/g, ' ');
  return `${line}${notModelledText(option)}`;
}
