/**
 * From a name that stands in data to a path. A document, a shard, a world's file and a queue's message are data: they may
 * name a file below a folder that we have chosen, and nothing else on the disk.
 */
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UsageError } from './errors.ts';

/** What file systems allow for one name, in bytes. */
const MAX_NAME_BYTES = 255;

/**
 * The path of a file below a folder. The only way from data to a path.
 *
 * @param name - as the data has it, its parts joined by `/`
 * @param origin - what holds it, for messages
 * @throws UsageError where it would leave the folder, be it by `..`, as an absolute path, or by a link that lies in the
 *   folder
 */
export function insideFolder(folder: string, name: string, origin: string): string {
  const problem = name
    .split('/')
    .map(problemOf)
    .find((found) => found !== undefined);
  if (problem !== undefined) throw refusal(name, origin, problem);
  const path = join(resolve(folder), ...name.split('/'));
  const [home, real] = [realOf(resolve(folder)), realOf(path)];
  if (!isBelow(home, real)) throw refusal(name, origin, 'a link leads out of the folder');
  return path;
}

/** What is wrong with one part of a path. */
function problemOf(part: string): string | undefined {
  if (part === '') return 'an empty name, or a path that is not relative';
  if (part === '.' || part === '..') return `"${part}" leads out of it, or nowhere`;
  if (Buffer.byteLength(part) > MAX_NAME_BYTES) return `a name of more than ${MAX_NAME_BYTES} bytes`;
  // A backslash and a colon are a path and a drive on Windows; control characters are nobody's file.
  return /[\\:]|\p{Cc}/u.test(part) ? 'a name with a character that no file of a report has' : undefined;
}

function refusal(name: string, origin: string, problem: string): UsageError {
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  return new UsageError(`${origin}: ${shown} is no name of a file below its folder: ${problem}`);
}

/** Where a path leads: links resolved as far as there is something. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realOf(parent), relative(parent, path));
  }
}

/** Whether a path lies below a folder; both are absolute, and links in them resolved. */
export function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
