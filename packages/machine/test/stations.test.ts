/** Where vCPUs meet although no lock keeps them apart: TLBI broadcasts, the line of the lock that they share, memory. */
import { describe, expect, it } from 'vitest';
import type { Costs } from '../src/costs.ts';
import type { StageMeasurement } from '../src/machine.ts';
import { COSTS, FANOUT, LARGE_BLOCK, loopsOf, makeCell, PAGE } from './cell.ts';
import { BREAK_FIRST, TAKE_DOWN_FIRST } from './coalescing.ts';

/** Nobody is slower in the guest since others run. */
const ALONE: Costs = { ...COSTS, memoryService: 0 };
/** Each vCPU has a table of level 2 for itself. */
const PAGES = FANOUT ** 2;

/** vCPUs that each write the pages of their own that logging has write-protected, once. */
function relaxing(vcpus: number, costs: Costs, kernel: string): StageMeasurement {
  const cell = makeCell({
    kernel,
    vcpus,
    costs,
    backing: 'anonymous',
    memoryBytes: vcpus * LARGE_BLOCK,
    logging: true,
    strategy: kernel < 'v6.2' ? TAKE_DOWN_FIRST : BREAK_FIRST,
  });
  const step = loopsOf(
    ...Array.from({ length: vcpus }, (_, vcpu) => [{ page: vcpu * PAGES, count: PAGES, write: true }]),
  );
  cell.machine.skipGuests(step);
  cell.machine.runTask({ do: 'collect-log', slot: cell.slot });
  cell.machine.beginStage();
  cell.machine.runGuests(step);
  return cell.machine.endStage();
}

/** Nanoseconds of a fault of each vCPU. */
const perFault = (measurement: StageMeasurement): number => measurement.timeNs / PAGES;

describe('a TLBI that all cores hear', () => {
  const DVM = 700;

  it('waits for those of others, so that a fault takes its own time, or that of all broadcasts', () => {
    const costs = { ...ALONE, dvmIpa: DVM };
    const cycleNs = perFault(relaxing(1, costs, 'v5.18'));
    for (const vcpus of [2, 4, 8, 16, 32]) {
      const { timeNs, counters } = relaxing(vcpus, costs, 'v5.18');
      expect(counters.relaxed).toBe(vcpus * PAGES);
      const perRoundNs = Math.max(cycleNs, vcpus * DVM);
      // Until the queue stands, and when it goes.
      const endsNs = cycleNs + vcpus * DVM;
      expect(timeNs).toBeGreaterThanOrEqual(PAGES * perRoundNs - endsNs);
      expect(timeNs).toBeLessThanOrEqual(PAGES * perRoundNs + endsNs);
    }
  });

  it('has nobody to wait for under an exclusive lock', () => {
    const [without, with_] = [{}, { dvmIpa: DVM }].map((more) => relaxing(8, { ...ALONE, ...more }, 'v5.14'));
    expect(with_?.timeNs).toBe(without?.timeNs);
  });

  it('is charged for its waiting, beside what it costs', () => {
    const [without, with_] = [{}, { dvmIpa: DVM }].map((more) => relaxing(16, { ...ALONE, ...more }, 'v5.18'));
    expect(without?.chargedNs.dvmIpa).toBe(0);
    expect(with_?.chargedNs.tlbiIpa).toBe(without?.chargedNs.tlbiIpa);
    const waitedNs = with_?.chargedNs.dvmIpa ?? 0;
    const longerNs = 16 * ((with_?.timeNs ?? 0) - (without?.timeNs ?? 0));
    expect(waitedNs / longerNs).toBeGreaterThan(0.9);
    expect(waitedNs / longerNs).toBeLessThan(1.1);
  });

  it('waits for nobody where no other core hears it, and then costs what the profile says', () => {
    const broadcast = relaxing(16, { ...ALONE, dvmIpa: DVM }, 'v6.4');
    const local = relaxing(16, { ...ALONE, dvmIpa: DVM }, 'v6.5');
    const alone = relaxing(1, { ...ALONE, dvmIpa: DVM }, 'v6.5');
    expect(perFault(broadcast)).toBeGreaterThan(16 * DVM);
    expect(perFault(local)).toBeCloseTo(perFault(alone), 6);
    const cheaper = relaxing(1, { ...ALONE, tlbiLocal: ALONE.tlbiIpa - 500 }, 'v6.5');
    expect(perFault(cheaper)).toBeCloseTo(perFault(alone) - 500, 6);
  });
});

