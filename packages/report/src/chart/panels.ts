/** What a picture shows: for each setting a panel, in it a group of bars for each vCPU count, a bar for each strategy. */
import { isDeepStrictEqual } from 'node:util';
import { describeIn, okResults, stagesOf, varyingDimensions } from '../cells.ts';
import { publishedMedianS } from '../findings/published.ts';
import { variantCurves } from '../findings/variants.ts';
import { formatBytes } from '../format/bytes.ts';
import type { Cell, OkResult, ResultDocument, StageName } from '../schema.ts';

/** One bar. */
export interface Bar {
  /** Index of the strategy. */
  readonly series: number;
  readonly valueNs: number;
  readonly publishedNs: number | undefined;
  readonly unsafe: boolean;
}

/** The bars of one vCPU count, or of one size of memory. */
export interface Group {
  readonly at: number;
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
  /** What tells the groups of a panel from each other. */
  readonly along: 'vcpus' | 'memoryBytes';
  readonly series: readonly string[];
  readonly panels: readonly Panel[];
  /** Settings that are not drawn. */
  readonly omitted: number;
}

/** Panels, and lines of bars, that a picture may have before it is too tall to be read. */
const MOST_PANELS = 4;
const MOST_BARS = 48;
/** Groups of a panel: of more there are curves. */
const MOST_GROUPS = 4;

type ValueOf = (result: OkResult, stage: StageName) => number;

/** The bars of a document, for the last stage that it has results of; `undefined` where it has none. */
export function panelsOf(document: ResultDocument, valueOf: ValueOf): PanelSet | undefined {
  const all = okResults(document);
  const stage = stagesOf(all).at(-1);
  if (stage === undefined) return undefined;
  const results = all.filter((result) => result.stages[stage] !== undefined);
  const cells = results.map(({ cell }) => cell);
  const { along, seriesOf, labelOf } = arrangementOf(document, stage, cells);
  const series = [...new Set(cells.map(seriesOf))];
  const labels = [...new Set(cells.map(labelOf))];
  const panels = labels.map((label): Panel => {
    const ofPanel = results.filter(({ cell }) => labelOf(cell) === label);
    const places = [...new Set(ofPanel.map(({ cell }) => cell[along]))].sort((a, b) => a - b);
    return {
      label,
      groups: places.map((at) => ({
        at,
        label: along === 'vcpus' ? `${String(at)} vCPU${at === 1 ? '' : 's'}` : formatBytes(at),
        bars: ofPanel
          .filter(({ cell }) => cell[along] === at)
          .map((result): Bar => {
            const publishedS = publishedMedianS(result, stage);
            return {
              series: series.indexOf(seriesOf(result.cell)),
              valueNs: valueOf(result, stage),
              publishedNs: publishedS === undefined ? undefined : publishedS * 1e9,
              unsafe: result.verdict?.status === 'unsafe',
            };
          }),
      })),
    };
  });
  return { stage, along, series, panels, omitted: 0 };
}

/** Those panels of a set that are drawn: what is the same in two settings once, and no more than can be read. */
export function drawnPanels(set: PanelSet): PanelSet {
  const different: Panel[] = [];
  for (const panel of set.panels) {
    const twin = different.findIndex(({ groups }) => isDeepStrictEqual(groups, panel.groups));
    const other = different[twin];
    if (other === undefined) different.push(panel);
    else different[twin] = { ...other, label: joined(other.label, panel.label) };
  }
  const panels: Panel[] = [];
  let bars = 0;
  for (const panel of different.map(withFewGroups)) {
    bars += panel.groups.reduce((sum, group) => sum + group.bars.length, 0);
    if (panels.length === MOST_PANELS || (panels.length > 0 && bars > MOST_BARS)) break;
    panels.push(panel);
  }
  return { ...set, panels, omitted: different.length - panels.length };
}

/** The first and the last of many groups, and some between them. */
function withFewGroups(panel: Panel): Panel {
  const last = panel.groups.length - 1;
  if (last < MOST_GROUPS) return panel;
  const kept = new Set(Array.from({ length: MOST_GROUPS }, (_, at) => Math.round((at * last) / (MOST_GROUPS - 1))));
  return { ...panel, groups: panel.groups.filter((_, at) => kept.has(at)) };
}

/** `history block-first` and `history logging-first`: what they begin with is said once. */
function joined(label: string, other: string): string {
  const [words, others] = [label.split(' '), other.split(' ')];
  let same = 0;
  while (same < others.length - 1 && words[same] === others[same]) same++;
  return `${label} and ${others.slice(same).join(' ')}`;
}

/** What stands beside what: the bars of a group, the groups of a panel, the panels. */
interface Arrangement {
  readonly along: 'vcpus' | 'memoryBytes';
  readonly seriesOf: (cell: Cell) => string;
  readonly labelOf: (cell: Cell) => string;
}

/** The strategies beside each other, or the two sides of a patch series in their curves. */
function arrangementOf(document: ResultDocument, stage: StageName, cells: readonly Cell[]): Arrangement {
  const curves = variantCurves(document).filter((curve) => curve.stage === stage);
  const [curve] = curves;
  if (curve === undefined) {
    const settings = varyingDimensions(cells).filter(({ key }) => key !== 'strategy' && key !== 'vcpus');
    return { along: 'vcpus', seriesOf: ({ strategy }) => strategy, labelOf: (cell) => describeIn(settings, cell) };
  }
  const labels = new Map(
    curves.flatMap(({ metric, points }) =>
      points.flatMap(({ before, after }) =>
        [before, after].map(({ cell }) => [cell, metric ?? before.cell.workload] as const),
      ),
    ),
  );
  return {
    along: curve.axis.key === 'memoryBytes' ? 'memoryBytes' : 'vcpus',
    seriesOf: ({ variant, strategy }) => variant ?? strategy,
    labelOf: (cell) => (curves.length === 1 ? '' : (labels.get(cell) ?? cell.workload)),
  };
}
