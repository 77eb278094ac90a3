/** What the cells did: faults, TLBIs, cleaned bytes, table pages, lock wait. */
import type { RootContent } from 'mdast';
import { okResults, stagesOf, varyingDimensions } from '../../cells.ts';
import { formatBytes } from '../../format/bytes.ts';
import { formatCount } from '../../format/count.ts';
import { formatTime } from '../../format/time.ts';
import type { OkResult, ResultDocument, StageName, StageResult } from '../../schema.ts';
import { cellTable } from '../setting-columns.ts';
import type { Measure } from '../setting-columns.ts';
import { condensed } from '../condense.ts';
import { details, heading, paragraph } from '../tree.ts';

/** Two tables for each stage, folded away. */
export function effectsSection(document: ResultDocument): readonly RootContent[] {
  const results = okResults(document);
  const stages = stagesOf(results);
  if (stages.length === 0) return [];
  return [
    heading(2, 'Faults, TLBIs, cleaned bytes and lock wait'),
    paragraph(
      'Counts are of the memslot of the test. Translation and permission faults are all faults. Spurious and retried ones ',
      'are among them: a spurious fault finds the work done by another vCPU, a retried one finds that the host has taken ',
      'pages away since it began, and the guest makes its access again. ',
      'Lock wait is the simulated time that the vCPUs waited for mmu_lock, summed over them.',
    ),
    ...stages.flatMap((stage) => {
      const having = results.filter((result) => result.stages[stage] !== undefined);
      return [
        ...effects(`${stage}: faults, maps and TLBIs`, having, faultMeasures(stage)),
        ...effects(`${stage}: memory and lock`, having, memoryMeasures(stage)),
      ];
    }),
  ];
}

/**
 * One table; measures that are zero in every cell are named below it instead of filling columns, and those that no cell
 * says anything of are left out.
 */
function effects(summary: string, results: readonly OkResult[], measures: readonly Measure[]): readonly RootContent[] {
  const dimensions = varyingDimensions(results.map(({ cell }) => cell));
  const isZero = ({ valueOf }: Measure): boolean => results.every((result) => valueOf(result) === 0);
  const isSaid = ({ valueOf }: Measure): boolean => results.some((result) => valueOf(result) !== undefined);
  const shown = measures.filter((measure) => isSaid(measure) && !isZero(measure));
  const zero = measures.filter(isZero).map(({ label }) => label);
  return details(
    summary,
    ...(shown.length === 0 ? [] : condensed(cellTable(results, dimensions, shown))),
    ...(zero.length === 0 ? [] : [paragraph(`None in any cell: ${zero.join(', ')}.`)]),
  );
}

/** `undefined` where a document of an older schema version did not say. */
type Pick = (result: StageResult) => number | undefined;

function measureOf(stage: StageName): (label: string, pick: Pick, format?: (value: number) => string) => Measure {
  return (label, pick, format = formatCount) => ({
    label,
    valueOf: (result) => {
      const found = result.stages[stage];
      return found === undefined ? undefined : pick(found);
    },
    format,
  });
}

function faultMeasures(stage: StageName): readonly Measure[] {
  const measure = measureOf(stage);
  return [
    measure('translation', ({ faults }) => faults.translation),
    measure('permission', ({ faults }) => faults.permission),
    measure('spurious', ({ faults }) => faults.spurious),
    measure('retried', ({ faults }) => faults.retried ?? undefined),
    measure('maps', ({ maps }) => maps),
    measure('relaxed', ({ relaxed }) => relaxed),
    measure('TLBI VMID', ({ tlbi }) => tlbi.vmid),
    measure('TLBI IPA', ({ tlbi }) => tlbi.ipa),
    measure('TLBI range', ({ tlbi }) => tlbi.range),
  ];
}

function memoryMeasures(stage: StageName): readonly Measure[] {
  const measure = measureOf(stage);
  return [
    measure('cleaned', ({ cleanedBytes }) => cleanedBytes, formatBytes),
    measure('invalidated', ({ invalidatedBytes }) => invalidatedBytes, formatBytes),
    measure('tables allocated', ({ tablePages }) => tablePages.allocated),
    measure('tables freed', ({ tablePages }) => tablePages.freed),
    measure('lock wait', ({ lockWaitNs }) => lockWaitNs, formatTime),
  ];
}
