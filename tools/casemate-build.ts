/** A build of Casemate that somebody has: what it answers to a trace. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** Input that the judge cannot work with: one line, exit code 2. */
export class JudgeError extends Error {}

/** What a build answers. */
export type Answer =
  | { readonly verdict: 'accepted' }
  /** The id of the record that it stopped at, where it says so, and why. */
  | { readonly verdict: 'refused'; readonly record: number | undefined; readonly reason: string }
  /** It did not judge the trace: it cannot read it, or broke down. */
  | { readonly verdict: 'none'; readonly problem: string };

/** Far more than any trace takes: a build that hangs does not keep the others from being judged. */
const LONGEST_MS = 600_000;
const MOST_OUTPUT_BYTES = 2 ** 26;

interface Ended {
  readonly code: number | undefined;
  /** Why it has no exit code. */
  readonly problem: string;
  readonly lines: readonly string[];
}

/** A build of Casemate. */
export class CasemateBuild {
  /** As it says itself: `casemate 3.0.2`. */
  readonly version: string;
  readonly #path: string;

  private constructor(path: string, version: string) {
    this.#path = path;
    this.version = version;
  }

  /**
   * Finds out what a program is.
   *
   * @param path - of the program, absolute
   * @throws JudgeError where it cannot be run, or is no Casemate
   */
  static async at(path: string): Promise<CasemateBuild> {
    try {
      accessSync(path, constants.X_OK);
    } catch (error) {
      throw new JudgeError(`${path}: cannot be run (${codeOf(error)}); name the program casemate-check of a build`);
    }
    if (!statSync(path).isFile())
      throw new JudgeError(`${path}: is no file; name the program casemate-check of a build`);
    const { code, problem, lines } = await run(path, '--version');
    const [first = ''] = lines;
    if (code === undefined) throw new JudgeError(`${path}: cannot be run (${problem})`);
    if (code !== 0 || !/casemate/i.test(first))
      throw new JudgeError(`${path}: is no Casemate: it answers --version with exit code ${code} and '${first}'`);
    return new CasemateBuild(path, first);
  }

  /** What it answers to a trace, by the file's absolute path. */
  async answerTo(file: string): Promise<Answer> {
    const { code, problem, lines } = await run(this.#path, file);
    if (code === 0) return { verdict: 'accepted' };
    // In the state that it prints of itself a line may begin with an exclamation mark too.
    const last = lines.findLast((line) => /^! (?!\[)/.test(line))?.slice(2);
    if (code !== 1 || last === undefined || last.startsWith('parse error')) {
      const why = last ?? lines.at(-1);
      const how = code === undefined ? problem : `exit code ${code}`;
      return { verdict: 'none', problem: why === undefined ? how : `${how}, ${why}` };
    }
    // It prints a record before or when it refuses it.
    const stop = lines.findLast((line) => /^(on event: )?\(/.test(line));
    const id = /\(id (\d+)\)/.exec(stop ?? '')?.[1];
    return { verdict: 'refused', record: id === undefined ? undefined : Number(id), reason: last };
  }
}

function run(path: string, argument: string): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { maxBuffer: MOST_OUTPUT_BYTES, timeout: LONGEST_MS, encoding: 'utf8' } as const;
    const child = execFile(path, [argument], options, (error, stdout, stderr) => {
      const lines = stripVTControlCharacters(`${stdout}\n${stderr}`).split('\n');
      resolve({ ...endOf(error), lines: lines.map((line) => line.trimEnd()).filter((line) => line !== '') });
    });
    // Nobody answers it.
    child.stdin?.end();
  });
}

function endOf(error: unknown): Pick<Ended, 'code' | 'problem'> {
  if (error === null) return { code: 0, problem: '' };
  const { code, signal, killed } = error as { code?: unknown; signal?: unknown; killed?: unknown };
  if (typeof code === 'number') return { code, problem: '' };
  if (typeof code === 'string') return { code: undefined, problem: code };
  return {
    code: undefined,
    problem: killed === true ? `did not end in ${LONGEST_MS / 60_000} min` : `ended by ${String(signal)}`,
  };
}

/** The code of an error of the system. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
