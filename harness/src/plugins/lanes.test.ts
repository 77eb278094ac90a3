import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inLanes } from './lanes.ts';

describe('inLanes', () => {
  it('does each item once, no more than so many at the same time, and stays with a key while it has items', async () => {
    const items = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), turns: fc.nat(3) }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 4 }), async (all, lanes) => {
        const done: typeof all = [];
        let running = 0;
        await inLanes(
          all,
          ({ key }) => key,
          lanes,
          async (item) => {
            expect(++running).toBeLessThanOrEqual(lanes);
            for (let turn = 0; turn < item.turns; turn++) await Promise.resolve();
            running--;
            done.push(item);
          },
        );
        expect(new Set(done)).toEqual(new Set(all));
        expect(done).toHaveLength(all.length);
        if (lanes > 1) return;
        const keys = done.map(({ key }) => key);
        expect(keys.filter((key, at) => key !== keys[at - 1])).toHaveLength(new Set(keys).size);
      }),
    );
  });

  it('leaves for later what is better done later, and does it all the same', async () => {
    const done: string[] = [];
    const work = (item: string): Promise<void> => Promise.resolve(void done.push(item));
    await inLanes(
      ['late', 'one', 'two'],
      () => 'key',
      1,
      work,
      (item) => item === 'late',
    );
    expect(done).toEqual(['one', 'two', 'late']);
  });

  it('ends with the error of an item', async () => {
    const failing = inLanes([1], String, 2, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
  });
});
