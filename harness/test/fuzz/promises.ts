/** What every command promises, whatever it is given. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './in-process.ts';

/** Codes that the documentation has, but for a bug and for Ctrl-C. */
const CODES = new Set([0, 1, 2, 3]);
const MOST_LINES = 40;
const MOST_CHARS = 10_000;

/** What is broken of the promise, in words; nothing where it holds. */
export function broken({ code, stderr, stdout }: Outcome, before: string, after: string): string[] {
  const lines = stderr.split('\n').filter((line) => line !== '');
  return [
    ...(CODES.has(code) ? [] : [`exit code ${code}`]),
    ...(code === 2 && lines.length === 0 ? ['exit code 2 and no line that says why'] : []),
    ...(/^\s+at .*[:(]\d+:\d+\)?$/m.test(stderr) ? ['a stack'] : []),
    ...lines
      .filter((line) => !/^s2bench: .|^.+:\d+: ./.test(line))
      .map((line) => `a line of nobody: ${line.slice(0, 200)}`),
    ...(lines.length > MOST_LINES ? [`${lines.length} lines`] : []),
    ...(lines.some(({ length }) => length > MOST_CHARS) ? ['a line without end'] : []),
    ...(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/.test(stderr + stdout)
      ? ['a control character']
      : []),
    ...(code === 2 && before !== after ? ['something was written'] : []),
  ];
}

/** A hash of all that is in a folder: names, kinds, content. */
export function stateOf(folder: string): string {
  const hash = createHash('sha256');
  const walk = (at: string): void => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      const stat = lstatSync(path);
      hash.update(`${path}\0${stat.mode}\0`);
      if (stat.isDirectory()) walk(path);
      else if (stat.isFile()) hash.update(stat.size > 1 << 24 ? String(stat.size) : readFileSync(path));
    }
  };
  walk(folder);
  return hash.digest('hex');
}
