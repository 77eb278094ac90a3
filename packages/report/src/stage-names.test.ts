import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inOneOrder } from './stage-names.ts';

it('has each name once, in the order of every list where they agree', () => {
  expect(inOneOrder([])).toEqual([]);
  expect(inOneOrder([['ADJUST'], ['CREATE', 'ADJUST']])).toEqual(['CREATE', 'ADJUST']);
  expect(inOneOrder([['CREATE', 'ADJUST'], ['CREATE', 'LOG_ON', 'ADJUST'], ['CREATE']])).toEqual([
    'CREATE',
    'LOG_ON',
    'ADJUST',
  ]);
  expect(
    inOneOrder([
      ['CREATE', 'ADJUST'],
      ['POPULATE', 'DIRTY1'],
    ]),
  ).toEqual(['CREATE', 'ADJUST', 'POPULATE', 'DIRTY1']);
});

it('gives parts of one order back in that order', () => {
  const order = ['A', 'B', 'C', 'D', 'E', 'F'];
  // Parts that share their first name leave nothing to be guessed.
  const part = fc.subarray(order.slice(1)).map((rest) => ['A', ...rest]);
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
      const merged = inOneOrder([...parts, order]);
      expect([...merged].sort()).toEqual(order);
      const first = parts[0] ?? order;
      expect(merged.filter((name) => first.includes(name))).toEqual(first);
    }),
  );
});
