/** How the time of each strategy grows with the vCPUs. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { formatFactor } from '../format/factor.ts';
import { formatSignedPercent } from '../format/percent.ts';
import { formatTime } from '../format/time.ts';
import type { ResultDocument } from '../schema.ts';
import { text } from './element.ts';
import { PAGE_MARGIN, PAGE_WIDTH, svgPage } from './page.ts';
import { type Panel, panelsOf, type PanelSet } from './panels.ts';
import { drawAxes, drawLegend, timeAxis } from './plot.ts';
import { line, mark, MOST_SERIES } from './series.ts';

const AXIS = 60;
const HEIGHT = 200;
const HEADING = 26;
const FEWEST_COUNTS = 4;
/** Less than this is no growth that a title should be made of. */
const ALIKE = 1.01;
/** From so many times as many vCPUs on, their axis is a logarithm. */
const LOG_FROM = 8;

/** Whether there is a curve: times at more numbers of vCPUs than bars beside each other tell. */
export function hasCurves(document: ResultDocument): boolean {
  const set = timesOf(document);
  return set?.along === 'vcpus' && set.series.length <= MOST_SERIES && countsOf(set).length >= FEWEST_COUNTS;
}

/** The picture, in SVG; of the last stage that has results. */
export function renderCurves(document: ResultDocument): string {
  const set = timesOf(document);
  if (set === undefined) throw new RangeError('a picture of no results: hasCurves says whether there are any');
  const counts = countsOf(set);
  return svgPage({
    title: titleOf(set),
    note: `Simulated time of ${set.stage}, by number of vCPUs${set.omitted > 0 ? `; ${set.omitted} more settings are in the report's tables` : ''}`,
    description: set.panels.map((panel) => wordsOf(panel, set)).join(' '),
    style: '.mark{stroke:#24292f;stroke-opacity:.5}@media (prefers-color-scheme:dark){.mark{stroke:#e6edf3}}',
    draw: (top) => {
      const legend = drawLegend(
        set.series.map((label, series) => ({ label, series })),
        top,
        true,
      );
      const svg = [...legend.svg];
      let y = legend.bottom;
      for (const panel of set.panels) {
        if (panel.label !== '') svg.push(text(PAGE_MARGIN, y + 18, 'heading', panel.label));
        const panelTop = y + (panel.label === '' ? 8 : HEADING);
        svg.push(...drawPanel(panel, set, counts, panelTop));
        y = panelTop + HEIGHT + 40;
      }
      return { svg, bottom: y };
    },
  });
}

function timesOf(document: ResultDocument): PanelSet | undefined {
  return panelsOf(document, (result, stage) => result.stages[stage]?.timeNs ?? 0);
}

function countsOf({ panels }: PanelSet): number[] {
  return [...new Set(panels.flatMap(({ groups }) => groups.map(({ at }) => at)))].sort((a, b) => a - b);
}

/** The points of a series in a panel: vCPUs and nanoseconds. */
function pointsOf({ groups }: Panel, series: number): (readonly [number, number])[] {
  return groups.flatMap(({ at, bars }) =>
    bars.filter((bar) => bar.series === series).map(({ valueNs }) => [at, valueNs] as const),
  );
}

function drawPanel(panel: Panel, { panels, series }: PanelSet, counts: readonly number[], top: number): string[] {
  const frame = { left: PAGE_MARGIN + AXIS, right: PAGE_WIDTH - PAGE_MARGIN - 14, top, bottom: top + HEIGHT };
  const values = panels.flatMap(({ groups }) => groups.flatMap(({ bars }) => bars.map(({ valueNs }) => valueNs)));
  const up = timeAxis(values, frame.bottom, frame.top + 8, 5);
  const [least = 1, most = 1] = [counts[0], counts.at(-1)];
  const isLog = most >= LOG_FROM * least;
  const scale = (isLog ? scaleLog() : scaleLinear()).domain([least, most]).range([frame.left + 12, frame.right - 12]);
  const along = counts.map((count) => ({ at: scale(count), label: String(count) }));
  const label = `vCPUs${isLog ? ', log scale' : ''}${up.isLog ? '; time upwards, log scale' : ''}`;
  const drawn = series.map((_, index) => {
    const places = pointsOf(panel, index).map(([count, ns]) => [scale(count), up.at(ns)] as const);
    return line(index, places) + places.map(([x, y]) => mark(index, x, y)).join('');
  });
  return [...drawAxes(frame, up.ticks, along, label), ...drawn];
}

/** Which strategy's time grows the least and which's the most, from the fewest vCPUs to the most. */
function titleOf(set: PanelSet): string {
  const [panel] = set.panels;
  const growths = set.series.flatMap((name, series) => {
    const points = panel === undefined ? [] : pointsOf(panel, series);
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined || first === last || first[1] === 0) return [];
    return [{ name, from: first[0], to: last[0], factor: last[1] / first[1] }];
  });
  const sorted = growths.toSorted((a, b) => a.factor - b.factor);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return `Time of ${set.stage} by number of vCPUs`;
  // From twice as much on a percentage is harder to read than what it is of.
  const of = ({ factor }: { readonly factor: number }): string =>
    factor >= 2
      ? `becomes ${formatFactor(factor)} times as long`
      : `changes by ${formatSignedPercent((factor - 1) * 100)}`;
  const where = `From ${least.from} to ${least.to} vCPUs${set.panels.length > 1 && panel !== undefined ? ` (${panel.label})` : ''}`;
  if (most.factor < ALIKE && least.factor * ALIKE > 1) return `${where} no strategy's time changes`;
  if (least === most) return `${where} the time of ${least.name} ${of(least)}`;
  return `${where} the time of ${least.name} ${of(least)}, that of ${most.name} ${of(most)}`;
}

function wordsOf(panel: Panel, { series }: PanelSet): string {
  const rows = series.map((name, index) => {
    const points = pointsOf(panel, index).map(([count, ns]) => `${formatTime(ns)} at ${count} vCPUs`);
    return `${name} ${points.join(', ')}`;
  });
  return `${panel.label === '' ? '' : `${panel.label}: `}${rows.join('; ')}.`;
}
