import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fitPlainTable, type FitColumn } from './fit.ts';
import { breakLines, displayWidth } from './lines.ts';

const KEY: FitColumn = { label: 'strategy', align: 'left', isKey: true };
const value = (label: string, more: Partial<FitColumn> = {}): FitColumn => ({ label, align: 'right', ...more });
const row = (...texts: string[]): { text: string }[] => texts.map((text) => ({ text }));

describe('a table that fits', () => {
  const columns = [
    KEY,
    value('CREATE'),
    value('ADJUST'),
    value('faults', { dropRank: 1 }),
    value('p99', { dropRank: 2 }),
  ];
  const rows = [row('baseline', '185 ms', '3.15 s', '400', '1.2 ms'), row('mine', '186 ms', '0.31 s', '20', '1 ms')];
  const fit = (width: number): ReturnType<typeof fitPlainTable> =>
    fitPlainTable(columns, rows, { columns: width, color: false });

  it('has every column where there is room', () => {
    expect(fit(80)).toEqual({
      text: [
        'strategy  CREATE  ADJUST  faults     p99',
        '────────────────────────────────────────',
        'baseline  185 ms  3.15 s     400  1.2 ms',
        'mine      186 ms  0.31 s      20    1 ms',
      ].join('\n'),
      dropped: [],
    });
  });

  it('leaves out the highest rank first', () => {
    expect(fit(39).dropped).toEqual(['p99']);
    expect(fit(31).dropped).toEqual(['p99', 'faults']);
  });

  it('goes on below with its keys, and loses no column that has no rank', () => {
    expect(fit(23).text.split('\n\n')).toEqual([
      ['strategy  CREATE', '────────────────', 'baseline  185 ms', 'mine      186 ms'].join('\n'),
      ['strategy  ADJUST', '────────────────', 'baseline  3.15 s', 'mine      0.31 s'].join('\n'),
    ]);
  });

  it('has a heading across its columns, above the rows that follow', () => {
    const { text } = fitPlainTable([KEY], ['mine, with options: safe', row('a')], { columns: 12, color: false });
    expect(text.split('\n')).toEqual(['strategy', '────────', 'mine, with', '    options:', '    safe', 'a']);
  });

  it('is never wider than the terminal, and has every letter of what stays', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '-', ' ', '7', '界'), maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 40, max: 200 }),
        (texts, width) => {
          const three = [KEY, value('one', { breaks: true }), value('two')];
          const found = fitPlainTable(
            three,
            texts.map((each) => row(...each)),
            { columns: width, color: false },
          );
          for (const line of found.text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
          expect(found.dropped).toEqual([]);
          const count = (said: string, letter: string): number => said.split(letter).length - 1;
          // The key may stand in two tables, and the labels have no 7.
          for (const letter of ['7', '界']) {
            const inValues = texts.reduce((sum, [, one, two]) => sum + count(one + two, letter), 0);
            const inKeys = texts.reduce((sum, [key]) => sum + count(key, letter), 0);
            expect([inValues + inKeys, inValues + 2 * inKeys]).toContain(count(found.text, letter));
          }
        },
      ),
    );
  });
});

describe('breakLines', () => {
  it('keeps a number beside its unit, and colours in each line', () => {
    expect(breakLines('it took 12 ms', 10)).toEqual(['it took', '12 ms']);
    expect(breakLines('\u001B[1mone two\u001B[22m', 4)).toEqual(['\u001B[1mone\u001B[22m', '\u001B[1mtwo\u001B[22m']);
  });

  it('counts columns, not letters', () => {
    expect(breakLines('界界界', 4)).toEqual(['界界', '界']);
  });
});

describe('displayWidth', () => {
  it('is what string-width says, whatever a text is made of', () => {
    const unit = fc.oneof(
      fc.constantFrom(
        ' ',
        '~',
        'a',
        'Z',
        '7',
        '#',
        'µ',
        '·',
        '×',
        '–',
        '—',
        '…',
        '\u202F',
        '−',
        '─',
        '│',
        '█',
        '\uFE0F',
        '\u200D',
        '\u0301',
        '界',
        '👍',
        '한',
        '\u00AD',
        '\u001B[1m',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    fc.assert(fc.property(fc.string({ unit }), (text) => displayWidth(text) === stringWidth(text)));
  });
});
