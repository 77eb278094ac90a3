import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitColumns, type TextRow, wrapped } from './fit-columns.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 8 });
const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const row = fc.array(fc.array(text, { maxLength: 3 }), { minLength: 3, maxLength: 3 });

describe('fitColumns', () => {
  it('gives each column its longest text where there is room', () => {
    const rows: TextRow[] = [
      [['a'], ['one two'], []],
      [['b'], ['three'], ['four']],
    ];
    expect(fitColumns(rows, 80)).toEqual([1, 7, 4]);
  });

  it('narrows where it costs the fewest lines', () => {
    // The first column is high, the second low: its text may take a line more without a cost.
    const rows: TextRow[] = [[['alpha beta', 'alpha beta', 'alpha beta'], ['gamma delta']]];
    expect(fitColumns(rows, 19)).toEqual([10, 9]);
  });

  it('is never wider than asked where words are short, and no line is wider than its column', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 36, max: 120 }),
        (rows, available) => {
          const widths = fitColumns(rows, available);
          expect(widths.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(available);
          for (const each of rows) {
            for (const [column, texts] of each.entries()) {
              for (const line of texts.flatMap((one) => wrapped(one, widths[column] ?? 0)))
                expect(line.length).toBeLessThanOrEqual(widths[column] ?? 0);
            }
          }
        },
      ),
    );
  });
});

describe('wrapped', () => {
  it('keeps every word, in order', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (one, width) => {
        expect(
          wrapped(one, width)
            .map((line) => line.trim())
            .join(' '),
        ).toBe(one);
      }),
    );
  });
});
