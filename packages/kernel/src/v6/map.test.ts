/** What vectors of one thread cannot show: another vCPU changes an entry between the read and the exchange. */
import type { Strategy } from '@s2bench/core';
import { defineStrategy, EAGAIN, OK } from '@s2bench/core';
import { findEntry, IgnoreEffects, makeGeometry } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { BLOCK_FIRST } from '../../test/fixtures.ts';
import { pageTableCode, stage2TableOf } from '../code-of.ts';
import { kernelModelOf } from '../kernel-model.ts';
import { MemoryCache } from '../memory-cache.ts';

const PAGE = 4096;
const BLOCK = 2 ** 21;
const GIB = 2 ** 30;
const READ_WRITE = { read: true, write: true, execute: false, device: false };
const ENDLESS = new MemoryCache(Infinity);

function tableWith(strategy: Strategy) {
  const kernel = kernelModelOf('v6.12');
  const options = { geometry: makeGeometry(PAGE, 40), fwb: false, effects: new IgnoreEffects() };
  const table = stage2TableOf(kernel, options);
  const code = pageTableCode(table, kernel, strategy);
  const map = (ipa: number, sizeBytes: number, shared: boolean): number =>
    code.map(ipa, sizeBytes, 4 * GIB + ipa, READ_WRITE, ENDLESS, { shared, fault: true, pagesOnly: false });
  return { table, code, map };
}

describe('an entry that another vCPU has changed since it was read', () => {
  /** At level `level` another vCPU writes the entry first. */
  const disturbed = (level: number) => {
    const other = { disturbs: true };
    const strategy = defineStrategy({
      name: 'disturbed',
      summary: 'the stock leaf, behind another vCPU',
      source: 'of this test',
      walkers: ['v6'],
      v6: {
        leaf(entry, map) {
          if (entry.level === level && other.disturbs) {
            other.disturbs = false;
            made.table.lock(entry.id, entry.address, entry.level);
          }
          return map.mapLeaf(entry);
        },
      },
    });
    const made = tableWith(strategy);
    return made;
  };

  it.each([3, 2, 1])('is lost at level %i: EAGAIN, and the table page that was allocated goes back', (level) => {
    const { table, map } = disturbed(level);
    const before = table.arena.livePages;
    expect(map(GIB, PAGE, true)).toBe(EAGAIN);
    expect(table.arena.livePages).toBe(before + (level - 1));
    // Whoever holds it will make something of it: it is not taken from him.
    expect(map(GIB, PAGE, true)).toBe(EAGAIN);
  });

  it('is stored over under the exclusive lock, where nobody else can be', () => {
    expect(disturbed(3).map(GIB, PAGE, false)).toBe(OK);
  });
});

describe('a table that was unlinked', () => {
  it('waits for a grace period, and keeps its pages and counts until then', () => {
    const { table, code, map } = tableWith(BLOCK_FIRST);
    map(GIB, PAGE, true);
    const slot = table.slotOf(findEntry(table, GIB) ?? 0);
    expect(map(GIB, BLOCK, true)).toBe(OK);
    expect([code.unlinkedTables, table.arena.refcounts[slot]]).toEqual([1, 2]);
    code.endGracePeriod(0);
    expect(code.unlinkedTables).toBe(1);
    code.endGracePeriod();
    expect([code.unlinkedTables, table.arena.refcounts[slot]]).toEqual([0, 0]);
  });
});
