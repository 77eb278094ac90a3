import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { okResults } from './cells.ts';
import { parseResultDocument } from './parse.ts';
import { pivot } from './pivot.ts';
import type { OkResult } from './schema.ts';

const REPORT = new URL('../../../reports/thread-2021/results.json', import.meta.url);

/** How often a field of a cell is looked at while a table of so many rows is arranged. */
function looksFor(rows: number): number {
  const [one] = okResults(parseResultDocument(readFileSync(REPORT, 'utf8'), 'results.json'));
  if (one === undefined) throw new Error('the report has no cell');
  let looks = 0;
  const watched = (nth: number): OkResult => ({
    ...one,
    cell: new Proxy(
      { ...one.cell, vcpus: 1 + (nth % 4), seed: nth },
      {
        get: (cell, key) => {
          looks++;
          return Reflect.get(cell, key) as unknown;
        },
      },
    ),
  });
  const { rows: made } = pivot(
    Array.from({ length: rows }, (_, nth) => watched(nth)),
    'vcpus',
  );
  expect(made).toHaveLength(rows);
  return looks;
}

it('takes twice as long for twice as many cells, and not four times', () => {
  expect(looksFor(400) / looksFor(200)).toBeLessThan(2.2);
});