describe('the line of a lock that readers share', () => {
  const LINE = 250;

  it('is taken twice a fault, and bounds how many are done in a time', () => {
    const costs = { ...ALONE, lockLine: LINE };
    const cycleNs = perFault(relaxing(2, costs, 'v6.5'));
    const freeNs = perFault(relaxing(2, ALONE, 'v6.5'));
    expect(cycleNs).toBeGreaterThanOrEqual(freeNs + 2 * LINE);
    for (const vcpus of [4, 8, 16, 32]) {
      const measurement = relaxing(vcpus, costs, 'v6.5');
      const perRoundNs = Math.max(freeNs + 2 * LINE, vcpus * 2 * LINE);
      expect(perFault(measurement)).toBeGreaterThanOrEqual(0.97 * perRoundNs);
      expect(perFault(measurement)).toBeLessThanOrEqual(1.06 * perRoundNs);
    }
  });

  it('is nobody\u2019s concern where the lock is a spinlock, or one vCPU is alone', () => {
    for (const [vcpus, kernel] of [
      [8, 'v5.14'],
      [8, 'v6.5?map-lock=exclusive'],
      [1, 'v6.5'],
    ] as const) {
      const { timeNs } = relaxing(vcpus, { ...ALONE, lockLine: LINE }, kernel);
      expect(timeNs).toBe(relaxing(vcpus, ALONE, kernel).timeNs);
    }
  });

  it('is charged with all that is spent at it', () => {
    const { chargedNs, timeNs } = relaxing(16, { ...ALONE, lockLine: LINE }, 'v6.5');
    const free = relaxing(16, ALONE, 'v6.5');
    const longerNs = 16 * (timeNs - free.timeNs);
    expect(chargedNs.lockLine / longerNs).toBeGreaterThan(0.9);
    expect(chargedNs.lockLine / longerNs).toBeLessThan(1.1);
  });
});

describe('memory', () => {
  /** vCPUs that each touch a large block of their own first. */
  const populating = (vcpus: number, memoryLine: number): StageMeasurement => {
    const costs = { ...ALONE, memoryLine };
    const memoryBytes = 2 * vcpus * LARGE_BLOCK;
    const cell = makeCell({
      kernel: 'v6.2',
      strategy: BREAK_FIRST,
      vcpus,
      costs,
      blockBytes: LARGE_BLOCK,
      memoryBytes,
    });
    const first = (vcpu: number) => [
      { page: 2 * vcpu * PAGES, count: 1, write: true },
      { page: (2 * vcpu + 1) * PAGES, count: 1, write: true },
    ];
    cell.machine.beginStage();
    cell.machine.runGuests(loopsOf(...Array.from({ length: vcpus }, (_, vcpu) => first(vcpu))));
    return cell.machine.endStage();
  };
  const lines = (2 * LARGE_BLOCK) / 64;

  it('is shared by those who zero and clean at one time', () => {
    const LINE = 1;
    const aloneNs = populating(1, LINE).timeNs;
    expect(aloneNs).toBe(populating(1, 0).timeNs);
    for (const vcpus of [8, 16, 32]) {
      // Each line is zeroed once and cleaned once.
      const busyNs = vcpus * 2 * lines * LINE;
      const { timeNs } = populating(vcpus, LINE);
      expect(timeNs).toBeGreaterThanOrEqual(Math.max(busyNs, aloneNs));
      expect(timeNs).toBeLessThanOrEqual(Math.max(busyNs, aloneNs) * 1.25);
    }
  });

  it('is as fast for many as for one where the profile does not say how fast it is', () => {
    expect(populating(16, 0).timeNs).toBeCloseTo(populating(1, 0).timeNs, 6);
  });
});

it('pages of the tests are pages', () => {
  expect(PAGES * PAGE).toBe(LARGE_BLOCK);
});
