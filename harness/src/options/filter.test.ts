import type { Cell } from '@s2bench/report/schema';
import { describe, expect, it } from 'vitest';
import { parseFilter } from './filter.ts';

const CELL: Cell = {
  strategy: 'mine?threshold=16',
  vcpus: 16,
  memoryBytes: 20 * 2 ** 30,
  granuleBytes: 2 ** 21,
  pageSizeBytes: 4096,
  backing: 'hugetlb',
  history: 'block-first',
  profile: 'kunpeng920',
  kernel: 'v5.12p1',
  workload: 'page-table-test',
  seed: 1,
};
const wants = (text: string, cell: Partial<Cell> = {}) => parseFilter(text, '--filter').wants({ ...CELL, ...cell });

describe('parseFilter', () => {
  it.each([
    ['vcpus>=16 & granule=2M', true],
    ['vcpus>16', false],
    ['vcpus<=16&memory<32G', true],
    ['granule=1G | page-size=4K,64K', true],
    ['granule=1G | page-size!=4K,64K', false],
    ['vcpus=1 | vcpus=16 & backing=thp', false],
    ['strategy=mine?threshold=16', true],
    ['strategy=baseline,mine?threshold=16,64', true],
    ['strategy=mine?threshold=64 & vcpus=16', false],
    ['history!=block-first', false],
  ])('%s: %s', (text, expected) => {
    expect(wants(text)).toBe(expected);
  });

  it('keeps options of a strategy together', () => {
    const cell = { strategy: 'mine?threshold=16&order=first' };
    expect(wants('strategy=mine?threshold=16&order=first & vcpus=16', cell)).toBe(true);
    expect(wants('strategy=mine?threshold=16&order=last', cell)).toBe(false);
  });

  it('is written in one way, which means the same', () => {
    const { text } = parseFilter('vcpus >=16&granule= 1024K,1G|seed=1', '--filter');
    expect(text).toBe('vcpus>=16 & granule=1M,1G | seed=1');
    expect(parseFilter(text, '--filter').text).toBe(text);
  });

  it.each([
    ['', "--filter : not a condition; write an axis, a comparison and a value: 'vcpus>=16 & granule=2M'"],
    ['vcpus', '--filter vcpus: not a condition'],
    ['vcpus>=', '--filter vcpus: has no value'],
    ['vcpu>=16', '--filter vcpu: unknown axis; did you mean vcpus?'],
    ['granule=2', '--filter granule 2: a size needs a unit'],
    ['vcpus=many', '--filter vcpus many: must be a whole number'],
    ['history>block-first', '--filter history: names have no order; compare them with = or !='],
    ['vcpus>1,2', '--filter vcpus>1,2: needs one value; only = and != take a list'],
    ['stages=ADJUST', '--filter stages: unknown axis'],
  ])('refuses %s in one line', (text, message) => {
    expect(() => parseFilter(text, '--filter')).toThrow(message);
  });

  it('refuses a value that no cell has', () => {
    const filter = parseFilter('vcpus>1000 & profile!=kunpeng290', '--filter');
    expect(() => filter.requireKnown([CELL])).toThrow(
      '--filter profile!=kunpeng290: no cell of the matrix has it; did you mean kunpeng920?',
    );
  });
});
