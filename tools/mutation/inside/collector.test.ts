import { expect, it } from 'vitest';
import { collected, describe as group, it as test } from './collector.ts';

it('a collected test is run as often as it is wanted, with its row, and by its name', () => {
  const seen: unknown[] = [];
  group('a group', () => {
    test('alone', () => seen.push('alone'));
    test.each([[1, 2], 'row'])('of rows', { timeout: 1 }, (...row: unknown[]) => seen.push(row));
    test.runIf(true)('where it holds', () => seen.push('held'));
    test.runIf(false)('where it does not', () => seen.push('not held'));
    group.each(['inner'])('of groups', (name: unknown) => test('within', () => seen.push(name)));
  });
  expect(collected.map(({ name }) => name)).toEqual([
    'a group alone',
    'a group of rows #0',
    'a group of rows #1',
    'a group where it holds',
    'a group of groups #0 within',
  ]);
  for (const { run } of [...collected, ...collected.slice(0, 1)]) run();
  expect(seen).toEqual(['alone', [1, 2], ['row'], 'held', 'inner', 'alone']);
});
