/** Time against longest window: which strategies nothing else beats in both, and which of those are safe. */
import { okResults, settingKey, stagesOf, varyingDimensions } from '../cells.ts';
import { formatTime } from '../format/time.ts';
import type { Cell, ResultDocument, StageName } from '../schema.ts';
import { PAGE_MARGIN, PAGE_WIDTH, svgPage } from './page.ts';
import { drawAxes, drawLegend, timeAxis } from './plot.ts';
import { mark, MOST_SERIES } from './series.ts';

const AXIS = 60;
const HEIGHT = 270;
/** Less than this is no difference that a title should be made of. */
const ALIKE = 1.01;

/** A cell as a point. */
interface Point {
  readonly cell: Cell;
  readonly series: number;
  readonly timeNs: number;
  readonly windowNs: number;
  readonly isUnsafe: boolean;
}

interface Points {
  readonly stage: StageName;
  readonly strategies: readonly string[];
  readonly points: readonly Point[];
}

/** Whether there is anything to weigh: several strategies, and a window. */
export function hasPareto(document: ResultDocument): boolean {
  const { strategies, points } = pointsOf(document) ?? { strategies: [], points: [] };
  return strategies.length > 1 && strategies.length <= MOST_SERIES && points.some(({ windowNs }) => windowNs > 0);
}

/** The picture, in SVG; of the last stage that has results. */
export function renderPareto(document: ResultDocument): string {
  const found = pointsOf(document);
  if (found === undefined) throw new RangeError('a picture of no results: hasPareto says whether there are any');
  const { stage, strategies, points } = found;
  const isUnsafe = points.some((point) => point.isUnsafe);
  const cells = varyingDimensions(points.map(({ cell }) => cell)).filter(({ key }) => key !== 'strategy');
  const each = cells.length === 0 ? '' : `; a point for each ${cells.map(({ label }) => label).join(' and ')}`;
  return svgPage({
    title: titleOf(strategies, points),
    note: `Upwards the longest invalid window, to the right the time of ${stage}, both simulated: the lower left is best${each}`,
    description: points.map((point) => wordsOf(point)).join(' '),
    style: '.mark{stroke:#24292f;stroke-opacity:.5}@media (prefers-color-scheme:dark){.mark{stroke:#e6edf3}}',
    draw: (top) => {
      const named = strategies.map((label, series) => ({
        label: points.some((point) => point.series === series && point.isUnsafe) ? `${label} (unsafe)` : label,
        series,
        isHollow: points.some((point) => point.series === series && point.isUnsafe),
      }));
      const legend = drawLegend(named, top);
      const frame = {
        left: PAGE_MARGIN + AXIS,
        right: PAGE_WIDTH - PAGE_MARGIN - 14,
        top: legend.bottom + 8,
        bottom: legend.bottom + 8 + HEIGHT,
      };
      const up = timeAxis(
        points.map(({ windowNs }) => windowNs),
        frame.bottom,
        frame.top + 8,
        6,
      );
      const along = timeAxis(
        points.map(({ timeNs }) => timeNs),
        frame.left,
        frame.right,
        6,
      );
      const scales = [...(up.isLog ? ['upwards'] : []), ...(along.isLog ? ['to the right'] : [])];
      const scale = scales.length === 0 ? '' : ` (log scale ${scales.join(' and ')})`;
      const hollow = isUnsafe ? '; hollow: unsafe' : '';
      return {
        svg: [
          ...legend.svg,
          ...drawAxes(frame, up.ticks, along.ticks, `time of ${stage}${scale}${hollow}`),
          ...points.map(({ series, timeNs, windowNs, isUnsafe: hollowMark }) =>
            mark(series, along.at(timeNs), up.at(windowNs), hollowMark),
          ),
        ],
        bottom: frame.bottom + 34,
      };
    },
  });
}

function pointsOf(document: ResultDocument): Points | undefined {
  const results = okResults(document);
  const stage = stagesOf(results).at(-1);
  // The two sides of a series are nothing to choose between.
  if (stage === undefined || results.some(({ cell }) => cell.variant !== undefined)) return undefined;
  const strategies = [...new Set(results.map(({ cell }) => cell.strategy))];
  const points = results.flatMap((result): Point[] => {
    const found = result.stages[stage];
    if (found === undefined) return [];
    const { cell, verdict } = result;
    const series = strategies.indexOf(cell.strategy);
    const isUnsafe = verdict?.status === 'unsafe';
    return [{ cell, series, timeNs: found.timeNs, windowNs: found.invalidWindow.longestNs, isUnsafe }];
  });
  return { stage, strategies, points };
}

function wordsOf({ cell, timeNs, windowNs, isUnsafe }: Point): string {
  const window = windowNs === 0 ? 'no window' : `window ${formatTime(windowNs)}`;
  return `${cell.strategy}, ${cell.vcpus} vCPUs, ${cell.history}: time ${formatTime(timeNs)}, ${window}${isUnsafe ? ', unsafe' : ''}.`;
}

/** Which strategies are beaten in no setting, and, where one of those is unsafe, which of the safe ones. */
function titleOf(strategies: readonly string[], points: readonly Point[]): string {
  const isUnsafe = (name: string): boolean => points.some((point) => point.cell.strategy === name && point.isUnsafe);
  const front = unbeaten(strategies, points);
  const unsafe = front.filter(isUnsafe);
  const [only] = front;
  if (front.length === strategies.length && unsafe.length === 0)
    return 'No strategy has both a shorter time and shorter windows than another';
  const first =
    front.length === 1 && only !== undefined
      ? `${only} has the shortest time and the shortest windows`
      : `Nothing beats ${list(front)} in both time and window`;
  if (unsafe.length === 0) return first;
  const said = unsafe.length === front.length ? 'and is unsafe' : `and ${list(unsafe)} is unsafe`;
  const safe = strategies.filter((name) => !isUnsafe(name));
  const best = unbeaten(safe, points);
  if (safe.length === 0) return `${first}, ${said}`;
  if (best.length === safe.length) return `${first}, ${said}; of the safe ones none beats another`;
  return `${first}, ${said}; of the safe ones nothing beats ${list(best)}`;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** Those that no other one beats in any setting. */
function unbeaten(strategies: readonly string[], points: readonly Point[]): string[] {
  const own = points.filter(({ cell }) => strategies.includes(cell.strategy));
  const settings = Map.groupBy(own, ({ cell }) => settingKey(cell));
  const beaten = new Set<string>();
  for (const group of settings.values()) {
    for (const point of group) if (group.some((other) => beats(other, point))) beaten.add(point.cell.strategy);
  }
  return strategies.filter((name) => !beaten.has(name));
}

function beats(a: Point, b: Point): boolean {
  const noWorse = a.timeNs <= b.timeNs * ALIKE && a.windowNs <= b.windowNs * ALIKE;
  return noWorse && (a.timeNs * ALIKE < b.timeNs || a.windowNs * ALIKE < b.windowNs);
}
