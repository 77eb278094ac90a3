/** What a timeline tells apart, and how: a colour for each, and its name in the legend and, where there is room, in the lane. */

/** How a kind of segment is named. */
interface Kind {
  readonly legend: string;
  /** In the lane; empty where the lane's own name says it. */
  readonly word: string;
  readonly light: string;
  readonly dark: string;
}

const WHITE = '#ffffff';
const BLACK = '#000000';

/** In the order of the legend. */
export const KINDS: Readonly<Record<string, Kind>> = {
  guest: { legend: 'in the guest', word: 'guest', light: '#d0e8d8', dark: '#24503a' },
  host: { legend: 'in the host', word: 'host', light: '#9ec9e8', dark: '#2b5f85' },
  waiting: { legend: 'waits for mmu_lock', word: 'waits', light: '#f2b84b', dark: '#b57800' },
  locked: { legend: 'in mmu_lock', word: 'in the lock', light: '#0b5394', dark: '#5aa7e0' },
  lockedOther: { legend: 'others in mmu_lock', word: '', light: '#7f7f7f', dark: '#a8a8a8' },
  table: { legend: 'table', word: 'table', light: '#c9ced4', dark: '#4a525b' },
  invalid: { legend: 'invalid: out of reach', word: 'out of reach', light: '#b3261e', dark: '#e5534b' },
  block: { legend: 'block', word: 'block', light: '#1b7f4b', dark: '#35a56a' },
  walk: { legend: 'walks, stores', word: 'walk', light: '#bfb3d9', dark: '#5b4d80' },
  tlbi: { legend: 'TLBI', word: 'TLBI', light: '#7b3294', dark: '#c58adb' },
  clean: { legend: 'cleans', word: 'cleans', light: '#e7c3a0', dark: '#8a5a2b' },
  tables: { legend: 'frees or makes tables', word: 'frees tables', light: '#8c6d31', dark: '#c9a95c' },
};

/** Whether black or white is read better on a colour, by the weights that eyes have. */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? BLACK : WHITE;
}

const rules = (scheme: 'light' | 'dark'): string =>
  Object.entries(KINDS)
    .map(([name, kind]) => `.${name}{fill:${kind[scheme]}}.on-${name}{fill:${inkOn(kind[scheme])}}`)
    .join('\n');

/** The style, for both colour schemes. */
export const TIMELINE_STYLE = `${rules('light')}\n@media (prefers-color-scheme:dark){${rules('dark')}}`;
