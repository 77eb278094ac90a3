/** A counterexample as a table: a column per agent, a row per turn, the table's entries beside it. */
import { RULES } from '../rules/index.ts';
import { fitColumns, type TextRow, wrapped } from './fit-columns.ts';
import { rangesOf } from './ranges.ts';
import type { CounterexampleOf } from './schema.ts';

/** How a counterexample is shown. */
export interface RenderOptions {
  /** Columns of the terminal. */
  readonly columns?: number;
}

type Rows = Pick<CounterexampleOf<string>, 'agents' | 'begin' | 'rows'>;

const DEFAULT_COLUMNS = 100;
const BETWEEN = ' │ ';
const LEGEND =
  'A row is what one agent does until another acts. Beside it, as they are after it: the entries of the stage-2 table';
const LEGEND_OF_MEMORY = ', and the pages whose last store by the host is in a cache line only, not at the PoC';

/** Renders a counterexample as text for a terminal. */
export function renderCounterexample(document: CounterexampleOf<string>, options: RenderOptions = {}): string {
  const { strategy, rule, world, history, fwb, arch, kernel, opening, conclusion } = document;
  const { columns = DEFAULT_COLUMNS } = options;
  const sentence = RULES.find(({ name }) => name === rule)?.sentence;
  const prose = [
    `${strategy} breaks ${rule} in world ${world} (${history}, FWB ${fwb ? 'on' : 'off'}, hardware ${arch}, ${kernel})`,
    ...(sentence === undefined ? [] : [`The rule: ${sentence}`]),
    `The beginning: ${opening}`,
    `${LEGEND}${isAnyUncleaned(document) ? LEGEND_OF_MEMORY : ''}.`,
  ];
  const lines = [...prose, '', renderRows(document, options), '', `In short: ${conclusion}`];
  // The rows are as wide as they are; prose is broken as in a paragraph.
  return `${lines.flatMap((line) => (line.includes('\n') ? [line] : paragraph(line, columns))).join('\n')}\n`;
}

/** Its rows alone. */
export function renderRows(document: Rows, { columns = DEFAULT_COLUMNS }: RenderOptions = {}): string {
  const { agents, begin, rows } = document;
  const present = agents.filter((agent) => rows.some((row) => row.agent === agent));
  const showsMemory = isAnyUncleaned(document);
  const state = ({ table, uncleaned }: Rows['begin']): TextRow => [
    table.length > 0 ? table : ['(empty)'],
    ...(showsMemory ? [[uncleaned.length > 0 ? rangesOf(uncleaned) : '–']] : []),
  ];
  const head: TextRow = [
    ['#'],
    ...present.map((agent) => [agent]),
    ['stage-2 table'],
    ...(showsMemory ? [['not at PoC']] : []),
  ];
  const body = [
    [['0'], ...present.map(() => []), ...state(begin)],
    ...rows.map((row, index): TextRow => [
      [String(index + 1)],
      ...present.map((agent) => (agent === row.agent ? row.actions : [])),
      ...state(row),
    ]),
  ];
  const widths = fitColumns([head, ...body], columns - BETWEEN.length * (head.length - 1));
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─');
  return [...draw(head, widths), ...body.flatMap((row) => [rule, ...draw(row, widths)])].join('\n');
}

function isAnyUncleaned({ begin, rows }: Rows): boolean {
  return [begin, ...rows].some(({ uncleaned }) => uncleaned.length > 0);
}

function draw(row: TextRow, widths: readonly number[]): string[] {
  const cells = row.map((texts, column) => texts.flatMap((text) => wrapped(text, widths[column] ?? 1)));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, at) =>
    cells
      .map((cell, column) => (cell[at] ?? '').padEnd(widths[column] ?? 1))
      .join(BETWEEN)
      .trimEnd(),
  );
}

function paragraph(text: string, width: number): string[] {
  return wrapped(text, width).map((line, index) => (index === 0 ? line : line.trimStart()));
}
