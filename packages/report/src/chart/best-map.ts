/** Which safe strategy is the fastest in each setting of a matrix, and how many times as fast as its first strategy. */
import { varyingDimensions } from '../cells.ts';
import { bestSentence, rankingOf, times } from '../findings/best.ts';
import { formatBytes } from '../format/bytes.ts';
import type { RankedSetting, Ranking } from '../rank/document.ts';
import type { Cell, ResultDocument } from '../schema.ts';
import { colourField, type ColourSteps, FIELD_HEIGHT, FIELD_STYLE } from './colour-field.ts';
import { text } from './element.ts';
import { fit, LABEL_LETTER, PAGE_MARGIN, PAGE_WIDTH, svgPage } from './page.ts';

const LABELS = 220;
const HEADING = 40;
/** Columns that have room for a name. */
const MOST_COLUMNS = 6;
/** Steps of colour from no gain to the largest, of ColorBrewer's YlGn, light to dark. */
const STEPS: ColourSteps = ['#ffffe5', '#f7fcb9', '#d9f0a3', '#addd8e', '#78c679', '#41ab5d', '#238443', '#005a32'];

interface BestMap {
  readonly ranking: Ranking;
  readonly columns: readonly string[];
  /** Each with its settings by column. */
  readonly rows: readonly (readonly [string, ReadonlyMap<string, RankedSetting>])[];
}

/** Whether a document has enough settings to be drawn, and what is safe in them. */
export function hasBestMap(document: ResultDocument): boolean {
  return mapOf(document) !== undefined;
}

/** The picture, in SVG: block sizes to the right, all else downwards. Its title is the answer. */
export function renderBestMap(document: ResultDocument): string {
  const found = mapOf(document);
  if (found === undefined) throw new RangeError('a picture of no ranking: hasBestMap says whether there is one');
  const { ranking, columns, rows } = found;
  const largest = Math.max(...ranking.settings.map(gainIn));
  const width = (PAGE_WIDTH - 2 * PAGE_MARGIN - LABELS) / columns.length;
  const left = PAGE_MARGIN + LABELS;
  return svgPage({
    title: bestSentence(ranking),
    note: `The fastest safe strategy of each setting by ${ranking.stage}, and how many times as fast as ${ranking.reference} it is; "all": none is faster than another`,
    description: rows
      .map(
        ([label, own]) =>
          `${label}: ${[...own].map(([column, setting]) => `${column} ${winnerOf(setting)} ${gainText(setting)}`).join('; ')}.`,
      )
      .join(' '),
    style: FIELD_STYLE,
    draw: (top) => {
      const svg: string[] = [];
      for (const [at, column] of columns.entries())
        svg.push(text(left + (at + 0.5) * width, top + 16, 'note middle', column));
      let y = top + HEADING - 14;
      for (const [label, own] of rows) {
        svg.push(text(left - 6, y + 17, 'tick', fit(label, Math.floor(LABELS / LABEL_LETTER))));
        for (const [at, column] of columns.entries()) {
          const setting = own.get(column);
          if (setting !== undefined) svg.push(...cellOf(setting, left + at * width, y, width, largest));
        }
        y += FIELD_HEIGHT;
      }
      return { svg, bottom: y };
    },
  });
}

function cellOf(setting: RankedSetting, x: number, y: number, width: number, largest: number): readonly string[] {
  const share = largest <= 1 ? 0 : Math.log(Math.max(1, gainIn(setting))) / Math.log(largest);
  const gain = gainText(setting);
  const letters = Math.floor(width / LABEL_LETTER);
  return colourField(STEPS, share, { x, y, width }, `${fit(winnerOf(setting), letters - gain.length - 1)} ${gain}`);
}

function mapOf(document: ResultDocument): BestMap | undefined {
  const ranking = rankingOf(document);
  if (ranking === undefined) return undefined;
  const cells = ranking.settings.map(({ setting }): Cell => ({ ...setting, strategy: '' }));
  const varying = varyingDimensions(cells);
  const isBlock = (key: keyof Cell): boolean => key === 'granuleBytes' || key === 'pageSizeBytes';
  // Machine, kernel model and history first: they are what splits the picture.
  const down = varying.filter(({ key }) => !isBlock(key)).toReversed();
  const hasPages = varying.some(({ key }) => key === 'pageSizeBytes');
  const columnOf = ({ setting: { granuleBytes, pageSizeBytes } }: RankedSetting): string =>
    hasPages ? `${formatBytes(granuleBytes)} of ${formatBytes(pageSizeBytes)}` : formatBytes(granuleBytes);
  const rowOf = ({ setting }: RankedSetting): string =>
    down.map((dimension) => dimension.describe({ ...setting, strategy: '' }).replace(/^profile /, '')).join(', ');
  const sorted = ranking.settings.toSorted((a, b) => a.setting.granuleBytes - b.setting.granuleBytes);
  const columns = [...new Set(sorted.map(columnOf))];
  if (columns.length > MOST_COLUMNS) return undefined;
  const rows = [...Map.groupBy(ranking.settings, rowOf)].map(
    ([label, own]) => [label, new Map(own.map((setting) => [columnOf(setting), setting]))] as const,
  );
  return { ranking, columns, rows };
}

/** Whose gain it is: several that take the same time are one winner, and all are none. */
function winnerOf({ ranked }: RankedSetting): string {
  const [best] = ranked;
  if (best === undefined) return 'none';
  const first = ranked.filter(({ timeNs }) => timeNs === best.timeNs);
  return first.length === ranked.length ? 'all' : best.strategy;
}

function gainIn({ ranked }: RankedSetting): number {
  return ranked[0]?.speedup ?? 1;
}

function gainText(setting: RankedSetting): string {
  return `${times(gainIn(setting))}×`;
}
