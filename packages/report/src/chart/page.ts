/** The page that a picture stands on: its title, which says what the picture shows, its card, and its words. */
import { element, escapeXml, text } from './element.ts';
import { STYLE } from './palette.ts';

/** Pixels of all pictures: a phone shows them at two thirds of it, where their letters can still be read. */
export const PAGE_WIDTH = 540;
/** Between the card's edge and what stands on it. */
export const PAGE_MARGIN = 16;

const TITLE_LINE = 21;
const NOTE_LINE = 17;
/** Pixels of a letter, at most: of the title, of a note, of a small one. */
const TITLE_LETTER = 8.9;
const NOTE_LETTER = 6.7;
/** Pixels of a letter of a label. */
export const LABEL_LETTER = 6.7;

const PAGE_STYLE = [
  '.title{font-size:15px;font-weight:600}',
  '.note{font-size:12px;fill:#57606a}',
  '.small{font-size:12px}',
  '.end{text-anchor:end}',
  '.middle{text-anchor:middle}',
  '@media (prefers-color-scheme:dark){.note{fill:#9da7b3}}',
].join('\n');

/** What stands on a page. */
export interface PageContent {
  /** The conclusion, as a sentence without a full stop. */
  readonly title: string;
  /** Below it: what is drawn, in which unit. */
  readonly note: string;
  /** The whole picture in words: all its values. */
  readonly description: string;
  /** Rules of its own, for both colour schemes. */
  readonly style?: string;
  /** Draws below a height; tells how far down it went. */
  readonly draw: (top: number) => { readonly svg: readonly string[]; readonly bottom: number };
}

/** A picture. The same content gives the same bytes. */
export function svgPage({ title, note, description, style = '', draw }: PageContent): string {
  const room = PAGE_WIDTH - 2 * PAGE_MARGIN;
  const titles = wrapWords(title, room / TITLE_LETTER);
  const notes = wrapWords(note, room / NOTE_LETTER);
  let y = PAGE_MARGIN;
  const lines = [
    ...titles.map((line) => text(PAGE_MARGIN, (y += TITLE_LINE) - 6, 'title', line)),
    ...notes.map((line) => text(PAGE_MARGIN, (y += NOTE_LINE) - 4, 'note', line)),
  ];
  const { svg, bottom } = draw(y + 8);
  const height = Math.ceil(bottom + PAGE_MARGIN);
  const parts = [
    element('title', { id: 'title' }, escapeXml(title)),
    element('desc', { id: 'description' }, escapeXml(description)),
    element('style', {}, [STYLE, PAGE_STYLE, style].filter((rules) => rules !== '').join('\n')),
    element('rect', { x: 0.5, y: 0.5, width: PAGE_WIDTH - 1, height: height - 1, rx: 6, class: 'card' }),
    ...lines,
    ...svg,
  ];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${PAGE_WIDTH} ${height}`,
    width: PAGE_WIDTH,
    height,
    role: 'img',
    'aria-labelledby': 'title description',
  };
  return `${element('svg', attributes, '\n', parts.join('\n'), '\n')}\n`;
}

/** Breaks a text between words, and not between a number and its unit. A word that is longer than a line has one for itself. */
export function wrapWords(value: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of value.split(/(?<!\d) | (?!(?:[nmµ]?s|%|[KMGT]iB|vCPUs?)\b|%)/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A text that has room for so many letters: what is too much is cut in its middle, where names differ least. */
export function fit(value: string, letters: number): string {
  if (value.length <= letters) return value;
  const half = Math.max(1, Math.floor((letters - 1) / 2));
  return `${value.slice(0, half)}…${value.slice(-half)}`;
}
