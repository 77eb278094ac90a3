/** What a machine says of its actors while they run: who became what, when, and whose fault was over. */
import { describe, expect, it } from 'vitest';
import { Machine, type ConcurrentStep, type StageMeasurement } from '../src/machine.ts';
import type { MachineWatch } from '../src/watch.ts';
import { BLOCK, type CellShape, COSTS, loopsOf, makeGuest, type PageLoop, profileOf } from './cell.ts';

interface Heard {
  /** By agent: its states in order, with a moment for each. */
  readonly states: ReadonlyMap<number, readonly (readonly [string, number])[]>;
  readonly faults: readonly (readonly [number, number, number])[];
  readonly windowsNs: readonly number[];
  readonly measured: StageMeasurement;
}

/** Runs a step with somebody who listens. */
function hear(shape: Partial<CellShape>, programs: readonly PageLoop[][], host: readonly ConcurrentStep[] = []): Heard {
  const { vm, slot, shape: whole } = makeGuest(shape);
  const states = new Map<number, [string, number][]>();
  const faults: [number, number, number][] = [];
  const windowsNs: number[] = [];
  const watch: MachineWatch = {
    became: (agent, state, nowNs) => states.set(agent, [...(states.get(agent) ?? []), [state, nowNs]]),
    faultEnded: (agent, sinceNs, nowNs) => faults.push([agent, sinceNs, nowNs]),
    windowClosed: (ns) => windowsNs.push(ns),
  };
  const machine = new Machine({
    profile: profileOf(whole.costs),
    vm,
    slot,
    vcpus: programs.length,
    guestCaches: true,
    exact: true,
    listen: () => ({ sinks: [], watch }),
  });
  machine.beginStage();
  machine.runGuests({ ...loopsOf(...programs), host });
  return { states, faults, windowsNs, measured: machine.endStage() };
}

const namesOf = (heard: Heard, agent: number): string[] => (heard.states.get(agent) ?? []).map(([name]) => name);
const PREPARED = COSTS.exit / 2 + COSTS.faultPrepare + COSTS.hostPageFault + (BLOCK / 64) * COSTS.hostWriteLine;

describe('who listens to a machine', () => {
  it('hears a vCPU leave the guest, wait, hold the lock, finish in the host, and go on', () => {
    const heard = hear({}, [[{ page: 0, count: 3, write: true }]]);
    expect(namesOf(heard, 0)).toEqual(['host', 'waiting', 'locked', 'host', 'guest', 'done']);
    const times = (heard.states.get(0) ?? []).map(([, ns]) => ns);
    expect(times[0]).toBe(0);
    expect(times[1]).toBeCloseTo(PREPARED, 9);
    expect(times[2]).toBeCloseTo(PREPARED + COSTS.lockAcquire, 9);
    expect(times[5]).toBeCloseTo((times[4] ?? 0) + 3 * COSTS.guestAccess, 9);
    expect(times[5]).toBe(heard.measured.timeNs);
    expect(heard.faults).toEqual([[0, 0, times[4]]]);
    expect(heard.windowsNs).toEqual([]);
  });

  it('hears of two vCPUs that one waits while the other has the lock', () => {
    const heard = hear({ vcpus: 2 }, [[{ page: 0, count: 1, write: true }], [{ page: 8, count: 1, write: true }]]);
    const [one = [], other = []] = [0, 1].map((agent) => heard.states.get(agent));
    const until = (states: readonly (readonly [string, number])[], name: string): number =>
      states[states.findIndex(([state]) => state === name) + 1]?.[1] ?? NaN;
    expect(other.find(([state]) => state === 'locked')?.[1]).toBeCloseTo(until(one, 'locked') + COSTS.lockHandover, 6);
    expect(heard.faults.map(([agent]) => agent)).toEqual([0, 1]);
  });

  it('hears the host wait for the lock, hold it, and end', () => {
    const heard = hear(
      { logging: true },
      [[{ page: 0, count: 32, write: true }]],
      [{ do: 'collect-log', afterNs: 500 }],
    );
    const states = heard.states.get(1) ?? [];
    expect(states.map(([name]) => name)).toEqual(['waiting', 'locked', 'done']);
    expect(states[0]?.[1]).toBe(500);
    const task = heard.measured.counters.hostTasks.get('collect-log');
    expect(task?.count).toBe(1);
    expect(task?.totalNs).toBeCloseTo((states[2]?.[1] ?? 0) - 500, 9);
    const heldNs = (states[2]?.[1] ?? 0) - (states[1]?.[1] ?? 0);
    expect(heard.measured.counters.longestHostLockNs).toBeCloseTo(heldNs, 9);
  });

  it('hears the host do without the lock what needs none, and wait for faults that hold what it replaces', () => {
    // The guest is in the host, in a fault that began before.
    const heard = hear({}, [[{ page: 0, count: 8, write: true }]], [{ do: 'log-on', afterNs: 10 }]);
    const names = namesOf(heard, 1);
    expect(names[0]).toBe('host');
    expect(names.at(-1)).toBe('done');
    expect(names).toContain('waiting');
    const [, , ended = 0] = heard.faults[0] ?? [];
    const states = heard.states.get(1) ?? [];
    const waited = states.findIndex(([name]) => name === 'waiting');
    expect(states[waited + 1]?.[1]).toBe(ended);
  });

  it('hears of each window that closes', () => {
    const { vm, slot, shape } = makeGuest({ logging: true, memoryBytes: 2 * BLOCK });
    const windowsNs: number[] = [];
    const watch: MachineWatch = {
      became: () => undefined,
      faultEnded: () => undefined,
      windowClosed: (ns) => windowsNs.push(ns),
    };
    const listen = () => ({ sinks: [], watch });
    const profile = profileOf(shape.costs);
    const machine = new Machine({ profile, vm, slot, vcpus: 1, guestCaches: true, exact: true, listen });
    machine.skipGuests(loopsOf([{ page: 0, count: 8, write: true }]));
    machine.runTask({ do: 'log-off', slot });
    machine.beginStage();
    machine.runTask({ do: 'unmap', ipa: slot.baseIpa + 4096, sizeBytes: 4096 });
    machine.runGuests(loopsOf([{ page: 1, count: 1, write: true }]));
    const { counters } = machine.endStage();
    expect(counters.windows).toBe(1);
    expect(windowsNs).toEqual([counters.longestWindowNs]);
  });
});
