import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell } from '../../test/thread-fixture.ts';
import { compareResults } from './compare.ts';
import type { ResultComparison } from './compare.ts';
import { renderSeveralComparisons } from './several.ts';
import { parseThreshold } from './threshold.ts';

const base = { name: 'a.json', document: documentOf([okResult(threadCell())]) };
const beside = (...failOn: string[]): readonly ResultComparison[] =>
  ['install-first-uniform-cmo', 'baseline', 'install-first-no-cmo'].map((strategy, at) =>
    compareResults(
      base,
      { name: `${String(at)}.json`, document: documentOf([okResult(threadCell({ strategy }))]) },
      failOn.map(parseThreshold),
    ),
  );

describe('more than two results', () => {
  const rowsOf = (text: string, name: string): readonly string[] =>
    text.split('\n').filter((line) => line.includes(`${name}  `));

  it('stand in one table, each with its own change, and with = where there is none', () => {
    const text = renderSeveralComparisons(beside(), { columns: 160, color: false });
    expect(text.split('\n')[0]).toMatch(/^Better: ADJUST invalid window 130 ms → 129 ms, 0\.69 % shorter/);
    const [row, ...others] = rowsOf(text, 'ADJUST invalid window');
    expect(others).toEqual([]);
    expect(row).toMatch(/ 130 ms +129 ms \(−0\.69 %, better\) +=  +2\.40 µs \(54\u202F000× shorter, better\)$/);
  });

  it('stand one after another where one table is wider than the terminal, or a condition is met', () => {
    expect(
      rowsOf(renderSeveralComparisons(beside(), { columns: 90, color: false }), 'ADJUST invalid window'),
    ).toHaveLength(2);
    const failing = renderSeveralComparisons(beside('*.timeNs>1ms'), { columns: 160, color: false });
    expect(failing.match(/^failed: /gm)).toHaveLength(3);
    expect(failing).toMatch(/ fails$/m);
  });
});
