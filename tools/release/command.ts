/** Commands that have to succeed. */
import { spawnSync } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

/** How a command is run. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** npm's own settings of the script that runs us would reach the commands; those have their own folders. */
const INHERITED = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));

/** The Node that runs this goes first: outside of the workspace nobody brings it. */
const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;

/**
 * Runs a command and returns what it printed.
 *
 * @throws Error with all that it printed where it did not exit with `status`
 */
export function execute(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: CommandOptions,
  status = 0,
): string {
  const all = { ...Object.fromEntries(INHERITED), PATH, ...env };
  const done = spawnSync(command, args, { cwd, env: all, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (done.error !== undefined) throw done.error;
  if (done.status === status) return done.stdout;
  throw new Error(
    `${command} ${args.join(' ')} ended with ${done.status ?? done.signal ?? 'nothing'}, not ${status}\n${done.stdout}${done.stderr}`,
  );
}
