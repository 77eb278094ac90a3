/** Cells that there is no result of. */
import type { RootContent } from 'mdast';
import { DIMENSIONS, varyingDimensions } from '../../cells.ts';
import type { Cell, CellResult, ResultDocument } from '../../schema.ts';
import { isUnsafe, settingColumns, settingValues } from '../setting-columns.ts';
import { code, foldedWhenLong, heading, list } from '../tree.ts';
import type { Inline } from '../tree.ts';
import { counted } from '../words.ts';

type Missing = Exclude<CellResult, { status: 'ok' }>;

/** Failed cells one by one with their reasons, and skipped ones by reason: a corner of the matrix has one for all its cells. */
export function notSimulatedSection(document: ResultDocument): readonly RootContent[] {
  const missing = document.cells.flatMap((result) => (result.status === 'ok' ? [] : [result]));
  if (missing.length === 0) return [];
  return [
    heading(2, 'Cells that were not simulated'),
    ...failedTable(
      document,
      missing.filter(({ status }) => status === 'failed'),
    ),
    ...skippedList(missing.filter(({ status }) => status === 'skipped')),
  ];
}

function failedTable(document: ResultDocument, failed: readonly Missing[]): readonly RootContent[] {
  if (failed.length === 0) return [];
  const varying = varyingDimensions(document.cells.map(({ cell }) => cell));
  const dimensions = varying.length > 0 ? varying : DIMENSIONS.filter(({ key }) => key === 'strategy');
  return foldedWhenLong(`${counted(failed.length, 'cell')} failed`, {
    columns: [...settingColumns(dimensions), { label: 'status', align: 'left' }, { label: 'reason', align: 'left' }],
    rows: failed.map((result) => [
      ...settingValues(dimensions, result.cell, isUnsafe([result])),
      [result.status],
      [reasonOf(result)],
    ]),
  });
}

function skippedList(skipped: readonly Missing[]): readonly RootContent[] {
  if (skipped.length === 0) return [];
  const groups = Map.groupBy(skipped, reasonOf);
  return [
    list(
      false,
      [...groups].map(([reason, results]): readonly Inline[] => [
        `${counted(results.length, 'cell')} skipped, ${reason}: `,
        ...valuesOf(results.map(({ cell }) => cell)),
      ]),
    ),
  ];
}

/** The dimensions that a corner of a matrix is told by. */
const TOLD: ReadonlySet<keyof Cell> = new Set([
  'strategy',
  'vcpus',
  'memoryBytes',
  'granuleBytes',
  'pageSizeBytes',
  'backing',
]);

/** The values that the cells have in each of them: a corner is a product of few. */
function valuesOf(cells: readonly Cell[]): readonly Inline[] {
  return DIMENSIONS.filter(({ key }) => TOLD.has(key)).flatMap(({ label, isName, show }, at) => {
    const values = [...new Set(cells.map(show))];
    const shown = values.flatMap((value, index): readonly Inline[] => [
      ...(index === 0 ? [] : [', ']),
      isName ? code(value) : value,
    ]);
    return [`${at === 0 ? '' : '; '}${label} `, ...shown];
  });
}

/** In one line. */
function reasonOf({ reason }: Missing): string {
  return reason.replace(/\s+/g, ' ');
}
