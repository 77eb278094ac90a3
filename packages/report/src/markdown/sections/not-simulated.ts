/** Cells that there is no result of. */
import type { RootContent } from 'mdast';
import { DIMENSIONS, varyingDimensions } from '../../cells.ts';
import type { ResultDocument } from '../../schema.ts';
import { isUnsafe, settingColumns, settingValues } from '../setting-columns.ts';
import { foldedWhenLong, heading } from '../tree.ts';
import { counted } from '../words.ts';

/** Skipped and failed cells with their reasons. */
export function notSimulatedSection(document: ResultDocument): readonly RootContent[] {
  const missing = document.cells.flatMap((result) => (result.status === 'ok' ? [] : [result]));
  if (missing.length === 0) return [];
  const varying = varyingDimensions(document.cells.map(({ cell }) => cell));
  const dimensions = varying.length > 0 ? varying : DIMENSIONS.filter(({ key }) => key === 'strategy');
  return [
    heading(2, 'Cells that were not simulated'),
    ...foldedWhenLong(counted(missing.length, 'cell'), {
      columns: [...settingColumns(dimensions), { label: 'status', align: 'left' }, { label: 'reason', align: 'left' }],
      rows: missing.map((result) => [
        ...settingValues(dimensions, result.cell, isUnsafe([result])),
        [result.status],
        // A table cell is one line.
        [result.reason.replace(/\s+/g, ' ')],
      ]),
    }),
  ];
}
