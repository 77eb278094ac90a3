/** The program: the command line, and the exit code that an error means. */
import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { EXIT, oneLine, UsageError } from './cli/errors.ts';
import { say } from './cli/terminal.ts';
import { makeProgram } from './command-line.ts';

export type { Config } from './options/config.ts';

/** Runs the command line (the arguments after the program's name); the value is the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endQuietlyOnClosedPipe);
  try {
    if (argv.length === 0)
      throw new UsageError('no command; "s2bench run" runs the matrix, "s2bench --help" lists all commands');
    await makeProgram().parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return reportError(error);
  }
}

/** The reader has gone, as `head` does: nobody is left to tell. */
function endQuietlyOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
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
  if (process.env['S2BENCH_DEBUG'] === '1') process.stderr.write(`${inspect(error)}\n`);
  else say(`this is a bug in s2bench, please report it: ${oneLine(error)} (S2BENCH_DEBUG=1 shows where)`);
  return EXIT.bug;
}

/** Commander's message: its prefix away, its suggestion on the same line. */
function commanderLine(error: CommanderError): string {
  return error.message
    .replace(/^error: /, '')
    .replace(/\n\(Did you mean (.*)\?\)$/, '; did you mean $1?')
    .replaceAll(/\s*\n\s*/g, ' ');
}
