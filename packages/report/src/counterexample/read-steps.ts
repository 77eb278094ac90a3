/**
 * Reads the steps of a counterexample out of its text, which is what a result keeps of it: who does what, and what the
 * table holds after it.
 */

/** What somebody does in a step, an action a line. */
export interface StepActions {
  /** `vCPU 1`, `host`. */
  readonly who: string;
  readonly actions: readonly string[];
}

/** A step, and the state after it. */
export interface Step {
  readonly number: string;
  readonly done: readonly StepActions[];
  /** Entries of the table: `root[0] block 0-3 r--`. */
  readonly entries: readonly string[];
  /** What else is shown, by its column's head: `not at PoC`. */
  readonly rest: ReadonlyMap<string, string>;
}

/** The story of a counterexample. */
export interface Story {
  readonly opening: string;
  readonly steps: readonly Step[];
  readonly conclusion: string;
}

const NUMBER = '#';
const TABLE = 'stage-2 table';
const NOTHING = '–';

/** The story, or `undefined` where the text is no table of steps with the state of a stage-2 table. */
export function readSteps(text: string): Story | undefined {
  const lines = text.trimEnd().split('\n');
  const first = lines.findIndex((line) => line.startsWith(`${NUMBER} │`));
  const last = lines.findLastIndex((line) => line.includes('│'));
  if (first < 0) return undefined;
  const heads = cellsOf(lines[first] ?? '').map((cell) => cell.trim());
  const table = heads.indexOf(TABLE);
  if (table < 0) return undefined;
  const rows: string[][][] = [];
  for (const line of lines.slice(first + 1, last + 1)) {
    if (/^[─┼]+$/.test(line.trimEnd())) rows.push([]);
    else rows.at(-1)?.push(cellsOf(line));
  }
  const steps = rows.map((row): Step => {
    const column = (index: number): string[] => unwrapped(row.map((cells) => cells[index] ?? ''));
    const agents = heads.map((who, index) => ({ who, actions: index > 0 && index < table ? column(index) : [] }));
    const rest = heads.flatMap((head, index) => (index > table ? [[head, column(index).join(', ')] as const] : []));
    return {
      number: column(0).join(''),
      done: agents.filter(({ actions }) => actions.length > 0),
      entries: column(table).filter((entry) => entry !== NOTHING),
      rest: new Map(rest),
    };
  });
  const outside = (from: number, to: number): string =>
    lines
      .slice(from, to)
      .map((line) => line.trim())
      .join(' ')
      .trim();
  return { opening: outside(0, first), steps, conclusion: outside(last + 1, lines.length) };
}

/** The cells of a line; each has a space on either side. */
function cellsOf(line: string): string[] {
  return line.split('│').map((cell, index) => (index === 0 ? cell : cell.replace(/^ /, '')).trimEnd());
}

/** Lines of a cell: one that is indented goes on with the one above it. */
function unwrapped(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (const line of lines) {
    if (line.trim() === '') continue;
    const above = result.at(-1);
    if (line.startsWith(' ') && above !== undefined) result[result.length - 1] = `${above} ${line.trim()}`;
    else result.push(line.trim());
  }
  return result;
}
