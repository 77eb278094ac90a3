/** Lines of plain text that are no wider than they may be. */

/** A unit, with the signs of a sentence after it. */
const UNIT = /^(?:[num\u00B5]?s|[KMGTP]?i?B|%|vCPUs?|cells?)[.,;:)]*$/;

/**
 * The text in lines, broken at spaces; a word that is wider than a line is broken too. Spaces at its start stay.
 *
 * @param columns - width of a line
 * @param indent - stands before every line but the first
 */
export function breakLines(text: string, columns: number, indent = ''): readonly string[] {
  const start = /^ */.exec(text)?.[0] ?? '';
  const room = Math.max(1, columns - Math.max(start.length, indent.length));
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of wordsOf(text.slice(start.length), room)) {
    if (line === undefined) line = start + word;
    else if (width(line) + 1 + width(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return line === undefined ? lines : [...lines, line];
}

function wordsOf(text: string, columns: number): readonly string[] {
  // Not at the narrow space inside of a number, which is white space too.
  const words = text.split(/[ \t\r\n]+/).filter((word) => word !== '');
  return withUnits(words, columns).flatMap((word) => {
    const letters = Array.from(word);
    const parts: string[] = [];
    for (let at = 0; at < letters.length; at += columns) parts.push(letters.slice(at, at + columns).join(''));
    return parts;
  });
}

/** A number with what it is of is one word, as long as it fits into a line. */
function withUnits(words: readonly string[], columns: number): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last !== undefined && /^\(?[+\u2212-]?\d[\d.\u202F]*$/.test(last) && UNIT.test(word)) {
      const both = `${last} ${word}`;
      if (width(both) <= columns) {
        joined[joined.length - 1] = both;
        continue;
      }
    }
    joined.push(word);
  }
  return joined;
}

function width(text: string): number {
  return Array.from(text).length;
}
