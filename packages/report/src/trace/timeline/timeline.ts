/** The timeline of one coalesce as a picture: a strip for each strategy, all on one clock that begins with the fault. */
import { element, text } from '../../chart/element.ts';
import { fit, LABEL_LETTER, PAGE_MARGIN, PAGE_WIDTH, svgPage } from '../../chart/page.ts';
import { varyingDimensions } from '../../cells.ts';
import { formatFactor } from '../../format/factor.ts';
import { formatTime } from '../../format/time.ts';
import type { Trace, TraceDocument } from '../schema.ts';
import { clockOf, type PictureClock } from './clock.ts';
import { describeTimeline, longestWindowNs, othersStallNs } from './describe.ts';
import { KINDS, TIMELINE_STYLE } from './kinds.ts';
import { type Lane, lanesOf } from './strips.ts';

const LABELS = 74;
const LANE_GAP = 3;
const HEADING = 24;
const STRIP_GAP = 12;
const AXIS = 24;
const LEGEND_LINE = 20;

/** The picture, in SVG. The same document gives the same bytes. */
export function renderTimeline({ traces }: TraceDocument): string {
  const clock = clockOf(traces, PAGE_MARGIN + LABELS, PAGE_WIDTH - PAGE_MARGIN);
  const strips = traces.map((trace) => ({ trace, lanes: lanesOf(trace, clock) }));
  return svgPage({
    title: titleOf(traces),
    note: `One fault of each, and all whom it keeps waiting, in simulated time from the fault on${clock.isLog ? ', log scale' : ''}${settingOf(traces)}`,
    description: describeTimeline(traces),
    style: TIMELINE_STYLE,
    draw: (top) => {
      const legend = drawLegend(
        strips.flatMap(({ lanes }) => lanes),
        top,
      );
      let y = legend.bottom;
      const svg = [...legend.svg];
      for (const { trace, lanes } of strips) {
        const strip = drawStrip(trace, lanes, headingOf(trace, traces), y);
        svg.push(...strip.svg);
        y = strip.bottom + STRIP_GAP;
      }
      const bottom = y - STRIP_GAP;
      return { svg: [...drawAxis(clock, legend.bottom + HEADING, bottom), ...svg], bottom: bottom + AXIS };
    },
  });
}

/** Which strategy gives the pages back first and which last, and how far these are apart. */
function titleOf(traces: readonly Trace[]): string {
  const lengths = traces.map((trace) => ({ name: trace.cell.strategy, ns: longestWindowNs(trace) }));
  const sorted = lengths.toSorted((a, b) => a.ns - b.ns);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return 'No cell was traced';
  if (most.ns === 0) return 'Nothing is out of reach in any of these faults';
  if (least === most) return `${least.name} has pages out of reach for ${formatTime(least.ns)}`;
  if (least.name === most.name)
    return `${least.name} has pages out of reach for ${formatTime(least.ns)} to ${formatTime(most.ns)}`;
  if (least.ns === 0)
    return `Nothing is out of reach with ${least.name}; with ${most.name} pages are for ${formatTime(most.ns)}`;
  const factor = most.ns / least.ns;
  if (factor < 1.05) return `With all of them pages are out of reach for ${formatTime(most.ns)}`;
  return `Pages are out of reach ${formatFactor(factor)}× longer with ${most.name} than with ${least.name}`;
}

/** What holds for all of them; it stands in no heading. */
function settingOf(traces: readonly Trace[]): string {
  const [first] = traces;
  if (first === undefined) return '';
  const vcpus = new Set(traces.map(({ cell }) => cell.vcpus)).size === 1 ? `, ${first.cell.vcpus} vCPUs` : '';
  const histories = new Set(traces.map(({ cell }) => cell.history)).size === 1 ? `, ${first.cell.history}` : '';
  return `; ${first.stage}${vcpus}${histories}`;
}

function headingOf({ cell }: Trace, traces: readonly Trace[]): string {
  const varying = varyingDimensions(traces.map((trace) => trace.cell)).filter(({ key }) => key !== 'strategy');
  return [cell.strategy, ...varying.map((dimension) => dimension.describe(cell))].join(', ');
}

function drawStrip(trace: Trace, lanes: readonly Lane[], name: string, top: number): { svg: string[]; bottom: number } {
  const window = longestWindowNs(trace);
  const stall = othersStallNs(trace);
  const facts = [
    window === 0 ? 'nothing out of reach' : `out of reach ${formatTime(window)}`,
    ...(stall === undefined ? [] : [`others stall up to ${formatTime(stall)}`]),
  ].join('; ');
  const nameRoom = (PAGE_WIDTH - 2 * PAGE_MARGIN - facts.length * LABEL_LETTER) / 7.6;
  const svg = [
    text(PAGE_MARGIN, top + 17, 'heading', fit(name, Math.floor(nameRoom))),
    text(PAGE_WIDTH - PAGE_MARGIN, top + 17, 'small end', facts),
  ];
  let y = top + HEADING;
  for (const { label, height, segments } of lanes) {
    svg.push(text(PAGE_MARGIN, y + height / 2 + 4, 'small', label));
    const rects = segments.map(({ x, width, kind, from, to }) =>
      element('rect', { x, y: y + height * (1 - to), width, height: height * (to - from), class: kind }),
    );
    const words = segments.flatMap(({ x, width, kind, from, to }) => {
      const word = KINDS[kind]?.word ?? '';
      const hasRoom = word !== '' && width > word.length * LABEL_LETTER + 8 && (to - from) * height > 12;
      const middle = y + height * (1 - (from + to) / 2);
      return hasRoom ? [text(x + width / 2, middle + 4, `small middle on-${kind}`, word)] : [];
    });
    svg.push(rects.join('') + words.join(''));
    y += height + LANE_GAP;
  }
  return { svg, bottom: y };
}

function drawAxis(clock: PictureClock, top: number, bottom: number): string[] {
  return clock.ticks.map(
    ({ x, label }) =>
      element('line', { x1: x, x2: x, y1: top, y2: bottom, class: 'grid' }) +
      text(Math.min(x, PAGE_WIDTH - PAGE_MARGIN - 18), bottom + 16, 'note middle', label),
  );
}

/** Names what is drawn, in the order of the lanes; each name once. */
function drawLegend(lanes: readonly Lane[], top: number): { svg: string[]; bottom: number } {
  const drawn = new Set(lanes.flatMap(({ segments }) => segments.map(({ kind }) => kind)));
  const svg: string[] = [];
  let x = PAGE_MARGIN;
  let y = top;
  for (const [kind, { legend }] of Object.entries(KINDS)) {
    if (!drawn.has(kind)) continue;
    const width = 18 + legend.length * LABEL_LETTER + 12;
    if (x + width > PAGE_WIDTH - PAGE_MARGIN && x > PAGE_MARGIN) {
      x = PAGE_MARGIN;
      y += LEGEND_LINE;
    }
    svg.push(
      element('rect', { x, y: y + 2, width: 12, height: 12, class: kind }) + text(x + 17, y + 12, 'small', legend),
    );
    x += width;
  }
  return { svg, bottom: y + LEGEND_LINE };
}
