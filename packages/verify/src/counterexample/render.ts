/** A counterexample as a table: a column per agent, a row per turn, the table's entries beside it. */
import type { CounterexampleOf } from './schema.ts';

const AGENT_WIDTH = 44;
const TABLE_WIDTH = 36;

/** Renders a counterexample as text for a terminal. */
export function renderCounterexample(document: CounterexampleOf<string>): string {
  const { strategy, rule, world, history, fwb, opening, conclusion } = document;
  const head = `${strategy} breaks ${rule} in world ${world} (${history}, FWB ${fwb ? 'on' : 'off'})`;
  return [head, opening, '', renderRows(document), conclusion, ''].join('\n');
}

/** Its rows alone. */
export function renderRows({ agents, rows }: Pick<CounterexampleOf<string>, 'agents' | 'rows'>): string {
  const present = agents.filter((agent) => rows.some((row) => row.agent === agent));
  const widths = [4, ...present.map(() => AGENT_WIDTH), TABLE_WIDTH];
  const lines = [
    line(widths, ['', ...present, 'table']),
    widths.map((width) => '-'.repeat(width)).join('-+-'),
  ];
  rows.forEach((row, index) => {
    const cells = present.map((agent) => (agent === row.agent ? row.actions.flatMap((text) => wrapped(text, AGENT_WIDTH)) : []));
    const columns = [[String(index + 1)], ...cells, row.table.flatMap((text) => wrapped(text, TABLE_WIDTH))];
    const height = Math.max(...columns.map((column) => column.length));
    for (let at = 0; at < height; at++) lines.push(line(widths, columns.map((column) => column[at] ?? '')));
    lines.push(widths.map((width) => '-'.repeat(width)).join('-+-'));
  });
  return lines.join('\n');
}

function line(widths: readonly number[], cells: readonly string[]): string {
  return cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ').trimEnd();
}

/** Breaks a text at blanks; what goes on is indented. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let now = '';
  for (const word of text.split(' ')) {
    const longer = now === '' ? word : `${now} ${word}`;
    if (longer.length > width && now !== '') {
      lines.push(now);
      now = `  ${word}`;
    } else now = longer;
  }
  return [...lines, now];
}
