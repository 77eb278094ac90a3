/** Results as a grid for a terminal: one dimension across, what else varies down, a table for each stage. */
import { commonCaption, okResults, settingKey, stagesOf, varyingDimensions } from './cells.ts';
import type { Dimension } from './cells.ts';
import { formatFactor } from './format/factor.ts';
import { formatTime } from './format/time.ts';
import { pivot } from './pivot.ts';
import { printable } from './printable.ts';
import type { Cell, OkResult, ResultDocument, StageName } from './schema.ts';
import { extrapolatedNote, missingLines } from './table.ts';
import type { TableOptions } from './table.ts';
import { fitPlainTable } from './text/fit.ts';
import { breakLines } from './text/lines.ts';
import type { PlainValue } from './text/table.ts';

/** What stands where. */
export interface GridLayout {
  /** What stands down, in this order; what else varies comes after it. */
  readonly rows?: readonly (keyof Cell)[] | undefined;
  /** What stands across; left out, the last dimension with several values that `rows` does not name. */
  readonly cols?: keyof Cell | undefined;
  /** A strategy that every other is set beside: each time has its factor to that one's, in the same setting. */
  readonly reference?: string | undefined;
}

/**
 * The grids of all stages that have results; what all cells share stands above them, cells without a result below.
 * Times are simulated.
 */
export function renderGrid(unread: ResultDocument, layout: GridLayout, options: TableOptions): string {
  const document = printable(unread);
  const results = okResults(document);
  const cells = document.cells.map(({ cell }) => cell);
  const grids = stagesOf(results).map((stage) => gridOf(results, stage, layout, options));
  const lines = [...breakLines(commonCaption(cells), options.columns), ...grids.flatMap((grid) => ['', grid])];
  const notes = [
    ...extrapolatedNote(results),
    ...(layout.reference === undefined ? [] : [`× is the time by that of ${layout.reference} in the same setting`]),
    ...missingLines(document).map(({ line }) => line),
  ];
  return `${[...lines, ...notes.flatMap((line) => breakLines(line, options.columns, '  '))].join('\n')}\n`;
}

function gridOf(results: readonly OkResult[], stage: StageName, layout: GridLayout, options: TableOptions): string {
  const having = results.filter((result) => result.stages[stage] !== undefined);
  const varying = varyingDimensions(having.map(({ cell }) => cell));
  const across = layout.cols ?? varying.findLast(({ key }) => layout.rows?.includes(key) !== true)?.key;
  const table = pivot(having, across ?? 'strategy', [], Infinity);
  const down = inOrder(table.rowDimensions, layout.rows ?? []);
  const columns = [
    ...down.map(({ label, isName }) => ({ label, align: isName ? 'left' : 'right', isKey: true }) as const),
    ...table.columns.map((cell) => ({ label: headingOf(table.across, cell), align: 'right' }) as const),
    ...(table.across === undefined ? [{ label: stage, align: 'right' } as const] : []),
  ];
  const references = referencesOf(having, layout.reference);
  const rows = table.rows.map(({ cell, slots }): readonly PlainValue[] => [
    ...down.map((dimension) => ({ text: dimension.show(cell) })),
    ...slots.map(([result]) => valueOf(result, stage, references)),
  ]);
  const { text } = fitPlainTable(columns, rows, options);
  return table.across === undefined ? text : `${stage}\n${text}`;
}

/** A value as a heading; a long name goes on below itself, after a hyphen. */
function headingOf(across: Dimension | undefined, cell: Cell): string {
  if (across === undefined) return '';
  if (!across.isName) return across.describe(cell);
  const lines: string[] = [];
  for (const part of across.show(cell).split(/(?<=-)/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= HEADING_COLUMNS) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.join('\n');
}

/** What a name in a heading may take: as much as a time with its factor. */
const HEADING_COLUMNS = 14;

/** A time, and its factor to that of the reference in the same setting. What is faster is green where there is colour. */
function valueOf(
  result: OkResult | undefined,
  stage: StageName,
  references: ReadonlyMap<string, OkResult> | undefined,
): PlainValue {
  const found = result?.stages[stage];
  if (result === undefined || found === undefined) return { text: '–' };
  const time = `${found.extrapolated ? '~' : ''}${formatTime(found.timeNs)}`;
  if (references === undefined) return { text: time };
  const reference = references.get(settingKey(result.cell));
  const referenceNs = reference?.stages[stage]?.timeNs;
  if (reference === result) return { text: `${time}      ` };
  if (referenceNs === undefined || referenceNs === 0) return { text: `${time}     –` };
  const factor = found.timeNs / referenceNs;
  const text = factor < 10 ? factor.toFixed(2) : formatFactor(factor);
  return { text: `${time} ${`${text}×`.padStart(5)}`, ...(factor < FASTER && { alarm: 'green' as const }) };
}

/** Below this a time is shorter by more than its figure is rounded. */
const FASTER = 0.995;

function referencesOf(results: readonly OkResult[], strategy: string | undefined): Map<string, OkResult> | undefined {
  if (strategy === undefined) return undefined;
  return new Map(
    results.filter(({ cell }) => cell.strategy === strategy).map((result) => [settingKey(result.cell), result]),
  );
}

function inOrder(dimensions: readonly Dimension[], first: readonly (keyof Cell)[]): readonly Dimension[] {
  const rank = ({ key }: Dimension): number => {
    const place = first.indexOf(key);
    return place < 0 ? first.length : place;
  };
  return [...dimensions].sort((one, other) => rank(one) - rank(other));
}
