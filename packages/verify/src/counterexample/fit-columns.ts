/** Breaks texts into lines, and finds widths at which columns of them fit a terminal. */

/** A row of a table: the texts of each column, one below the other. */
export type TextRow = readonly (readonly string[])[];

/** Columns are no narrower, as long as the terminal has room; and then as narrow as their words. */
const LEAST_WIDTH = 9;

/** Breaks a text at blanks, as far as its words allow; what goes on is indented. */
export function wrapped(text: string, width: number, indent = '  '): string[] {
  const lines: string[] = [];
  let now = '';
  for (const word of text.split(' ')) {
    const longer = now === '' ? word : `${now} ${word}`;
    if (longer.length > width && now !== '') {
      lines.push(now);
      now = `${indent}${word}`;
    } else now = longer;
  }
  return [...lines, now];
}

/**
 * Widths of columns that are together no wider than `available`, as far as words allow. Each column begins as wide as
 * its longest text; then the one gives way whose narrowing costs the fewest lines, of several the widest.
 */
export function fitColumns(rows: readonly TextRow[], available: number): number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const texts = Array.from({ length: columns }, (_, column) => rows.map((row) => row[column] ?? []));
  const widths = texts.map((column) => Math.max(1, ...column.flat().map((text) => text.length)));
  let least = texts.map((column, index) =>
    Math.min(widths[index] ?? 1, Math.max(LEAST_WIDTH, ...column.flat().map(longestWord))),
  );
  const words = texts.map((column) => Math.max(1, ...column.flat().map(longestWord)));
  const heights = texts.map((column, index) => heightsOf(column, widths[index] ?? 1));
  while (sum(widths) > available) {
    let best: { column: number; lines: number; heights: number[] } | undefined;
    for (const [column, width] of widths.entries()) {
      if (width <= (least[column] ?? 1)) continue;
      const narrower = heightsOf(texts[column] ?? [], width - 1);
      const lines = linesOf(heights.map((height, index) => (index === column ? narrower : height)));
      const isBetter =
        best === undefined || lines < best.lines || (lines === best.lines && width > (widths[best.column] ?? 0));
      if (isBetter) best = { column, lines, heights: narrower };
    }
    if (best === undefined) {
      if (least === words) break;
      least = words;
      continue;
    }
    widths[best.column] = (widths[best.column] ?? 1) - 1;
    heights[best.column] = best.heights;
  }
  return widths;
}

/** Lines of each row of a column. */
function heightsOf(column: readonly (readonly string[])[], width: number): number[] {
  return column.map((texts) => sum(texts.map((text) => wrapped(text, width).length)));
}

/** Lines of the table: a row is as high as its highest column. */
function linesOf(heights: readonly (readonly number[])[]): number {
  const [first = []] = heights;
  return sum(first.map((_, row) => Math.max(...heights.map((column) => column[row] ?? 0))));
}

/** What goes on is indented by two. */
function longestWord(text: string): number {
  return Math.max(...text.split(' ').map((word, index) => word.length + (index === 0 ? 0 : 2)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
