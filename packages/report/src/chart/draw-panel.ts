/** Draws one panel: axis, grid, grouped bars with their values, and the published marks. */
import { scaleBand, scaleLinear, scaleLog } from 'd3-scale';
import { formatSignificant } from '../format/significant.ts';
import { formatTime } from '../format/time.ts';
import { element, text } from './element.ts';
import { fillOf } from './palette.ts';
import type { Bar, Panel } from './panels.ts';

/** Where a panel stands. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The axis that the panels of one measure share. */
export interface Axis {
  readonly kind: 'linear' | 'log';
  /** The largest value, and the smallest above nothing. */
  readonly largestNs: number;
  readonly smallestNs: number;
  readonly unit: string;
  readonly unitNs: number;
}

interface Scale {
  readonly yOf: (ns: number) => number;
  readonly ticks: readonly number[];
}

/** Pixels of a letter of a value or a group, at most. */
const LETTER_WIDTH = 6.5;
/** Stands at the value of an unsafe cell. */
export const UNSAFE_MARK = '!';
const LABEL_HEIGHT = 14;
const MARK_SIZE = 4.5;

/** A panel as SVG. */
export function drawPanel(panel: Panel, series: readonly string[], axis: Axis, frame: Frame): string {
  const scale = scaleOf(axis, frame);
  const bottom = frame.y + frame.height;
  const groups = scaleBand<number>()
    .domain(panel.groups.map((_, index) => index))
    .range([frame.x, frame.x + frame.width])
    .paddingInner(0.12)
    .paddingOuter(0.06);
  const inGroup = scaleBand<number>()
    .domain(series.map((_, at) => at))
    .range([0, groups.bandwidth()])
    .paddingInner(0.15);
  // A group of few bars should not be drawn as slabs.
  const width = Math.min(inGroup.bandwidth(), 90);
  const bars = panel.groups.flatMap((group, index) =>
    group.bars.map((bar) => {
      const left = (groups(index) ?? frame.x) + (inGroup(bar.series) ?? 0);
      return { bar, x: left + (inGroup.bandwidth() - width) / 2 };
    }),
  );
  // Where one value would run into the next, none is written: the description and the tables have them all.
  const room = inGroup.step();
  const hasRoom = bars.every(({ bar }) => valueText(bar, axis).length * LETTER_WIDTH <= room);
  const labelOf = (bar: Bar): string => (hasRoom ? valueText(bar, axis) : bar.unsafe ? UNSAFE_MARK : '');
  return [
    ...scale.ticks.map((ns) => grid(scale.yOf(ns), tickText(ns, axis), frame)),
    ...bars.map(({ bar, x }) => drawBar(bar, { x, width, bottom }, scale, labelOf(bar))),
    ...groupLabels(panel, groups.step(), (index) => (groups(index) ?? frame.x) + groups.bandwidth() / 2, bottom + 18),
    element('line', { x1: frame.x, x2: frame.x + frame.width, y1: bottom, y2: bottom, class: 'axis' }),
  ].join('\n');
}

/** The names of the groups, every second or third where they would run into one another. */
function groupLabels(panel: Panel, step: number, middleOf: (index: number) => number, y: number): readonly string[] {
  const widest = Math.max(0, ...panel.groups.map(({ label }) => label.length)) * LETTER_WIDTH + 8;
  const every = Math.max(1, Math.ceil(widest / step));
  return panel.groups.flatMap(({ label }, index) =>
    index % every === 0 ? [text(middleOf(index), y, 'group', label)] : [],
  );
}

function valueText({ valueNs, unsafe }: Bar, { kind, unitNs }: Axis): string {
  if (valueNs === 0) return 'none';
  const value = kind === 'log' ? formatTime(valueNs) : formatSignificant(valueNs / unitNs);
  return unsafe ? `${value}${UNSAFE_MARK}` : value;
}

function drawBar(
  bar: Bar,
  place: { readonly x: number; readonly width: number; readonly bottom: number },
  scale: Scale,
  label: string,
): string {
  const { x, width, bottom } = place;
  const top = bar.valueNs > 0 ? scale.yOf(bar.valueNs) : bottom;
  const middle = x + width / 2;
  const markY = bar.publishedNs === undefined ? undefined : scale.yOf(bar.publishedNs);
  const highest = Math.min(top, markY === undefined ? top : markY - MARK_SIZE);
  return [
    element('rect', { x, y: top, width, height: bottom - top, fill: fillOf(bar.series), class: 'bar' }),
    ...(markY === undefined ? [] : [diamond(middle, markY)]),
    ...(label === '' ? [] : [text(middle, highest - 4, bar.unsafe ? 'value unsafe' : 'value', label)]),
  ].join('');
}

/** The mark of a published figure, also in the legend. */
export function diamond(x: number, y: number): string {
  const points = [
    [x, y - MARK_SIZE],
    [x + MARK_SIZE, y],
    [x, y + MARK_SIZE],
    [x - MARK_SIZE, y],
  ] as const;
  return element('polygon', {
    points: points
      .map(([px, py]) => `${String(Math.round(px * 100) / 100)},${String(Math.round(py * 100) / 100)}`)
      .join(' '),
    class: 'published',
  });
}

function scaleOf({ kind, largestNs, smallestNs, unitNs }: Axis, frame: Frame): Scale {
  const range = [frame.y + frame.height, frame.y + LABEL_HEIGHT];
  if (kind === 'linear') {
    const scale = scaleLinear()
      .domain([0, Math.max(largestNs, 1) / unitNs])
      .nice(4)
      .range(range);
    return { yOf: (ns) => scale(ns / unitNs), ticks: scale.ticks(4).map((value) => value * unitNs) };
  }
  // Half a decade below the smallest value, so that its bar is seen.
  const low = 10 ** Math.floor(Math.log10(Math.max(smallestNs, 1)) - 0.5);
  const scale = scaleLog()
    .domain([low, Math.max(largestNs, low * 10)])
    .range(range);
  return { yOf: scale, ticks: scale.ticks().filter((ns) => Number.isInteger(Math.round(Math.log10(ns) * 1e6) / 1e6)) };
}

function grid(y: number, label: string, frame: Frame): string {
  return (
    element('line', { x1: frame.x, x2: frame.x + frame.width, y1: y, y2: y, class: 'grid' }) +
    text(frame.x - 6, y + 4, 'tick', label)
  );
}

function tickText(ns: number, { kind, unitNs }: Axis): string {
  // A decade is a whole number of its unit.
  if (kind === 'log') return formatTime(ns).replace(/\.0+ /, ' ');
  const value = ns / unitNs;
  return String(Number(value.toPrecision(6)));
}
