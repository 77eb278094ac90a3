/** Lines of plain text that are no wider than they may be. */

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
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.flatMap((word) => {
    const letters = Array.from(word);
    const parts: string[] = [];
    for (let at = 0; at < letters.length; at += columns) parts.push(letters.slice(at, at + columns).join(''));
    return parts;
  });
}

function width(text: string): number {
  return Array.from(text).length;
}
