/** A plot of points: its two axes, and the legend of its series above it. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { formatTime } from '../format/time.ts';
import { element, text } from './element.ts';
import { fit, LABEL_LETTER, PAGE_MARGIN, PAGE_WIDTH } from './page.ts';
import { line, mark } from './series.ts';

const LEGEND_LINE = 21;
const LEGEND_MARK = 30;
/** From so many times on values are not told apart on a linear axis. */
const LOG_FROM = 20;

/** Where a plot stands. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** An axis of times. */
export interface TimeAxis {
  readonly isLog: boolean;
  /** Where a time stands; nothing at all has a place of its own on a logarithm, at its lower end. */
  at(ns: number): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** An axis for times from one end to the other, a logarithm where they differ by much. */
export function timeAxis(values: readonly number[], from: number, to: number, count: number): TimeAxis {
  const above = values.filter((value) => value > 0);
  const most = Math.max(1, ...above);
  const least = above.length === 0 ? most : Math.min(...above);
  if (most < LOG_FROM * least) {
    const scale = scaleLinear().domain([0, most]).nice(count).range([from, to]);
    return { isLog: false, at: scale, ticks: scale.ticks(count).map((ns) => ({ at: scale(ns), label: tick(ns) })) };
  }
  const hasNone = above.length < values.length;
  const low = 10 ** Math.floor(Math.log10(least) - (hasNone ? 1 : 0));
  const high = 10 ** Math.ceil(Math.log10(most));
  const scale = scaleLog().domain([low, high]).range([from, to]);
  const decades = Math.round(Math.log10(high / low));
  const every = Math.max(1, Math.ceil((decades + 1) / (count + 1)));
  const powers = Array.from({ length: decades + 1 }, (_, index) => index).filter((index) => index % every === 0);
  return {
    isLog: true,
    at: (ns) => scale(Math.max(ns, low)),
    ticks: powers.map((index) => {
      const ns = low * 10 ** index;
      return { at: scale(ns), label: hasNone && index === 0 ? 'none' : tick(ns) };
    }),
  };
}

function tick(ns: number): string {
  // Zeros behind the point say nothing on an axis; those before it do.
  return ns === 0
    ? '0'
    : formatTime(ns)
        .replace(/(\.\d*?)0+ /, '$1 ')
        .replace('. ', ' ');
}

/** Lines and labels of the values upwards, and of an axis along the bottom. */
export function drawAxes(
  { left, right, top, bottom }: Frame,
  up: TimeAxis['ticks'],
  along: TimeAxis['ticks'],
  alongLabel: string,
): string[] {
  return [
    ...up.map(
      ({ at, label }) =>
        element('line', { x1: left, x2: right, y1: at, y2: at, class: 'grid' }) + text(left - 6, at + 4, 'tick', label),
    ),
    ...along.map(
      ({ at, label }) =>
        element('line', { x1: at, x2: at, y1: top, y2: bottom, class: 'grid' }) +
        text(at, bottom + 16, 'note middle', label),
    ),
    element('line', { x1: left, x2: right, y1: bottom, y2: bottom, class: 'axis' }),
    text((left + right) / 2, bottom + 33, 'note middle', alongLabel),
  ];
}

/** Names series by their marks and lines. */
export function drawLegend(
  entries: readonly { readonly label: string; readonly series: number; readonly isHollow?: boolean }[],
  top: number,
  hasLines = false,
): { readonly svg: readonly string[]; readonly bottom: number } {
  const room = PAGE_WIDTH - 2 * PAGE_MARGIN;
  const svg: string[] = [];
  let x = PAGE_MARGIN;
  let y = top + 12;
  for (const entry of entries) {
    const label = fit(entry.label, Math.floor((room - LEGEND_MARK) / LABEL_LETTER));
    const width = LEGEND_MARK + label.length * LABEL_LETTER + 10;
    if (x > PAGE_MARGIN && x + width > PAGE_WIDTH - PAGE_MARGIN) {
      x = PAGE_MARGIN;
      y += LEGEND_LINE;
    }
    const through = hasLines
      ? line(entry.series, [
          [x, y - 4],
          [x + 24, y - 4],
        ])
      : '';
    svg.push(through + mark(entry.series, x + 12, y - 4, entry.isHollow) + text(x + LEGEND_MARK, y, 'small', label));
    x += width;
  }
  return { svg, bottom: y + LEGEND_LINE / 2 };
}
