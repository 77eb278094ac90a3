import { describe, expect, it } from 'vitest';
import { makeGuest } from '../test/cell.ts';
import { DatedStores } from './dated-stores.ts';
import { GracePeriods } from './grace-periods.ts';

const ENTRY = 5;
const WORDS = 0x100;

/** A section that begins at a time and stores at another. */
function section(stores: DatedStores, beganNs: number, act: () => void): void {
  stores.begin(beganNs);
  act();
  stores.end();
}

describe('what a section stores that shares the lock', () => {
  it('is seen at its date: by sections on their own clocks, by all when they come there', () => {
    const { table } = makeGuest().vm;
    const stores = new DatedStores(table);
    section(stores, 100, () => {
      stores.nowNs = 500;
      table.store(ENTRY, WORDS, 7);
      expect(table.low(ENTRY)).toBe(WORDS);
    });
    expect([table.low(ENTRY), stores.nextNs]).toEqual([0, 500]);
    section(stores, 200, () => {
      for (const [nowNs, low] of [
        [499, 0],
        [500, WORDS],
      ] as const) {
        stores.nowNs = nowNs;
        stores.passed();
        expect(table.low(ENTRY)).toBe(low);
      }
    });
    expect(table.low(ENTRY)).toBe(0);
    stores.makeNextVisible({ tookAway: () => undefined, cleaned: () => undefined, flushed: () => undefined });
    expect([table.low(ENTRY), table.high(ENTRY), stores.nextNs]).toEqual([WORDS, 7, Infinity]);
  });

  it('takes the entry from whoever begins later and comes to it earlier', () => {
    const { table } = makeGuest().vm;
    const stores = new DatedStores(table);
    section(stores, 100, () => {
      stores.nowNs = 500;
      table.store(ENTRY, WORDS, 0);
    });
    section(stores, 200, () => {
      expect([stores.isTaken(ENTRY), stores.isTaken(ENTRY + 1)]).toEqual([true, false]);
      stores.nowNs = 500;
      stores.passed();
      expect(stores.isTaken(ENTRY)).toBe(false);
    });
  });
});

describe('what was unlinked', () => {
  it('waits for sections that began before, and goes in whole batches', () => {
    const periods = new GracePeriods();
    periods.unlinked(2, 100);
    periods.unlinked(3, 300);
    expect([99, 100, 299, 300, Infinity].map((oldest) => periods.freeable(oldest))).toEqual([0, 2, 2, 5, 5]);
    periods.freed(2);
    expect(periods.freeable(Infinity)).toBe(3);
  });
});
