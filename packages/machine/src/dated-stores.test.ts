/** Stores with a date, against a list of what waits. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGuest } from '../test/cell.ts';
import { DatedStores, type DueWatch } from './dated-stores.ts';

const ENTRY = 5;
const WORDS = 0x100;

const UNWATCHED: DueWatch = { tookAway: () => undefined, cleaned: () => undefined, flushed: () => undefined };

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
    stores.makeNextVisible(UNWATCHED);
    expect([table.low(ENTRY), table.high(ENTRY), stores.nextNs]).toEqual([WORDS, 7, Infinity]);
  });

  it('takes the entry from whoever begins later and comes to it earlier', () => {
    const { table } = makeGuest().vm;
    const stores = new DatedStores(table);
    section(stores, 100, () => {
      stores.nowNs = 500;
      table.store(ENTRY, WORDS, 0);
      stores.cleanedLater(ENTRY + 1, 64);
    });
    section(stores, 200, () => {
      expect([stores.isTaken(ENTRY), stores.isTaken(ENTRY + 1)]).toEqual([true, false]);
      stores.nowNs = 500;
      stores.passed();
      expect(stores.isTaken(ENTRY)).toBe(false);
    });
  });
});

/** Something that becomes visible. */
interface Dated {
  readonly atNs: number;
  readonly kind: 'store' | 'took' | 'cleaned' | 'vmid' | 'range';
  readonly where: number;
  readonly value: number;
}

const kinds = fc.constantFrom<Dated['kind']>('store', 'store', 'store', 'took', 'cleaned', 'vmid', 'range');
const deeds = fc.record({ afterNs: fc.nat(30), kind: kinds, where: fc.nat(4), value: fc.integer({ min: 1, max: 99 }) });
const sections = fc.array(fc.record({ afterNs: fc.nat(40), deeds: fc.array(deeds, { maxLength: 6 }) }), {
  maxLength: 10,
});

/** What the watch is told. */
function told({ kind, where, value }: Dated): unknown[] {
  if (kind === 'took' || kind === 'cleaned') return [kind, where, value];
  return kind === 'vmid' ? ['flushed', 'vmid', where, 0] : ['flushed', 'stage-2', where, value];
}

describe('stores of many sections', () => {
  it('are seen by each and by all in the order of their dates, whatever is stored when', () => {
    fc.assert(
      fc.property(sections, (story) => {
        const { table } = makeGuest().vm;
        const stores = new DatedStores(table);
        const visible = new Map<number, number>();
        let [waiting, due]: [Dated[], number] = [[], 0];
        const heard: unknown[] = [];
        const watch: DueWatch = {
          tookAway: (address, size) => heard.push(['took', address, size]),
          cleaned: (address, size) => heard.push(['cleaned', address, size]),
          flushed: (flush, address, size) => heard.push(['flushed', flush, address, size]),
        };
        const tableIs = (entries: ReadonlyMap<number, number>): void => {
          for (let entry = 0; entry < 5; entry++) expect(table.low(entry) >>> 1).toBe(entries.get(entry) ?? 0);
        };
        const comeTo = (nowNs: number): void => {
          while (stores.nextNs <= nowNs) {
            const next = waiting[0];
            expect(stores.nextNs).toBe(next?.atNs);
            const before = heard.length;
            stores.makeNextVisible(watch);
            waiting = waiting.slice(1);
            due++;
            if (next?.kind === 'store') visible.set(next.where, next.value);
            expect(heard.slice(before)).toEqual(next === undefined || next.kind === 'store' ? [] : [told(next)]);
          }
          expect(waiting.every(({ atNs }) => atNs > nowNs)).toBe(true);
          expect(stores.madeVisible).toBe(due);
          tableIs(visible);
        };
        let beganNs = 0;
        for (const { afterNs, deeds: ofSection } of story) {
          beganNs += afterNs;
          comeTo(beganNs);
          stores.begin(beganNs);
          const own: Dated[] = [];
          const seen = new Map(visible);
          let passed = 0;
          for (const { afterNs: laterNs, ...deed } of ofSection) {
            stores.nowNs += laterNs;
            stores.passed();
            for (; passed < waiting.length && (waiting[passed]?.atNs ?? 0) <= stores.nowNs; passed++) {
              const { kind, where, value } = waiting[passed] as Dated;
              if (kind === 'store') seen.set(where, value);
            }
            tableIs(seen);
            for (let entry = 0; entry < 5; entry++)
              expect(stores.isTaken(entry)).toBe(
                waiting.slice(passed).some(({ kind, where }) => kind === 'store' && where === entry),
              );
            own.push({ ...deed, atNs: stores.nowNs });
            const { kind, where, value } = deed;
            if (kind === 'store') {
              // The entry stays invalid: counts of a table page are not what this is about.
              table.store(where, value << 1, 0);
              seen.set(where, value);
            } else if (kind === 'took') stores.tookAway(where, value);
            else if (kind === 'cleaned') stores.cleanedLater(where, value);
            else stores.flushed(kind === 'vmid' ? 'vmid' : 'stage-2', where, value);
          }
          stores.end();
          tableIs(visible);
          // A sort keeps the order of what has one date: who has ended first.
          waiting = [...waiting, ...own].sort((one, other) => one.atNs - other.atNs);
        }
        comeTo(1e9);
        expect(stores.nextNs).toBe(Infinity);
      }),
    );
  });

  it('are kept in any number, those that are visible beside those that wait', () => {
    const { table } = makeGuest().vm;
    const stores = new DatedStores(table);
    const COUNT = 700;
    for (const offsetNs of [0, 1])
      section(stores, 0, () => {
        for (let at = 0; at < COUNT; at++) {
          stores.nowNs = 2 * at + offsetNs;
          table.store(at % 8, (2 * at + offsetNs) << 1, at);
        }
      });
    for (let at = 0; at < 2 * COUNT; at++) {
      expect(stores.nextNs).toBe(at);
      stores.makeNextVisible(UNWATCHED);
      const entry = Math.floor(at / 2) % 8;
      expect([table.low(entry), table.high(entry)]).toEqual([at << 1, Math.floor(at / 2)]);
    }
    expect([stores.nextNs, stores.madeVisible]).toEqual([Infinity, 2 * COUNT]);
  });
});
