/** What a fault cleans before it takes the lock is explored beside all others: what may be left out under it, and what not. */
import { defineStrategy, type MapOperation, SKIP_BELOW, type Stage2Entry, type Strategy } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';
import { worldOf } from './worlds/index.ts';

function unlocked(cleansUnderLock: (map: MapOperation) => boolean): Strategy {
  return defineStrategy({
    name: 'unlocked',
    summary: 'cleans before the lock',
    source: 'of this test',
    beforeLock: (fault) => fault.clean(),
    tablePre(entry: Stage2Entry, map: MapOperation) {
      if (!map.blockSupported(entry)) return;
      const table = map.follow(entry);
      if (cleansUnderLock(map)) map.clean(entry);
      map.invalidate(entry);
      map.tlbiVmid();
      map.install(entry);
      map.freeBelow(table);
      return SKIP_BELOW;
    },
  });
}

const RIGHT = unlocked((map) => map.needsClean);
const find = (strategy: Strategy, world: string | World): string => {
  const explored = typeof world === 'string' ? worldOf(world) : world;
  const { verdict, rule } = verifyWorld(strategy, explored, { history: 'logging-first', fwb: false });
  return rule ?? verdict;
};

describe('a clean before the lock', () => {
  it.each(['partial-table', 'late-image', 'partial-unmap'])('is enough in every order: %s', (world) => {
    expect(find(RIGHT, world)).toBe('safe');
  });

  it('races with a store of the host from then on, as a section under the lock does', () => {
    const racing: World = {
      ...worldOf('late-image'),
      name: 'store-beside-fault',
      vcpus: [{ caches: false, steps: ['w0', 'w3', 'r2'] }],
      host: [
        { do: 'logging', on: false },
        { do: 'write', page: 2 },
      ],
    };
    expect(find(RIGHT, racing)).toBe('safe');
  });

  it('is none of a block that the fault finds under the lock: who cleans nothing there is found', () => {
    expect(find(RIGHT, 'thp-collapse')).toBe('safe');
    expect(
      find(
        unlocked(() => false),
        'thp-collapse',
      ),
    ).toBe('data-coherency');
  });
});
