/** How strategies are told apart in a picture of points and lines: by colour, by shape and by dash, never by one alone. */
import { element } from './element.ts';
import { SERIES_COLOURS } from './palette.ts';

const SIZE = 5;
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '4 2'];

type Corner = readonly [number, number];

/** Corners, in units of a mark's size; the first is a circle. */
const SHAPES: readonly (readonly Corner[])[] = [
  [],
  [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  [
    [0, -1.2],
    [1.1, 0.9],
    [-1.1, 0.9],
  ],
  [
    [0, -1.3],
    [1.3, 0],
    [0, 1.3],
    [-1.3, 0],
  ],
  [
    [-1.1, -0.9],
    [1.1, -0.9],
    [0, 1.2],
  ],
  [
    [-0.4, -1.2],
    [0.4, -1.2],
    [0.4, -0.4],
    [1.2, -0.4],
    [1.2, 0.4],
    [0.4, 0.4],
    [0.4, 1.2],
    [-0.4, 1.2],
    [-0.4, 0.4],
    [-1.2, 0.4],
    [-1.2, -0.4],
    [-0.4, -0.4],
  ],
];

/** Series that no two of which look alike: colours and shapes come together anew only after so many. */
export const MOST_SERIES = 24;

function colourOf(series: number): string {
  return SERIES_COLOURS[series % SERIES_COLOURS.length] ?? '';
}

/** The mark of a series; hollow where what it stands for is unsafe. */
export function mark(series: number, x: number, y: number, isHollow = false): string {
  const paint = isHollow
    ? { fill: 'none', stroke: colourOf(series), 'stroke-width': 2 }
    : { fill: colourOf(series), class: 'mark' };
  const corners = SHAPES[series % SHAPES.length] ?? [];
  if (corners.length === 0) return element('circle', { cx: x, cy: y, r: SIZE, ...paint });
  const points = corners.map(([dx, dy]) => `${hundredth(x + dx * SIZE)},${hundredth(y + dy * SIZE)}`);
  return element('polygon', { points: points.join(' '), ...paint });
}

/** A line through the points of a series. */
export function line(series: number, points: readonly (readonly [number, number])[]): string {
  if (points.length < 2) return '';
  const dash = DASHES[series % DASHES.length] ?? '';
  return element('polyline', {
    points: points.map(([x, y]) => `${hundredth(x)},${hundredth(y)}`).join(' '),
    fill: 'none',
    stroke: colourOf(series),
    'stroke-width': 1.75,
    ...(dash !== '' && { 'stroke-dasharray': dash }),
  });
}

function hundredth(value: number): string {
  return String(Math.round(value * 100) / 100);
}
