import { describe, expect, it } from 'vitest';
import { okResult, STRATEGIES, threadCells, threadDocument } from '../../test/thread-fixture.ts';
import { documentsByStrategy } from './across.ts';
import { compareResults } from './compare.ts';

const named = { name: 'runs/a.json', document: threadDocument() };

describe('documentsByStrategy', () => {
  it('has every cell in one of its documents, with the note of its strategy alone', () => {
    const documents = documentsByStrategy(named);
    expect([...documents.keys()]).toEqual(STRATEGIES);
    expect([...documents.values()].flatMap(({ document }) => document.cells)).toHaveLength(threadCells().length);
    for (const [strategy, { document }] of documents) {
      expect(document.strategies.map(({ name }) => name)).toEqual([strategy]);
      expect(document.cells.every(({ cell }) => cell.strategy === strategy)).toBe(true);
    }
  });

  it('gives what compares cell by cell, by the names of the strategies', () => {
    const [first, other] = [...documentsByStrategy(named).values()];
    if (first === undefined || other === undefined) throw new Error('the fixture has two strategies');
    const result = compareResults(first, other);
    expect([result.baseTitle, result.headTitle]).toEqual([STRATEGIES[0], STRATEGIES[1]]);
    expect([result.onlyBase, result.onlyHead]).toEqual([[], []]);
    expect(result.changed.length + result.unchangedCells).toBe(threadCells().length / STRATEGIES.length);
    for (const { before, cell, metrics } of result.changed) {
      expect({ ...cell, strategy: before.strategy }).toEqual(before);
      const time = metrics.find(({ stage, metric }) => stage === 'ADJUST' && metric.name === 'timeNs');
      if (time !== undefined)
        expect([time.from, time.to]).toEqual([before, cell].map((one) => okResult(one).stages['ADJUST']?.timeNs));
    }
  });
});
