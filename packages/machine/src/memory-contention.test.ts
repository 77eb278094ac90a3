import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeOfAccess } from '../test/stepwise-machine.ts';
import { accessTimes } from './memory-contention.ts';

const MOST_VCPUS = 128;

/** A latency and a part of it that the memory system is busy with. */
const stations = fc
  .record({
    latencyNs: fc.double({ min: 1, max: 500, noNaN: true }),
    part: fc.double({ min: 0.01, max: 1, noNaN: true }),
  })
  .map(({ latencyNs, part }) => ({ latencyNs, serviceNs: latencyNs * part }));

describe('the time of an access beside others', () => {
  it('is the latency for one alone, and for two what the other leaves of the station', () => {
    const times = accessTimes(100, 20, 2);
    expect(times).toHaveLength(3);
    expect(times[1]).toBe(100);
    // The other one is at the station for 20 of its 100 ns: 80 private, then 20 and a fifth of 20.
    expect(times[2]).toBeCloseTo(80 + 20 * 1.2, 12);
  });

  it('is that of the product-form network, for any number of vCPUs', () => {
    fc.assert(
      fc.property(stations, fc.integer({ min: 1, max: 64 }), ({ latencyNs, serviceNs }, running) => {
        const expected = timeOfAccess(latencyNs, serviceNs, running);
        expect(Math.abs((accessTimes(latencyNs, serviceNs, 64)[running] ?? 0) / expected - 1)).toBeLessThan(1e-9);
      }),
    );
  });

  it('lies between its asymptotes, reaches them, and rises with every vCPU', () => {
    fc.assert(
      fc.property(stations, ({ latencyNs, serviceNs }) => {
        const times = [...accessTimes(latencyNs, serviceNs, MOST_VCPUS)];
        const astray = times.filter((ns, running) => {
          const least = Math.max(latencyNs, running * serviceNs) * (1 - 1e-9);
          const most = (latencyNs + (running - 1) * serviceNs) * (1 + 1e-9);
          return running > 0 && (ns < least || ns > most || ns <= (times[running - 1] ?? Infinity));
        });
        expect(astray).toEqual([]);
      }),
    );
    // Far beyond the knee at 100 / 10 the station alone decides.
    expect((accessTimes(100, 10, MOST_VCPUS)[MOST_VCPUS] ?? 0) / (MOST_VCPUS * 10)).toBeCloseTo(1, 6);
  });

  it('is the station alone where it is as slow as the latency, or slower', () => {
    expect([...accessTimes(50, 50, 3)]).toEqual([0, 50, 100, 150]);
    expect([...accessTimes(10, 50, 3)]).toEqual([0, 50, 100, 150]);
  });

  it('does not depend on the others where nothing is shared', () => {
    expect([...accessTimes(70, 0, 3)]).toEqual([0, 70, 70, 70]);
  });
});
