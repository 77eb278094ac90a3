import { describe, expect, it } from 'vitest';
import { FAKE_WORKLOAD } from '../../test/fixtures/fake-workload.ts';
import { UsageError } from '../cli/errors.ts';
import { expandMatrix, type NamedAxes, sideBySide } from './matrix.ts';

const G = 2 ** 30;
const M = 2 ** 20;
const AXES: NamedAxes = {
  strategy: [{ strategy: 'a' }, { strategy: 'b' }],
  vcpus: [20, 40],
  memory: [20 * G],
  granule: [G],
  pageSize: [4096],
  backing: ['hugetlb'],
  history: ['block-first', 'logging-first'],
  profile: ['p'],
  kernel: ['k'],
  workload: ['page-table-test'],
  seed: [1],
};

const expand = (axes: Partial<NamedAxes>, workloads = [FAKE_WORKLOAD]) =>
  expandMatrix({ ...AXES, ...axes }, workloads, '--granule');

describe('expandMatrix', () => {
  it('spans every list, the strategies fastest', () => {
    const cells = expand({}).map(({ cell }) => [cell.history, cell.vcpus, cell.strategy].join(' '));
    expect(cells).toEqual([
      'block-first 20 a',
      'block-first 20 b',
      'block-first 40 a',
      'block-first 40 b',
      'logging-first 20 a',
      'logging-first 20 b',
      'logging-first 40 a',
      'logging-first 40 b',
    ]);
  });

  it('takes the largest block of each backing where no granule is given', () => {
    const { granule: _, ...rest } = AXES;
    const points = expandMatrix({ ...rest, backing: ['hugetlb', 'thp', 'anonymous'] }, [FAKE_WORKLOAD], '--granule');
    expect([...new Set(points.map(({ cell }) => cell.granuleBytes))]).toEqual([G, 2 * M, 4096]);
    expect(points.every(({ skipReason }) => skipReason === undefined)).toBe(true);
  });

  it('takes the largest block of each page size beside others, and loses no cell', () => {
    const points = expand({
      granule: ['largest', 2 * M],
      pageSize: [4096, 65536],
      strategy: [{ strategy: 'a' }],
      vcpus: [1],
      history: ['block-first'],
    });
    expect(points.map(({ cell, skipReason }) => [cell.granuleBytes, skipReason === undefined])).toEqual([
      [G, true],
      [2 * M, true],
      [512 * M, true],
      [2 * M, false],
    ]);
  });

  it('refuses a granule that nothing in the matrix can have', () => {
    expect(() => expand({ pageSize: [65536] })).toThrow(UsageError);
    expect(() => expand({ pageSize: [65536] })).toThrow('--granule 1G: 64K pages have no 1G block');
    expect(() => expand({ backing: ['thp', 'anonymous'] })).toThrow('--granule 1G: thp backing gives 2M');
    expect(() => expand({ granule: [G, 512 * M] })).toThrow('--granule 512M: 4K pages have no 512M block');
  });

  it('keeps the corners that cannot be, with the reason, where another can', () => {
    const points = expand({
      pageSize: [4096, 65536],
      strategy: [{ strategy: 'a' }],
      vcpus: [1],
      history: ['block-first'],
    });
    expect(points.map(({ skipReason }) => skipReason)).toEqual([
      undefined,
      'hugetlb backing gives 512M with 64K pages',
    ]);
  });

  it('names the hooks that a strategy is given', () => {
    const [point] = expand({ strategy: [{ strategy: 'a+zap', logStop: 'zap' }] });
    expect(point?.cell).toMatchObject({ strategy: 'a+zap', logStop: 'zap' });
    expect(point?.cell).not.toHaveProperty('logStart');
  });

  it('skips a history that only another workload has', () => {
    const other = { ...FAKE_WORKLOAD, name: 'migration', histories: [{ name: 'cancelled', summary: '' }] };
    const axes = {
      workload: ['page-table-test', 'migration'],
      history: ['cancelled'],
      strategy: [{ strategy: 'a' }],
      vcpus: [1],
    };
    expect(expand(axes, [FAKE_WORKLOAD, other]).map(({ skipReason }) => skipReason)).toEqual([
      'workload page-table-test has no history cancelled',
      undefined,
    ]);
  });
});

describe('sideBySide', () => {
  it('puts what has the same place next to each other, and loses nothing of the longer one', () => {
    const [before, after] = [
      expand({ strategy: [{ strategy: 'old' }] }),
      expand({ strategy: [{ strategy: 'new' }, { strategy: 'newer' }], history: ['block-first'] }),
    ];
    const places = sideBySide([before, after.slice(0, 3)]).map(({ cell }) => `${cell.strategy} ${cell.vcpus}`);
    expect(places).toEqual(['old 20', 'new 20', 'old 40', 'newer 20', 'old 20', 'new 40', 'old 40']);
  });
});
