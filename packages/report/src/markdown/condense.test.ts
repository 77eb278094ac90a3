import type { Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';
import { condensed, condensedWhenLong, type SettingTable } from './condense.ts';

function textOf(node: Nodes): string {
  if ('children' in node) return node.children.map(textOf).join('');
  return 'value' in node ? node.value : '';
}

const column = (label: string): { label: string; align: 'left' } => ({ label, align: 'left' });

function tableOf(labels: string, rows: readonly string[], settings: number, ofMeasures = false): SettingTable {
  return {
    settings,
    ofMeasures,
    columns: labels.split(' ').map(column),
    rows: rows.map((row) => row.split(' ').map((value) => [value])),
  };
}

/** Rows of the table with its head, and the line below it. */
function read(content: SettingTable): { readonly rows: readonly string[]; readonly line: string | undefined } {
  const [node, line] = condensed(content);
  if (node?.type !== 'table') throw new Error('no table');
  return {
    rows: node.children.map((row) => row.children.map((cell) => textOf(cell)).join(' ')),
    line: line === undefined ? undefined : textOf(line),
  };
}

describe('a condensed table', () => {
  it('leaves out a setting that changes nothing, and says so', () => {
    const { rows, line } = read(
      tableOf('strategy history time', ['a x 1', 'b x 2', 'a y 1', 'b y 2', 'a z 1', 'b z 2'], 2),
    );
    expect(rows).toEqual(['strategy time', 'a 1', 'b 2']);
    expect(line).toBe('The same for each history: x, y and z.');
  });

  it.each([
    ['where one value differs', ['a x 1', 'b x 2', 'a y 1', 'b y 3']],
    ['where one row is missing, as it may have been another', ['a x 1', 'b x 2', 'a y 1']],
  ])('keeps it %s', (_, rows) => {
    expect(read(tableOf('strategy history time', rows, 2)).rows).toHaveLength(rows.length + 1);
  });

  it('puts into the line what all rows have, settings and measures, in the order of the columns', () => {
    const content = tableOf('strategy granule maps time', ['a 1G 20 1', 'b 1G 20 2', 'c 1G 20 3'], 2, true);
    expect(read(content)).toEqual({
      rows: ['strategy time', 'a 1', 'b 2', 'c 3'],
      line: 'In all rows: granule 1G and maps 20.',
    });
  });

  it('keeps a column of values that happen to be equal where the columns are of one measure', () => {
    expect(read(tableOf('strategy 20 40', ['a 1 2', 'b 1 3', 'c 1 4'], 1)).rows[0]).toBe('strategy 20 40');
  });

  it('keeps a column that says which row it is, and one of values', () => {
    const { rows, line } = read(tableOf('strategy time', ['a 1', 'b 1', 'c 1'], 1, true));
    expect(rows).toEqual(['strategy time', 'a 1', 'b 1', 'c 1']);
    expect(line).toBeUndefined();
    expect(read(tableOf('strategy history time', ['a x 1'], 2)).rows).toEqual(['strategy history time', 'a x 1']);
  });

  it('keeps the last setting that tells rows apart, also where nothing depends on it or the others have gone', () => {
    expect(read(tableOf('strategy time', ['a 1', 'b 1'], 1)).rows).toEqual(['strategy time', 'a 1', 'b 1']);
    // The last setting is the same in all rows and goes; of the two that are left one changes nothing and goes, too.
    const three = ['a x k 1', 'a y k 1', 'b x k 1', 'b y k 1'];
    expect(read(tableOf('strategy history kernel time', three, 3))).toEqual({
      rows: ['strategy time', 'a 1', 'b 1'],
      line: 'In all rows: kernel k. The same for each history: x and y.',
    });
    const wide = three.map((row) => `${row} 2`);
    expect(read(tableOf('strategy history kernel time window', wide, 3)).rows[0]).toBe('strategy time window');
  });

  it('is folded away where it is long even so', () => {
    const rows = Array.from({ length: 20 }, (_, at) => `${String(at)} x ${String(at)}`);
    const both = [...rows, ...rows.map((row) => row.replace('x', 'y'))];
    expect(condensedWhenLong('many', tableOf('strategy history time', both, 2))[0]?.type).toBe('html');
    const few = both.filter((row) => Number(row.split(' ')[0]) < 14);
    expect(condensedWhenLong('few', tableOf('strategy history time', few, 2))[0]?.type).toBe('table');
  });
});
