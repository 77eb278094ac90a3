/** Figures that were measured and published, put beside the cells that they are of. */
import { type Cell, type PublishedFigure, STAGE_NAMES, type StageName } from '@s2bench/report/schema';
import { type PublishedFigures, STUDIES } from '@s2bench/studies';
import { formatSize } from '../options/values.ts';

/**
 * The published figures of a cell's stages.
 *
 * A figure was measured on one machine, with one test, in one history: a cell on another profile, or with another
 * workload, history or page size, has none, however alike the rest is.
 */
export function publishedFor(cell: Cell, stages: readonly StageName[]): PublishedFigure[] {
  return STUDIES.flatMap(({ figures }) => (figures === undefined ? [] : figuresOf(figures, cell, stages)));
}

function figuresOf(
  { machine, stageTimes }: PublishedFigures,
  cell: Cell,
  stages: readonly StageName[],
): PublishedFigure[] {
  if (
    cell.profile !== machine.profile ||
    cell.workload !== machine.workload ||
    cell.history !== machine.history ||
    formatSize(cell.pageSizeBytes) !== machine.pageSize
  ) {
    return [];
  }
  const backing = `${cell.backing}-${formatSize(cell.granuleBytes)}`;
  const memory = formatSize(cell.memoryBytes);
  return stageTimes
    .filter(
      (figure) =>
        figure.backing === backing &&
        figure.memory === memory &&
        figure.vcpus === cell.vcpus &&
        figure.kernel === cell.kernel &&
        figure.strategy === cell.strategy &&
        (stages as readonly string[]).includes(figure.stage),
    )
    .map(({ stage, seconds, source }) => ({ stage: stageOf(stage), seconds: [...seconds], source }));
}

function stageOf(text: string): StageName {
  const stage = STAGE_NAMES.find((name) => name === text);
  if (stage === undefined) throw new Error(`published.json: unknown stage ${text}`);
  return stage;
}
