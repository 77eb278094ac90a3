/** A result document as a picture. */
import { formatTime } from '../format/time.ts';
import type { OkResult, ResultDocument, StageName } from '../schema.ts';
import { describeChart } from './describe.ts';
import { drawPanel } from './draw-panel.ts';
import type { Axis } from './draw-panel.ts';
import { text } from './element.ts';
import { PAGE_MARGIN, svgPage } from './page.ts';
import { hatchesFor } from './palette.ts';
import { drawnPanels, panelsOf } from './panels.ts';
import type { Bar, PanelSet } from './panels.ts';

const HEADING_HEIGHT = 28;
const GAP = 8;

/**
 * A picture in SVG: the simulated time of the last stage per strategy and vCPU count, published medians as marks, and
 * below it the longest invalid window. The same document gives the same bytes.
 */
export function renderChart(document: ResultDocument): string {
  const times = panelsOf(document, timeOf);
  const windows = panelsOf(document, windowOf);
  const description = describeChart(times, windows);
  if (times === undefined || windows === undefined) {
    const draw = (top: number): { svg: readonly string[]; bottom: number } => ({ svg: [], bottom: top });
    return svgPage({ title: 'No cell was simulated: there is nothing to draw', note: '', description, draw });
  }
  const [drawn, drawnWindows] = [drawnPanels(times), drawnPanels(withoutPublished(windows))];
  const isPublished = barsOf(drawn).some(({ publishedNs }) => publishedNs !== undefined);
  const omitted = Math.max(drawn.omitted, drawnWindows.omitted);
  const note = [
    `Simulated; below it the longest invalid window, in powers of ten`,
    ...(isPublished ? ['a diamond is a published median'] : []),
    ...(omitted > 0 ? [`${omitted} more settings are in the report's tables`] : []),
  ].join('; ');
  return svgPage({
    title: titleOf(drawn),
    note,
    description,
    style: '.value{text-anchor:start}.name{font-size:12px}',
    draw: (top) => {
      const svg = [hatchesFor(times.series.length)];
      let y = top - GAP;
      const measure = (set: PanelSet, kind: Axis['kind'], heading: string): void => {
        const axis = axisOf(set, kind);
        for (const panel of set.panels) {
          y += GAP;
          svg.push(text(PAGE_MARGIN, y + 20, 'heading', heading + (panel.label === '' ? '' : `: ${panel.label}`)));
          const drawing = drawPanel(panel, set.series, axis, y + HEADING_HEIGHT);
          svg.push(...drawing.svg);
          y = drawing.bottom;
        }
      };
      measure(drawn, 'linear', `${times.stage}, time`);
      measure(drawnWindows, 'log', 'Longest window');
      return { svg: svg.filter((one) => one !== ''), bottom: y };
    },
  });
}

function timeOf(result: OkResult, stage: StageName): number {
  return result.stages[stage]?.timeNs ?? 0;
}

function windowOf(result: OkResult, stage: StageName): number {
  return result.stages[stage]?.invalidWindow.longestNs ?? 0;
}

function barsOf({ panels }: PanelSet): readonly Bar[] {
  return panels.flatMap(({ groups }) => groups.flatMap(({ bars }) => bars));
}

/** Published figures are times: they have no place among windows. */
function withoutPublished(set: PanelSet): PanelSet {
  return {
    ...set,
    panels: set.panels.map((panel) => ({
      ...panel,
      groups: panel.groups.map((group) => ({
        ...group,
        bars: group.bars.map((bar) => ({ ...bar, publishedNs: undefined })),
      })),
    })),
  };
}

/** The shortest and the longest time, and whose they are. */
function titleOf({ stage, series, panels }: PanelSet): string {
  const all = panels.flatMap(({ groups }) => groups.flatMap((group) => group.bars.map((bar) => ({ bar, group }))));
  const [first, ...others] = all;
  if (first === undefined) return `${stage} was not simulated`;
  const [shortest, longest] = others.reduce(
    ([least, most], one) => [
      one.bar.valueNs < least.bar.valueNs ? one : least,
      one.bar.valueNs > most.bar.valueNs ? one : most,
    ],
    [first, first],
  );
  const [from, to] = [shortest, longest].map(({ bar }) => formatTime(bar.valueNs));
  if (from === to) return `${stage} takes ${String(from)}`;
  const whose = ({ bar, group }: typeof first): string =>
    `${series[bar.series] ?? ''}, ${group.label}${bar.unsafe ? ', unsafe' : ''}`;
  return `${stage} takes ${String(from)} (${whose(shortest)}) to ${String(to)} (${whose(longest)})`;
}

function axisOf(set: PanelSet, kind: Axis['kind']): Axis {
  const values = barsOf(set).flatMap((bar) => [bar.valueNs, bar.publishedNs ?? 0]);
  const above = values.filter((value) => value > 0);
  return { kind, largestNs: Math.max(1, ...above), smallestNs: above.length === 0 ? 1 : Math.min(...above) };
}
