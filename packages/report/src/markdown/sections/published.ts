/** Simulated times beside the published ones. */
import type { RootContent } from 'mdast';
import { okResults, varyingDimensions } from '../../cells.ts';
import { publishedRows } from '../../findings/published.ts';
import { formatSignedPercent } from '../../format/percent.ts';
import { formatSeconds } from '../../format/time.ts';
import type { ResultDocument } from '../../schema.ts';
import { settingColumns } from '../setting-columns.ts';
import { condensedWhenLong } from '../condense.ts';
import { code, heading, list, paragraph } from '../tree.ts';
import type { Column } from '../tree.ts';

/** Simulated times beside the published ones. Left out where nothing was published; cells with a variant have a section of their own. */
export function publishedSection(document: ResultDocument): readonly RootContent[] {
  const rows = publishedRows(document).filter(({ cell }) => cell.variant === undefined);
  if (rows.length === 0) return [];
  // What varies in the whole matrix: a setting that the published figures share is still worth naming.
  const dimensions = varyingDimensions(okResults(document).map(({ cell }) => cell));
  const runs = [...new Set(rows.map((row) => row.runs))];
  const stages = [...new Set(rows.map((row) => row.stage))];
  const [sameRuns, sameStage] = [runs.length === 1, stages.length === 1];
  const right = (label: string): Column => ({ label, align: 'right' });
  const columns = [
    ...settingColumns(dimensions),
    ...(sameStage ? [] : [{ label: 'stage', align: 'left' } as const]),
    right(`published s (median${sameRuns ? ` of ${String(runs[0])}` : ''})`),
    ...(sameRuns ? [] : [right('runs')]),
    right('simulated s'),
    right('error'),
  ];
  const tableRows = rows.map((row) => [
    ...dimensions.map((dimension) => [dimension.isName ? code(dimension.show(row.cell)) : dimension.show(row.cell)]),
    ...(sameStage ? [] : [[row.stage]]),
    [formatSeconds(row.publishedS)],
    ...(sameRuns ? [] : [[String(row.runs)]]),
    [formatSeconds(row.simulatedS)],
    [formatSignedPercent(row.errorPercent)],
  ]);
  const sources = [...new Set(rows.map((row) => row.source))];
  return [
    heading(2, 'Predicted against published'),
    paragraph(
      sameStage ? `Seconds of ${String(stages[0])}. ` : '',
      'The error is that of the simulated time, in percent of the published median.',
    ),
    ...condensedWhenLong(`${String(rows.length)} published figures`, {
      settings: dimensions.length,
      columns,
      rows: tableRows,
    }),
    ...(sources.length === 1
      ? [paragraph(`Published in: ${String(sources[0])}.`)]
      : [
          paragraph('Published in:'),
          list(
            false,
            sources.map((source) => [source]),
          ),
        ]),
  ];
}
