/**
 * Draws one panel: a line for each bar, with whose it is before it and its value behind it. So no letter need be smaller
 * than those of the text around it, and none runs into another, however many there are.
 */
import { scaleLinear, scaleLog } from 'd3-scale';
import { formatTime } from '../format/time.ts';
import { element, text } from './element.ts';
import { fit, LABEL_LETTER, PAGE_MARGIN, PAGE_WIDTH } from './page.ts';
import { fillOf } from './palette.ts';
import type { Bar, Panel } from './panels.ts';

/** The axis that the panels of one measure share. */
export interface Axis {
  readonly kind: 'linear' | 'log';
  /** The largest value, and the smallest above nothing. */
  readonly largestNs: number;
  readonly smallestNs: number;
}

const LINE = 17;
const BAR_HEIGHT = 11;
const GAP = 8;
const MARK_SIZE = 4.5;
/** Letters of a name that is written in full; bars need the rest. */
const MOST_LETTERS = 38;

/** What was drawn, and how far down it went. */
interface Drawing {
  readonly svg: readonly string[];
  readonly bottom: number;
}

/** A panel as SVG. */
export function drawPanel(panel: Panel, series: readonly string[], axis: Axis, top: number): Drawing {
  const bars = panel.groups.flatMap((group) => group.bars);
  const names = Math.min(MOST_LETTERS, Math.max(0, ...bars.map((bar) => (series[bar.series] ?? '').length)));
  const values = Math.max(...bars.map((bar) => valueText(bar).length));
  const left = PAGE_MARGIN + names * LABEL_LETTER + GAP;
  const lengthOf = lengths(axis, PAGE_WIDTH - PAGE_MARGIN - values * LABEL_LETTER - GAP - left);
  const svg: string[] = [];
  let y = top;
  for (const { label, bars: ofGroup } of panel.groups) {
    svg.push(text(PAGE_MARGIN, (y += LINE) - 4, 'note', label));
    for (const bar of ofGroup) {
      const name = fit(series[bar.series] ?? '', MOST_LETTERS);
      const length = lengthOf(bar.valueNs);
      const markAt = bar.publishedNs === undefined ? 0 : lengthOf(bar.publishedNs) + MARK_SIZE;
      y += LINE;
      svg.push(
        [
          text(PAGE_MARGIN, y - 4, 'name', name),
          element('rect', {
            x: left,
            y: y - BAR_HEIGHT - 2,
            width: length,
            height: BAR_HEIGHT,
            fill: fillOf(bar.series),
            class: 'bar',
          }),
          ...(bar.publishedNs === undefined ? [] : [diamond(left + lengthOf(bar.publishedNs), y - 2 - BAR_HEIGHT / 2)]),
          text(left + Math.max(length, markAt) + GAP / 2, y - 4, bar.unsafe ? 'value unsafe' : 'value', valueText(bar)),
        ].join(''),
      );
    }
  }
  return { svg, bottom: y };
}

function valueText({ valueNs, unsafe }: Bar): string {
  return `${valueNs === 0 ? 'none' : formatTime(valueNs)}${unsafe ? ', unsafe' : ''}`;
}

/** The mark of a published figure. */
function diamond(x: number, y: number): string {
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

/** How long a bar is. Nothing has no length, also where the smallest value has some. */
function lengths({ kind, largestNs, smallestNs }: Axis, width: number): (ns: number) => number {
  if (kind === 'linear') return scaleLinear().domain([0, largestNs]).range([0, width]);
  // Half a decade below the smallest value, so that its bar is seen.
  const low = 10 ** Math.floor(Math.log10(Math.max(smallestNs, 1)) - 0.5);
  const scale = scaleLog()
    .domain([low, Math.max(largestNs, low * 10)])
    .range([0, width]);
  return (ns) => (ns <= 0 ? 0 : scale(ns));
}
