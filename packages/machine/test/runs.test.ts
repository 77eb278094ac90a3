/** What holds of every run, whatever the cell: nobody is in two places, nothing happens before what came before. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargesByName } from '../src/charges.ts';
import type { Happening, Story } from './arbitrary.ts';
import { arbitraryCosts, arbitraryStory, tell } from './arbitrary.ts';
import type { CellShape, Guest, PageLoop } from './cell.ts';
import { allRun, BLOCK, FANOUT, loopsOf, makeCell, makeGuest } from './cell.ts';
import type { HostPhase, WatchedRun } from './watched-run.ts';
import { watch } from './watched-run.ts';

const ROUNDING_NS = 1e-4;

/** Tells a story up to its last step of guests, which is run and watched. */
function watchLast({ shape, happenings }: Story): { run: WatchedRun; guest: Guest } {
  const cell = makeCell({ ...shape, guestCaches: true });
  const last = happenings.findLastIndex((happening) => happening.kind === 'run');
  for (const happening of happenings.slice(0, last)) tell(cell.machine, cell, happening);
  const { programs, together } = happenings[last] as Happening & { kind: 'run' };
  return { run: watch(cell, together ? allRun(programs[0] ?? []) : loopsOf(...programs)), guest: cell };
}

const stories = arbitraryStory.filter(({ happenings }) => happenings.some(({ kind }) => kind === 'run'));

function checkStories(problemsOf: (run: WatchedRun, guest: Guest) => unknown[], numRuns = 100): void {
  fc.assert(
    fc.property(stories, (story) => {
      const { run, guest } = watchLast(story);
      expect(problemsOf(run, guest)).toEqual([]);
    }),
    { numRuns, seed: 2021 },
  );
}

function phasesOf(run: WatchedRun, vcpu: number): HostPhase[] {
  return run.phases.filter((phase) => phase.vcpu === vcpu).toSorted((a, b) => a.fromNs - b.fromNs);
}

describe('a run of guests', () => {
  it('never goes back in time', () => {
    checkStories(({ momentsNs, phases, finishedNs }) => [
      ...momentsNs.filter((ns, index) => ns < (momentsNs[index - 1] ?? 0)),
      ...phases.filter(({ fromNs, toNs }) => toNs < fromNs),
      ...momentsNs.filter((ns) => ns > finishedNs || !Number.isFinite(ns)),
    ]);
  });

  it('has one vCPU at a time under the lock, and between two of them the cost of taking it or of handing it over', () => {
    checkStories(({ phases }, { shape }) => {
      const locked = phases.filter((phase) => phase.locked).toSorted((a, b) => a.fromNs - b.fromNs);
      const leastNs = Math.min(shape.costs.lockAcquire, shape.costs.lockHandover);
      return locked.filter(({ fromNs }, index) => fromNs < (locked[index - 1]?.toNs ?? 0) + leastNs - ROUNDING_NS);
    });
  });

  it('has no vCPU in two phases at once', () => {
    checkStories((run, { shape }) =>
      Array.from({ length: shape.vcpus }, (_, id) => phasesOf(run, id)).flatMap((phases) =>
        phases.filter(({ fromNs }, index) => fromNs < (phases[index - 1]?.toNs ?? 0) - ROUNDING_NS),
      ),
    );
  });

  it('has each vCPU access memory only while it is in the guest, at a rate between alone and all together', () => {
    checkStories((run, { shape }) =>
      Array.from({ length: shape.vcpus }, (_, id) => id).flatMap((id) => astray(run, id, shape)),
    );
  });

  it('charges to some cost all time of every vCPU but what it waits for others', () => {
    const waitedNs = { lock: 0, hostPage: 0 };
    checkStories(({ counters, phases, vcpusNs }, { shape }) => {
      const charged = chargesByName(counters.charges);
      const { lockAcquire, lockHandover } = shape.costs;
      const queuedNs = counters.lockWaitNs - charged.lockAcquire - charged.lockHandover;
      waitedNs.lock += queuedNs;
      waitedNs.hostPage += counters.hostPageWaitNs;
      const accountedNs = Object.values(charged).reduce((sum, ns) => sum + ns, queuedNs + counters.hostPageWaitNs);
      const taken = charged.lockAcquire / lockAcquire + charged.lockHandover / lockHandover;
      return [
        ...(Math.abs(accountedNs - vcpusNs) > 1e-9 * vcpusNs ? [{ accountedNs, vcpusNs }] : []),
        ...(Math.abs(taken - phases.filter(({ locked }) => locked).length) > 1e-6 ? [{ taken }] : []),
        ...Object.entries(charged).filter(([, ns]) => ns < 0),
      ];
    });
    // They do meet each other: else nothing was shown.
    expect(waitedNs.lock).toBeGreaterThan(0);
    expect(waitedNs.hostPage).toBeGreaterThan(0);
  });
});

/** Accesses of a vCPU that cannot have been: too many or too few for its time in the guest. */
function astray(run: WatchedRun, vcpu: number, { vcpus }: CellShape): unknown[] {
  const found: unknown[] = [];
  const phases = phasesOf(run, vcpu);
  const stops = run.accesses.filter((accesses) => accesses.vcpu === vcpu);
  const ends = [...phases.map(({ fromNs }) => fromNs), Infinity];
  let guestSinceNs = 0;
  for (const [index, endNs] of ends.entries()) {
    const done = stops.filter(({ byNs }) => byNs > guestSinceNs && byNs <= endNs + ROUNDING_NS);
    const count = done.reduce((sum, accesses) => sum + accesses.count, 0);
    const guestNs = (done.at(-1)?.byNs ?? guestSinceNs) - guestSinceNs;
    const most = guestNs / (run.accessNs[1] ?? 0);
    const least = guestNs / (run.accessNs[vcpus] ?? 0);
    if (count > most + 1e-6 || count < least - 1e-6) found.push({ vcpu, guestSinceNs, endNs, count, least, most });
    guestSinceNs = phases[index]?.toNs ?? guestSinceNs;
  }
  return found;
}

describe('who waits for one host page', () => {
  it('wakes at one moment, so that the vCPUs go on in the order of their numbers', () => {
    fc.assert(
      fc.property(arbitraryCosts, fc.integer({ min: 1, max: 9 }), (drawn, before) => {
        const costs = { ...drawn, hostWriteLine: 50 };
        const guest = makeGuest({ costs, vcpus: 4, memoryBytes: 2 * BLOCK });
        // The first block is there. The second is zeroed by vCPU 0; the others come while it is: 3, then 2, then 1.
        watch(guest, loopsOf([{ page: 0, count: 1 }]));
        const second = { page: FANOUT, count: 1 };
        const first = (count: number): PageLoop => ({ page: 0, count, strideBytes: 64 });
        const run = watch(
          guest,
          loopsOf([second], [first(3 * before), second], [first(2 * before), second], [first(before), second]),
        );
        expect(run.phases.filter(({ locked }) => locked).map(({ vcpu }) => vcpu)).toEqual([0, 1, 2, 3]);
      }),
      { seed: 2021 },
    );
  });
});
