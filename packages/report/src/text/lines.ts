/** Lines of plain text that are no wider than they may be. */
import { createRequire } from 'node:module';
import type stringWidth from 'string-width';
import type wrapAnsi from 'wrap-ansi';

/** A number that what it is of must not be torn from. */
const NUMBER = /^\(?[+\u2212-]?\d[\d.\u202F]*$/;
/** A unit, with the signs of a sentence after it. */
const UNIT = /^(?:[num\u00B5]?s|[KMGTP]?i?B|%|vCPUs?|cells?)[.,;:)]*$/;
/** Stands for the space between the two while lines are broken: of private use, so that no text has it. */
const GLUE = '\uE000';

/**
 * The text in lines, broken at spaces; a word that is wider than a line is broken too. Spaces at its start stay, colours
 * go on in the next line, and a number stays beside its unit.
 *
 * @param columns - width of a line
 * @param indent - stands before every line but the first
 */
export function breakLines(text: string, columns: number, indent = ''): readonly string[] {
  const start = /^ */.exec(text)?.[0] ?? '';
  // Not at the narrow space inside of a number, which is white space too.
  const words = text.split(/[ \t\r\n]+/).filter((word) => word !== '');
  if (words.length === 0) return [];
  if (displayWidth(start) + displayWidth(words.join(' ')) <= columns) return [start + words.join(' ')];
  const room = Math.max(1, columns - Math.max(start.length, indent.length));
  const whole = withUnits(words, room);
  return wrapWords(whole, { room, firstRoom: Math.max(room, columns - start.length) }).map(
    (line, at) => (at === 0 ? start : indent) + line.replaceAll(GLUE, ' '),
  );
}

function wrapWords(words: readonly string[], width: { readonly room: number; readonly firstRoom: number }): string[] {
  const wrap = (text: string, columns: number): string[] =>
    widths().wrapAnsi(text, columns, { hard: true }).split('\n');
  const text = words.join(' ');
  // What is broken inside of a word cannot be put together again.
  if (width.firstRoom === width.room || words.some((word) => displayWidth(word) > width.room))
    return wrap(text, width.room);
  const [first = '', ...others] = wrap(text, width.firstRoom);
  return [first, ...(others.length === 0 ? [] : wrap(others.join(' '), width.room))];
}

/** A number with what it is of is one word, as long as it fits into a line. */
function withUnits(words: readonly string[], columns: number): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    const both = `${last ?? ''}${GLUE}${word}`;
    if (last !== undefined && NUMBER.test(last) && UNIT.test(word) && both.length <= columns)
      joined[joined.length - 1] = both;
    else joined.push(word);
  }
  return joined;
}

/** Letters that take a column each, whatever stands beside them: ASCII, and the signs of our own texts. */
const NARROW = /^[ -~\u00B5\u00B7\u00D7\u2013\u2014\u2026\u202F\u2212\u2500\u2502\u2588]*$/;

/** The columns that a text takes in a terminal; colour takes none. */
export function displayWidth(text: string): number {
  return NARROW.test(text) ? text.length : widths().stringWidth(text);
}

interface Widths {
  readonly stringWidth: typeof stringWidth;
  readonly wrapAnsi: typeof wrapAnsi;
}

let loaded: Widths | undefined;

/** Loaded where a text needs them: to know all scripts and emoji takes longer than to print a help. */
function widths(): Widths {
  if (loaded === undefined) {
    const require = createRequire(import.meta.url);
    const defaultOf = (name: string): unknown => (require(name) as { default: unknown }).default;
    loaded = {
      stringWidth: defaultOf('string-width') as typeof stringWidth,
      wrapAnsi: defaultOf('wrap-ansi') as typeof wrapAnsi,
    };
  }
  return loaded;
}
