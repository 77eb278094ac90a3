/** A result document as a picture. */
import type { OkResult, ResultDocument, StageName } from '../schema.ts';
import { UNSAFE_MARK, diamond, drawPanel } from './draw-panel.ts';
import type { Axis } from './draw-panel.ts';
import { element, escapeXml, text } from './element.ts';
import { describeChart } from './describe.ts';
import { fillOf, hatchesFor, STYLE } from './palette.ts';
import { panelsOf } from './panels.ts';
import type { PanelSet } from './panels.ts';

const WIDTH = 800;
const MARGIN = 16;
const AXIS_WIDTH = 52;
const PANEL_HEIGHT = 150;
const HEADING_HEIGHT = 34;
const GROUP_LABEL_HEIGHT = 34;
const LEGEND_LINE = 20;

/** A height in the picture, and what is drawn there. */
interface Block {
  readonly height: number;
  readonly draw: (y: number) => string;
}

/**
 * A picture in SVG: the simulated time of the last stage per strategy and vCPU count, published medians as marks, and
 * below it the longest invalid window. The same document gives the same bytes.
 */
export function renderChart(document: ResultDocument): string {
  const times = panelsOf(document, timeOf);
  const windows = panelsOf(document, windowOf);
  const blocks =
    times === undefined || windows === undefined
      ? [note('No cell was simulated: there is nothing to draw.')]
      : [
          ...legend(document, times),
          ...measureBlocks(times, 'linear', (setting) => `${times.stage}, simulated time in UNIT${setting}`),
          ...measureBlocks(windows, 'log', (setting) => `Longest invalid window, log scale${setting}`),
        ];
  let y = MARGIN;
  const drawn: string[] = [];
  const hatches = hatchesFor(times?.series.length ?? 0);
  if (hatches !== '') drawn.push(hatches);
  for (const block of blocks) {
    drawn.push(block.draw(y));
    y += block.height;
  }
  const height = y + MARGIN / 2;
  const title = `${document.title ?? document.preset ?? 'Stage-2 block mappings'}: simulated time and invalid window`;
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${String(WIDTH)} ${String(height)}`,
      width: WIDTH,
      height,
      role: 'img',
      'aria-labelledby': 'title description',
    },
    '\n',
    element('title', { id: 'title' }, escapeXml(title)),
    '\n',
    element('desc', { id: 'description' }, escapeXml(describeChart(times, windows))),
    '\n',
    element('style', {}, STYLE),
    '\n',
    element('rect', { x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 6, class: 'card' }),
    '\n',
    drawn.join('\n'),
    '\n',
  )}\n`;
}

function timeOf(result: OkResult, stage: StageName): number {
  return result.stages[stage]?.timeNs ?? 0;
}

function windowOf(result: OkResult, stage: StageName): number {
  return result.stages[stage]?.invalidWindow.longestNs ?? 0;
}

function measureBlocks(set: PanelSet, kind: Axis['kind'], headingOf: (setting: string) => string): readonly Block[] {
  const axis = axisOf(set, kind);
  const drawn = kind === 'log' ? withoutPublished(set) : set;
  return drawn.panels.map((panel): Block => {
    const heading = headingOf(panel.label === '' ? '' : `: ${panel.label}`).replace('UNIT', axis.unit);
    return {
      height: HEADING_HEIGHT + PANEL_HEIGHT + GROUP_LABEL_HEIGHT,
      draw: (y) =>
        [
          text(MARGIN, y + 22, 'heading', heading),
          drawPanel(panel, drawn.series, axis, {
            x: MARGIN + AXIS_WIDTH,
            y: y + HEADING_HEIGHT,
            width: WIDTH - 2 * MARGIN - AXIS_WIDTH,
            height: PANEL_HEIGHT,
          }),
        ].join('\n'),
    };
  });
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

function axisOf(set: PanelSet, kind: Axis['kind']): Axis {
  const bars = set.panels.flatMap(({ groups }) => groups.flatMap((group) => group.bars));
  const values = bars.flatMap((bar) => [bar.valueNs, ...(kind === 'linear' ? [bar.publishedNs ?? 0] : [])]);
  const above = values.filter((value) => value > 0);
  const largestNs = Math.max(0, ...above);
  const smallestNs = above.length === 0 ? 1 : Math.min(...above);
  const units = [
    ['s', 1e9],
    ['ms', 1e6],
    ['µs', 1e3],
    ['ns', 1],
  ] as const;
  const [unit, unitNs] = units.find(([, ns]) => largestNs >= ns) ?? units[3];
  return { kind, largestNs, smallestNs, unit, unitNs };
}

function legend(document: ResultDocument, set: PanelSet): readonly Block[] {
  const unsafe = document.cells.some(({ verdict }) => verdict?.status === 'unsafe');
  const published = set.panels.some(({ groups }) =>
    groups.some(({ bars }) => bars.some((bar) => bar.publishedNs !== undefined)),
  );
  const entries = [
    ...set.series.map((name, index) => ({
      label: name,
      sign: (x: number, y: number) =>
        element('rect', {
          x,
          y: y - 10,
          width: 12,
          height: 12,
          fill: fillOf(index),
          class: 'bar',
        }),
    })),
    ...(published ? [{ label: 'published median', sign: (x: number, y: number) => diamond(x + 6, y - 4) }] : []),
    ...(unsafe
      ? [{ label: 'unsafe', sign: (x: number, y: number) => text(x + 6, y, 'value unsafe', UNSAFE_MARK) }]
      : []),
  ];
  const lines: { readonly drawn: ((y: number) => string)[]; end: number }[] = [];
  for (const { label, sign } of entries) {
    // About 7 pixels for each letter of the legend's font.
    const width = 18 + label.length * 7 + 16;
    let line = lines.at(-1);
    if (line === undefined || line.end + width > WIDTH - MARGIN) {
      line = { drawn: [], end: MARGIN };
      lines.push(line);
    }
    const x = line.end;
    line.drawn.push((y) => sign(x, y) + text(x + 18, y, 'legend', label));
    line.end += width;
  }
  const order = set.series.length > 1 ? [note('Bars from left to right in the order of the legend.')] : [];
  const more = set.omitted > 0 ? [note(`${String(set.omitted)} more settings are in the report's tables.`)] : [];
  return [
    ...lines.map((line): Block => ({
      height: LEGEND_LINE,
      draw: (y) => line.drawn.map((draw) => draw(y + 12)).join('\n'),
    })),
    ...order,
    ...more,
  ];
}

function note(value: string): Block {
  return { height: LEGEND_LINE, draw: (y) => text(MARGIN, y + 12, 'note', value) };
}
