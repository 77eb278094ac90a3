/** What a verdict says of the coalesces that it has gone through. */
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../../test/specimens.ts';
import { verifyWorld } from '../verify-world.ts';
import type { World } from '../world.ts';
import { worldOf } from '../worlds/index.ts';

function coalescesIn(world: World): readonly string[] {
  return verifyWorld(takeDownFirst, world, { history: 'logging-first', fwb: true }).coalesces;
}

describe('the shapes of coalesces', () => {
  const full = worldOf('full-table');

  it('say level, table above, population by level, holes and who has faulted', () => {
    expect(coalescesIn(full)).toEqual([
      'level 2 in the root, 4 pages; level 3: 4 of 4 mapped; the faulting page mapped, holes nowhere else; by a write',
    ]);
  });

  it('of a block under a parent table, and of one over two levels', () => {
    const slot = { ...full.slot, pages: 16 };
    const under: World = { ...full, levels: 3, vcpus: [{ caches: false, steps: ['r1', '@2', 'r2'] }] };
    const host: World['host'] = [
      { do: 'await', vcpu: 0, steps: 1 },
      { do: 'logging', on: false },
    ];
    expect(coalescesIn({ ...under, host })).toEqual([
      'level 2 in a table below it, 4 pages; level 3: 1 of 4 mapped; the faulting page missing, holes before and after it; by a read',
    ]);
    expect(coalescesIn({ ...under, host, slot: { ...slot, blockPages: 16 } })).toEqual([
      'level 1 in the root, 16 pages; level 2: 1 of 4 mapped, level 3: 1 of 4 mapped; the faulting page missing, holes before and after it; by a read',
    ]);
  });

  it('are none where there was no coalesce', () => {
    expect(coalescesIn(worldOf('unaligned'))).toEqual([]);
  });
});
