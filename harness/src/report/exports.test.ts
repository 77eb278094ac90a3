import type { ResultDocument } from '@s2bench/report/schema';
import { describe, expect, it } from 'vitest';
import { fakeDocument } from '../../test/fixtures/fake-document.ts';
import { exportResult } from './exports.ts';

/** A cell that is well, one that is unsafe, one skipped, one failed. */
function mixed(): ResultDocument {
  const document = fakeDocument([1, 2, 1, 1]);
  const [first, second, third, fourth] = document.cells;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined)
    throw new Error('four cells');
  return {
    ...document,
    cells: [
      first,
      { ...second, verdict: { status: 'unsafe', rule: 'no-stale' } },
      { cell: third.cell, status: 'skipped', reason: 'no #1 block' },
      { cell: fourth.cell, status: 'failed', reason: 'it throws,\n"so"' },
    ],
  };
}

describe('exportResult', () => {
  it('as CSV has a row for each stage, with the same columns', () => {
    const [head = '', ...rows] = exportResult(mixed(), 'csv').trimEnd().split('\n');
    const columns = head.split(',');
    for (const name of ['strategy', 'vcpus', 'stage', 'timeNs', 'invalidWindow.longestNs', 'reason'])
      expect(columns).toContain(name);
    const at = (row: string | undefined, name: string) => row?.split(',')[columns.indexOf(name)];
    expect(rows.slice(0, 3).map((row) => at(row, 'status'))).toEqual(['ok', 'ok', 'skipped']);
    expect(rows.slice(0, 2).map((row) => at(row, 'timeNs'))).toEqual(['1000', '2000']);
    expect(rows.slice(3).join('\n')).toContain('"it throws,\n""so"""');
  });

  it('as KTAP has a test for each cell', () => {
    const lines = exportResult(mixed(), 'ktap').split('\n');
    expect(lines.slice(0, 2)).toEqual(['KTAP version 1', '1..4']);
    expect(lines[2]).toMatch(/^ok 1 strategy=\S+ vcpus=1 [^#]*$/);
    expect(lines[3]).toMatch(/^not ok 2 [^#]*# unsafe: breaks no-stale$/);
    expect(lines[4]).toMatch(/^ok 3 [^#]* # SKIP no 1 block$/);
    expect(lines[5]).toMatch(/^not ok 4 [^#]* # ERROR it throws, "so"$/);
    expect(lines.slice(6)).toEqual(['']);
  });
});
