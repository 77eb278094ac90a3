/** Says what went wrong, in one line, and with which exit code the program ends. */
import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { oneLine } from './one-line.ts';
import { UsageError } from './usage-error.ts';

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

function say(line: string): void {
  process.stderr.write(`s2bench: ${line}\n`);
}
