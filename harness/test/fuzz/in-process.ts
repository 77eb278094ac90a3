/** The program in this process: what it prints, and the exit code that it would end with. */
import { main } from '../../src/main.ts';

/** What a command left. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Thrown in the place of an end. */
class Ended extends Error {}

/** Runs a command line in a folder. Not to be called twice at the same time. */
export async function runHere(argv: readonly string[], cwd: string): Promise<Outcome> {
  const { stdout, stderr } = process;
  const written = { stdout: '', stderr: '' };
  const before = {
    stdout: stdout.write.bind(stdout),
    stderr: stderr.write.bind(stderr),
    exit: process.exit.bind(process),
    cwd: process.cwd(),
  };
  const into =
    (name: 'stdout' | 'stderr') =>
    (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const call = typeof encoding === 'function' ? encoding : done;
      if (typeof call === 'function') queueMicrotask(call as () => void);
      return true;
    };
  process.chdir(cwd);
  stdout.write = into('stdout');
  stderr.write = into('stderr');
  process.exit = (code) => {
    throw new Ended(`process.exit(${String(code)})`);
  };
  try {
    return { code: await main(argv), ...written };
  } catch (error) {
    return { code: -1, stdout: written.stdout, stderr: `${written.stderr}${String(error)}\n` };
  } finally {
    stdout.write = before.stdout;
    stderr.write = before.stderr;
    process.exit = before.exit;
    process.exitCode = undefined;
    process.chdir(before.cwd);
  }
}
