import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Station } from './station.ts';

/** Whoever comes, and how long it is served; in whole numbers, so that sums are exact. */
const arrivals = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 9 })), { maxLength: 40 });

/** A station as a line of moments, each of which serves one. */
class SlowStation {
  readonly #taken = new Set<number>();

  serve(arrival: number, service: number): number {
    let [left, at] = [service, arrival];
    for (; left > 0; at++) {
      if (this.#taken.has(at)) continue;
      this.#taken.add(at);
      left--;
    }
    return at;
  }
}

/** Customers who are away for a time of their own, then are served, and so on: events one by one, in order. */
function rounds(awayNs: readonly number[], serviceNs: number, count: number, serve: Station['serve']): number {
  const customers = awayNs.map((away) => ({ away, atNs: away, left: count }));
  let lastNs = 0;
  for (;;) {
    const waiting = customers.filter(({ left }) => left > 0);
    if (waiting.length === 0) return lastNs;
    const next = waiting.reduce((first, one) => (one.atNs < first.atNs ? one : first));
    lastNs = serve(next.atNs, serviceNs);
    next.left--;
    next.atNs = lastNs + next.away;
  }
}

describe('a station', () => {
  it('serves whoever comes in order, one after the other, and at once where it is free', () => {
    const station = new Station();
    expect([station.serve(10, 5), station.serve(12, 5), station.serve(12, 1), station.serve(40, 2)]).toEqual([
      15, 20, 21, 42,
    ]);
  });

  it('gives one who is told of late what the others have left free since it came', () => {
    const station = new Station();
    station.serve(100, 50);
    expect(station.serve(80, 10)).toBe(90);
    expect(station.serve(80, 10)).toBe(100);
    // From 80 to 150 it is busy by now.
    expect(station.serve(70, 15)).toBe(155);
  });

  it('is busy for as long as it was asked for, and nobody is served before he comes, in any order', () => {
    fc.assert(
      fc.property(arrivals, (asked) => {
        const [station, slow] = [new Station(), new SlowStation()];
        for (const [arrival, service] of asked) {
          expect(station.serve(arrival, service)).toBe(slow.serve(arrival, service));
        }
      }),
    );
  });

  it('forgets what is over, and nothing else', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(60), (asked, nowNs) => {
        const [station, other] = [new Station(), new Station()];
        const later = asked.filter(([arrival]) => arrival >= nowNs);
        for (const [arrival, service] of asked) {
          station.serve(arrival, service);
          other.serve(arrival, service);
        }
        station.forget(nowNs);
        for (const [arrival, service] of later) {
          expect(station.serve(arrival, service)).toBe(other.serve(arrival, service));
        }
      }),
    );
  });

  it('lets a closed round of customers through as fast as they come, or as fast as it serves', () => {
    const ROUNDS = 50;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 4000 }), (customers, awayNs) => {
        const SERVICE = 125;
        const station = new Station();
        const tookNs = rounds(Array<number>(customers).fill(awayNs), SERVICE, ROUNDS, (at, ns) =>
          station.serve(at, ns),
        );
        // Per round: the longer of a customer's own cycle and the service of all. The first round has nobody before it.
        const perRoundNs = Math.max(awayNs + SERVICE, customers * SERVICE);
        expect(tookNs).toBeGreaterThanOrEqual((ROUNDS - 1) * perRoundNs);
        expect(tookNs).toBeLessThanOrEqual(ROUNDS * perRoundNs + awayNs + customers * SERVICE);
      }),
    );
  });

  it('does the same as a queue that only knows until when it is busy, where all come in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 12 }), (awayNs) => {
        const station = new Station();
        let busyNs = 0;
        const queue = (at: number, ns: number): number => (busyNs = Math.max(busyNs, at) + ns);
        const own = rounds(awayNs, 60, 10, (at, ns) => station.serve(at, ns));
        expect(own).toBe(rounds(awayNs, 60, 10, queue));
      }),
    );
  });
});
