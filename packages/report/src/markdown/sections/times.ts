/** The simulated time of every cell. */
import type { RootContent } from 'mdast';
import { okResults, stagesOf } from '../../cells.ts';
import { formatTime } from '../../format/time.ts';
import { pivot } from '../../pivot.ts';
import type { OkResult, ResultDocument, StageName } from '../../schema.ts';
import { pivotTable } from '../setting-columns.ts';
import { condensed, condensedWhenLong } from '../condense.ts';
import { details, heading, paragraph } from '../tree.ts';
import { counted } from '../words.ts';

/** The simulated time of every cell, the last stage in sight and those before it folded away. */
export function timesSection(document: ResultDocument): readonly RootContent[] {
  const results = okResults(document);
  const stages = stagesOf(results);
  const last = stages.at(-1);
  // A single cell's one time stands in the first paragraph.
  if (last === undefined || (results.length === 1 && stages.length === 1)) return [];
  return [
    heading(2, 'Simulated time'),
    paragraph(`Simulated time of ${last}, from its start until the last vCPU has finished it.`),
    ...condensedWhenLong(`${last}: ${counted(results.length, 'cell')}`, tableOf(results, last)),
    ...stages
      .slice(0, -1)
      .flatMap((stage) => details(`Simulated time of ${stage}`, ...condensed(tableOf(results, stage)))),
  ];
}

function tableOf(results: readonly OkResult[], stage: StageName): ReturnType<typeof pivotTable> {
  const having = results.filter((result) => result.stages[stage] !== undefined);
  return pivotTable(pivot(having, 'vcpus'), {
    label: `${stage}, simulated`,
    valueOf: (result) => result.stages[stage]?.timeNs,
    format: formatTime,
  });
}
