import { describe, expect, it } from 'vitest';
import { threadCell, threadCells, threadDocument } from '../test/thread-fixture.ts';
import { commonCaption, okResults, settingKey, stagesOf, varyingDimensions } from './cells.ts';
import { pivot } from './pivot.ts';

const cells = threadCells().map(({ cell }) => cell);

describe('dimensions', () => {
  it('vary where the matrix spans them', () => {
    expect(varyingDimensions(cells).map(({ key }) => key)).toEqual(['strategy', 'vcpus', 'history']);
    expect(varyingDimensions([threadCell()])).toEqual([]);
  });

  it('are in the caption where they do not', () => {
    const caption = commonCaption(cells);
    expect(caption).toContain('20 GiB memory');
    expect(caption).toContain('kernel v5.12p1');
    expect(caption).not.toContain('vCPU');
    expect(commonCaption([threadCell()])).toContain('20 vCPUs');
    expect(commonCaption([])).toBe('');
  });

  it('tell comparable cells from others', () => {
    expect(settingKey(threadCell({ strategy: 'other' }))).toBe(settingKey(threadCell()));
    expect(settingKey(threadCell({ seed: 2 }))).not.toBe(settingKey(threadCell()));
  });

  it('have the variant of cells that have one, and nothing where there is none', () => {
    const pair = [threadCell({ variant: 'before' }), threadCell({ variant: 'after' })];
    expect(varyingDimensions(pair).map(({ key }) => key)).toEqual(['variant']);
    expect(commonCaption(pair.slice(0, 1))).toContain('strategy baseline, before, 20 vCPUs');
    expect(commonCaption([threadCell()])).toContain('strategy baseline, 20 vCPUs');
    expect(settingKey(threadCell({ variant: 'before' }))).not.toBe(settingKey(threadCell()));
  });

  it('give the stages that there are results of', () => {
    expect(stagesOf(threadDocument().cells)).toEqual(['ADJUST']);
    expect(stagesOf([])).toEqual([]);
  });
});

describe('pivot', () => {
  it('puts every cell into one slot', () => {
    const table = pivot(threadCells(), 'vcpus');
    expect(table.rows).toHaveLength(8);
    expect(table.columns.map(({ vcpus }) => vcpus)).toEqual([20, 40, 60]);
    for (const row of table.rows) {
      row.slots.forEach((slot, index) => {
        expect(slot.map(({ cell }) => cell.vcpus)).toEqual([table.columns[index]?.vcpus]);
      });
    }
  });

  it('gives one row a cell where the columns would be too many', () => {
    const [first] = okResults(threadDocument());
    if (first === undefined) throw new Error('empty fixture');
    const many = Array.from({ length: 12 }, (_, index) => ({ ...first, cell: threadCell({ vcpus: index + 1 }) }));
    const table = pivot(many, 'vcpus');
    expect(table.across).toBeUndefined();
    expect(table.rows).toHaveLength(12);
    expect(table.rowDimensions.map(({ key }) => key)).toEqual(['vcpus']);
  });

  it('lets several cells fall into one slot where a dimension is left out', () => {
    const table = pivot(threadCells(), 'vcpus', ['history']);
    expect(table.rows).toHaveLength(4);
    expect(table.rows[0]?.slots[0]).toHaveLength(2);
  });
});
