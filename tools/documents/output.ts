/** Whether a command printed what a document says that it prints. */

/** A line that stands for lines that the document leaves out. */
const LEFT_OUT = '…';

/**
 * The first part of a shown output that was not printed, where it should have been; `undefined` where all was. Parts are
 * separated by lines of `…`; each has to be printed as it stands, after the one before it.
 */
export function missingPart(shown: string, printed: string): string | undefined {
  let rest = linesOf(printed);
  for (const part of partsOf(linesOf(shown))) {
    const at = rest.findIndex((_, from) => part.every((line, index) => line === rest[from + index]));
    if (at < 0) return part.join('\n');
    rest = rest.slice(at + part.length);
  }
  return undefined;
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.trimEnd());
}

function partsOf(lines: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line === LEFT_OUT) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.filter((part) => part.length > 0);
}
