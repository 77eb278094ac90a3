/** What a picture shows: for each setting a panel, in it a group of bars for each vCPU count, a bar for each strategy. */
import { okResults, stagesOf, varyingDimensions } from '../cells.ts';
import { publishedMedianS } from '../findings/published.ts';
import type { Cell, OkResult, ResultDocument, StageName } from '../schema.ts';

/** One bar. */
export interface Bar {
  /** Index of the strategy. */
  readonly series: number;
  readonly valueNs: number;
  readonly publishedNs: number | undefined;
  readonly unsafe: boolean;
}

/** The bars of one vCPU count. */
export interface Group {
  readonly vcpus: number;
  readonly label: string;
  readonly bars: readonly Bar[];
}

/** The groups of one setting, apart from strategy and vCPUs. */
export interface Panel {
  /** What tells the setting from the others; empty where there is one. */
  readonly label: string;
  readonly groups: readonly Group[];
}

/** Panels of one measure. */
export interface PanelSet {
  readonly stage: StageName;
  readonly series: readonly string[];
  readonly panels: readonly Panel[];
  /** Settings that are not drawn. */
  readonly omitted: number;
}

/** Panels that a picture may have before it is too tall to be read. */
const MOST_PANELS = 4;

type ValueOf = (result: OkResult, stage: StageName) => number;

/** The bars of a document, for the last stage that it has results of; `undefined` where it has none. */
export function panelsOf(document: ResultDocument, valueOf: ValueOf): PanelSet | undefined {
  const all = okResults(document);
  const stage = stagesOf(all).at(-1);
  if (stage === undefined) return undefined;
  const results = all.filter((result) => result.stages[stage] !== undefined);
  const cells = results.map(({ cell }) => cell);
  const series = [...new Set(cells.map(({ strategy }) => strategy))];
  const settings = varyingDimensions(cells).filter(({ key }) => key !== 'strategy' && key !== 'vcpus');
  const labelOf = (cell: Cell): string => settings.map((dimension) => dimension.describe(cell)).join(', ');
  const labels = [...new Set(cells.map(labelOf))];
  const panels = labels.slice(0, MOST_PANELS).map((label): Panel => {
    const ofPanel = results.filter(({ cell }) => labelOf(cell) === label);
    const counts = [...new Set(ofPanel.map(({ cell }) => cell.vcpus))].sort((a, b) => a - b);
    return {
      label,
      groups: counts.map((vcpus) => ({
        vcpus,
        label: `${String(vcpus)} vCPU${vcpus === 1 ? '' : 's'}`,
        bars: ofPanel
          .filter(({ cell }) => cell.vcpus === vcpus)
          .map((result): Bar => {
            const publishedS = publishedMedianS(result, stage);
            return {
              series: series.indexOf(result.cell.strategy),
              valueNs: valueOf(result, stage),
              publishedNs: publishedS === undefined ? undefined : publishedS * 1e9,
              unsafe: result.verdict?.status === 'unsafe',
            };
          }),
      })),
    };
  });
  return { stage, series, panels, omitted: labels.length - panels.length };
}
