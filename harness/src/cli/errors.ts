/** What goes wrong, in one line: usage errors, exit codes, the nearest name that there is. */
import { pathToFileURL } from 'node:url';
import { printableLine } from '@s2bench/report/printable';
import { distance } from 'fastest-levenshtein';

/** Exit codes of the program. */
export const EXIT = {
  ok: 0,
  /** A condition of `s2bench compare --fail-on` is met. */
  thresholdPassed: 1,
  /** A strategy is not what it declares of itself. */
  unexpected: 1,
  /** A cell failed, since its strategy throws or hangs: a plugin that cannot be used, as bad input is. */
  cellFailed: 2,
  usage: 2,
  /** A bound was met before all was explored. */
  incomplete: 3,
  /** Two results of which nothing can be learnt from their difference. */
  mismatch: 3,
  /** EX_SOFTWARE of sysexits.h: the fault is in s2bench. */
  bug: 70,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;

/**
 * What the user asked for cannot be done as it was asked. The message is one line that names the option or the
 * file, says what is wrong with it and what would be right; the program prints it and ends with exit code 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Results of different experiments. The message is one line; the program prints it and ends with exit code 3. */
export class MismatchError extends Error {
  override readonly name = 'MismatchError';
}

/** A plugin that cannot be used. The message is one line. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
}

/** Letters of what an error says that stand in a message: what names it and what would be right need room too. */
const MESSAGE_CHARS = 500;

/**
 * The first line of what an error says, fit to stand in a one-line message. Whatever a plugin throws is an error here,
 * also where to look at it throws again.
 */
export function oneLine(error: unknown): string {
  try {
    const said: unknown = error instanceof Error ? error.message : error;
    const text = typeof said === 'string' ? said : String(said);
    const line = text
      .split('\n')
      .map((part) => part.trim())
      .find((part) => part !== '');
    if (line !== undefined) return printableLine(line, MESSAGE_CHARS);
    return error instanceof Error && error.name !== '' ? printableLine(error.name, MESSAGE_CHARS) : 'no message';
  } catch {
    return 'an error that cannot be read';
  }
}

/** Too long for a text of V8, or for a buffer of Node. */
const TOO_LARGE = new Set<unknown>(['ERR_STRING_TOO_LONG', 'ERR_FS_FILE_TOO_LARGE', 'ERR_BUFFER_TOO_LARGE']);

/**
 * What an error of the operating system says, in one line with the path where it has one; `undefined` for all other
 * errors. A full disk, a folder that cannot be read or a link that leads to itself is the user's world, and no bug.
 */
export function systemLine(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (TOO_LARGE.has(code)) return `a file is too large to be read: ${oneLine(error)}`;
  // Errors of Node's own have an underscore: ERR_INVALID_ARG_TYPE is a bug.
  if (typeof syscall !== 'string' || !/^E[A-Z0-9]+$/.test(String(code))) return undefined;
  const line = oneLine(error);
  return typeof path === 'string' && path !== '' && !line.includes(path) ? `${path}: ${line}` : line;
}

/** `:LINE` of a syntax error in a file, or nothing. Node puts it only at the head of the stack. */
export function syntaxLine(error: unknown, path: string): string {
  if (!(error instanceof SyntaxError)) return '';
  const [head = ''] = (error.stack ?? '').split('\n');
  const match = /^(.*):(\d+)$/.exec(head);
  if (match === null) return '';
  const [, file, line = ''] = match;
  return file === path || file === pathToFileURL(path).href ? `:${line}` : '';
}

/** Farther than this share of the longer name, a suggestion would only puzzle. */
const MAX_RELATIVE_DISTANCE = 0.5;

/** The name that is nearest to `wrong`, or `undefined` where none is near. */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of names) {
    const edits = distance(wrong.toLowerCase(), name.toLowerCase());
    if (edits < bestDistance) {
      best = name;
      bestDistance = edits;
    }
  }
  if (best === undefined) return undefined;
  return bestDistance <= MAX_RELATIVE_DISTANCE * Math.max(wrong.length, best.length) ? best : undefined;
}

/** The end of a message about an unknown name: the nearest one, then all. */
export function knownNames(wrong: string, names: readonly string[]): string {
  const nearest = nearestName(wrong, names);
  if (names.length === 0) return 'none is known';
  const known = names.join(', ');
  return nearest === undefined ? `known: ${known}` : `did you mean ${nearest}? Known: ${known}`;
}
