import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActorState } from './actor.ts';
import { EventQueue, type Scheduled } from './event-queue.ts';

const VCPUS = 9;

type Vcpu = { -readonly [Key in keyof Scheduled]: Scheduled[Key] };

/** Few numbers, so that many events are at one time. */
const change = fc.record({
  id: fc.nat({ max: VCPUS - 1 }),
  state: fc.constantFrom<ActorState>('guest', 'guest', 'host', 'granted', 'waiting', 'done'),
  at: fc.nat({ max: 12 }),
});

describe('the queue of events', () => {
  it('gives the earliest event, and of several at one time that of the smallest id, as a look at all of them does', () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 60 }),
        fc.constantFrom(1, 3),
        fc.nat({ max: 6 }),
        (changes, step, passed) => {
          // What lies before a count has passed, and the clock tells no more than every so many counts.
          const timeAt = (count: number): number => Math.floor(Math.max(passed, count) / step);
          const vcpus = Array.from({ length: VCPUS }, (_, id): Vcpu => ({
            id,
            state: 'done',
            stopAt: 0,
            readyNs: Infinity,
          }));
          const queue = new EventQueue<Vcpu>(VCPUS);
          for (const { id, state, at } of changes) {
            const vcpu = vcpus[id];
            if (vcpu === undefined) continue;
            vcpu.state = state;
            vcpu.stopAt = at;
            vcpu.readyNs = state === 'host' || state === 'granted' ? at / step : Infinity;
            queue.changed(vcpu);
            const dueNs = vcpus.map((one) => (one.state === 'guest' ? timeAt(one.stopAt) : one.readyNs));
            const least = Math.min(...dueNs);
            expect(queue.next(timeAt)?.id).toBe(least === Infinity ? undefined : dueNs.indexOf(least));
          }
        },
      ),
      { numRuns: 400, seed: 2021 },
    );
  });
});
