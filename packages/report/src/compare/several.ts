/** Several results beside one base, in one table. */
import { DIMENSIONS, varyingDimensions } from '../cells.ts';
import { printable } from '../printable.ts';
import { displayWidth } from '../text/lines.ts';
import { drawPlainTable } from '../text/table.ts';
import type { PlainColumn, PlainValue } from '../text/table.ts';
import type { TableOptions } from '../table.ts';
import type { Cell } from '../schema.ts';
import type { CellChange, ResultComparison } from './compare.ts';
import { cellName, cellRows, hitsIn, metricName } from './rows.ts';
import { colorOf, onlyLines, renderComparisonTable, summaryLines } from './terminal.ts';
import { formatSize, formatValue, toneOf, toneOfWords } from './words.ts';
import type { Tone } from './words.ts';

/** What is compared of a cell: a metric of a stage, a verdict. */
interface Line {
  readonly cell: Cell;
  readonly name: string;
  readonly base: string;
  /** One for each comparison. */
  readonly values: readonly { readonly text: string; readonly tone: Tone | undefined }[];
}

/**
 * Comparisons with one base for a terminal: what is to be said of each, then one table of all. One after another where
 * that is wider than the terminal, or where a condition is met, which has a column of its own.
 *
 * @param unread - one at least, all of the same base
 */
export function renderSeveralComparisons(unread: readonly ResultComparison[], options: TableOptions): string {
  const comparisons = printable(unread);
  const apart = (): string => comparisons.map((comparison) => renderComparisonTable(comparison, options)).join('\n');
  if (comparisons.length < 2 || comparisons.some((one) => hitsIn(one).length > 0)) return apart();
  const lines = linesOf(comparisons);
  if (lines.length === 0) return apart();
  const table = drawPlainTable(...tableOf(comparisons, lines), options.color);
  if (table.split('\n').some((line) => displayWidth(line) > options.columns)) return apart();
  return [
    ...comparisons.flatMap((comparison) => [...summaryLines(comparison, options), '']),
    table,
    ...comparisons.flatMap(onlyLines),
    '',
  ].join('\n');
}

function linesOf(comparisons: readonly ResultComparison[]): readonly Line[] {
  // The same cell of the base in each, whatever the others have in its place.
  const changes = comparisons.map(({ changed }) => new Map(changed.map((change) => [keyOf(change.before), change])));
  const missing = comparisons.map(({ onlyBase }) => new Set(onlyBase.map(keyOf)));
  const lines = new Map<string, Line>();
  for (const comparison of comparisons) {
    const befores = new Map(comparison.changed.map((change) => [change.cell, change.before]));
    for (const { cell, rows } of cellRows(comparison)) {
      const before = befores.get(cell) ?? cell;
      const key = keyOf(before);
      for (const { name, from } of rows) {
        const id = `${key} ${name}`;
        if (lines.has(id)) continue;
        const values = comparisons.map((_, at) =>
          missing[at]?.has(key) === true ? { text: '–', tone: undefined } : valueOf(changes[at]?.get(key), name),
        );
        lines.set(id, { cell: before, name, base: from, values });
      }
    }
  }
  return [...lines.values()];
}

/** A row of one comparison in another one, where it may be unchanged or too slight to have a row. */
function valueOf(change: CellChange | undefined, name: string): Line['values'][number] {
  const metric = change?.metrics.find((one) => metricName(one) === name);
  if (metric !== undefined) {
    const tone = toneOf(metric.metric, metric);
    const size = [formatSize(metric.metric, metric), ...(tone === undefined ? [] : [tone])].join(', ');
    return { text: `${formatValue(metric.metric, metric.to)} (${size})`, tone };
  }
  const word = name === 'verdict' ? change?.verdict : name === 'result' ? change?.outcome : undefined;
  if (word === undefined) return { text: '=', tone: undefined };
  return { text: word.to, tone: toneOfWords(word) };
}

function keyOf(cell: Cell): string {
  return JSON.stringify(DIMENSIONS.map(({ key }) => cell[key]));
}

function tableOf(
  comparisons: readonly ResultComparison[],
  lines: readonly Line[],
): [readonly PlainColumn[], readonly (readonly PlainValue[])[]] {
  const varying = varyingDimensions(lines.map(({ cell }) => cell));
  const titles = comparisons.map(({ headTitle }) => headTitle);
  const isTold = new Set(titles).size === titles.length;
  const columns: readonly PlainColumn[] = [
    ...(varying.length === 0 ? [] : [{ label: 'cell', align: 'left' } as const]),
    { label: 'what', align: 'left' },
    { label: comparisons[0]?.baseTitle ?? '', align: 'right' },
    ...comparisons.map(({ head, headTitle }): PlainColumn => ({ label: isTold ? headTitle : head, align: 'right' })),
  ];
  const rows = lines.map(({ cell, name, base, values }, at): readonly PlainValue[] => {
    const isFirst = at === 0 || keyOf(lines[at - 1]?.cell ?? cell) !== keyOf(cell);
    return [
      ...(varying.length === 0 ? [] : [{ text: isFirst ? cellName(cell, varying) : '' }]),
      { text: name },
      { text: base },
      ...values.map(({ text, tone }) => ({ text, alarm: colorOf(tone) })),
    ];
  });
  return [columns, rows];
}
