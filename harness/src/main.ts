/** The program's entry. */
import { EXIT } from './cli/exit-codes.ts';
import { makeProgram } from './cli/program.ts';
import { reportError } from './cli/report-error.ts';
import { UsageError } from './cli/usage-error.ts';

export type { Config } from './config/schema.ts';

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
