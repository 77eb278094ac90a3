/** The host beside running guests: its lock sections, whom it waits for, and who is named for what. */
import { defineStrategy, NO_ENTRY } from '@s2bench/core';
import type { EffectEvent } from '@s2bench/core/stage2';
import { EventLog, IgnoreEffects, makeGeometry } from '@s2bench/core/stage2';
import type { AccessRun, GuestProgram, HostTask, Memslot } from '@s2bench/kernel';
import { Backing, kernelModelOf, VirtualMachine } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import { HostActor } from './host-actor.ts';
import type { ConcurrentStep } from './machine.ts';
import { Machine } from './machine.ts';
import { findProfile } from './profiles.ts';

const PAGE = 4096;
const BLOCK = 2 ** 21;
const BASE = 2 ** 32;
const BLOCKS = 4;
const VCPUS = 3;

const takeDownFirst = defineStrategy({
  name: 'take-down-first',
  summary: 'break, flush, free, make',
  source: 'of this test',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.tlbiVmid();
    map.anchor = entry.id;
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
});

/** Reads or writes every page of the slot, over and over. */
function passes(times: number, write: boolean): GuestProgram {
  let left = times;
  return {
    next(run: AccessRun): boolean {
      if (left-- === 0) return false;
      Object.assign(run, { startIpa: BASE, count: (BLOCKS * BLOCK) / PAGE, strideBytes: PAGE, write });
      return true;
    },
  };
}

interface Ran {
  readonly timeNs: number;
  readonly events: readonly EffectEvent[];
  readonly slot: Memslot;
  readonly vm: VirtualMachine;
}

/** Three vCPUs that write blocks, with the host beside them. */
function run(host: readonly ConcurrentStep[], times = 60, listens = true): Ran {
  const kernel = kernelModelOf('v5.12p1');
  const profile = findProfile('kunpeng920');
  if (profile === undefined) throw new Error('no profile');
  const geometry = makeGeometry(PAGE, 40);
  const vm = new VirtualMachine({
    geometry,
    kernel,
    strategy: takeDownFirst,
    fwb: false,
    effects: new IgnoreEffects(),
  });
  const sizeBytes = BLOCKS * BLOCK;
  const place = { hostAddress: 2 ** 46, physAddress: 2 ** 42 };
  const backing = new Backing({ kind: 'hugetlb', sizeBytes, pageSizeBytes: PAGE, blockBytes: BLOCK, ...place });
  const slot = vm.addSlot({ baseIpa: BASE, sizeBytes, backing, backingOffsetBytes: 0, logging: false });
  let log: EventLog | undefined;
  const machine = new Machine({
    profile,
    vm,
    slot,
    vcpus: VCPUS,
    guestCaches: true,
    exact: true,
    ...(listens && { listen: (clock) => ({ sinks: [(log = new EventLog(vm.origin, () => clock.nowNs)).sink] }) }),
  });
  machine.beginStage();
  const periodAccesses = (BLOCKS * BLOCK) / PAGE;
  const programOf = (): GuestProgram => passes(times, true);
  machine.runGuests({ programOf, classOf: () => 0, periodAccesses, ...(host.length > 0 && { host }) });
  return { timeNs: machine.endStage().timeNs, events: [...(log ?? [])], slot, vm };
}

/** Times of the effects of a phase. */
function timesOf(events: readonly EffectEvent[], task: string, phase: string): number[] {
  return events.filter((event) => event.task === task && event.phase === phase).map(({ at }) => at);
}

describe('the host’s thread', () => {
  const task = { name: 'of this test' } as unknown as HostTask;

  it('has nothing to do where nothing is planned, and says so to whoever lets it begin', () => {
    const host = new HostActor(7, [], 5);
    expect(host).toMatchObject({ id: 7, state: 'done', readyNs: Infinity, handedOver: false, ended: [] });
    expect(() => host.begin(5)).toThrow(/^the host has no task to begin$/);
  });

  it('waits for the time of each task, or for the end of the one before', () => {
    const begin = (): HostTask => task;
    const host = new HostActor(
      7,
      [
        { begin, earliestNs: 3 },
        { begin, earliestNs: 90 },
      ],
      5,
    );
    expect(host).toMatchObject({ state: 'host', readyNs: 5, task: undefined });
    expect(host.begin(5)).toBe(task);
    expect(host).toMatchObject({ task, beganNs: 5 });
    host.plan(40);
    expect(host).toMatchObject({ state: 'host', readyNs: 90, task: undefined });
    host.begin(91);
    host.plan(99);
    expect(host).toMatchObject({ state: 'done', readyNs: Infinity });
  });
});

const LOG_ON: ConcurrentStep = { do: 'log-on', afterNs: 2_000_000 };

describe('the host', () => {
  const beside = run([LOG_ON]);

  it('write-protects the slot while guests run, and they fault on it and split the blocks', () => {
    const [from] = timesOf(beside.events, 'log-on', 'write-protect');
    expect(from).toBeGreaterThanOrEqual(LOG_ON.afterNs);
    const faults = timesOf(beside.events, 'fault', 'map');
    expect(faults.some((at) => at < (from ?? 0))).toBe(true);
    expect(faults.some((at) => at > (from ?? Infinity))).toBe(true);
    expect(beside.slot.logging).toBe(true);
    expect(beside.timeNs).toBeGreaterThan(run([]).timeNs);
  });

  it('is named for what it does, after the last vCPU', () => {
    const protect = beside.events.filter(({ effect }) => effect === 'leavesChanged');
    expect(protect.length).toBeGreaterThan(0);
    for (const { agent, task } of protect) expect({ agent, task }).toEqual({ agent: VCPUS, task: 'log-on' });
    const agents = new Set(beside.events.filter(({ task }) => task === 'fault').map(({ agent }) => agent));
    expect([...agents].sort()).toEqual([0, 1, 2]);
  });

  it('never holds the lock together with a vCPU', () => {
    const locked = new Set(['check', 'adjust', 'maintain', 'relax', 'map', 'write-protect']);
    // Events come in the order of time only for one agent; a lock section is its agent's first to last event in a row.
    const sections: { agent: number; from: number; end: number }[] = [];
    const open = new Map<number, { agent: number; from: number; end: number }>();
    for (const { agent, phase, at } of beside.events) {
      if (!locked.has(phase)) {
        open.delete(agent);
        continue;
      }
      const section = open.get(agent);
      if (section !== undefined) section.end = at;
      else {
        const begun = { agent, from: at, end: at };
        open.set(agent, begun);
        sections.push(begun);
      }
    }
    sections.sort((a, b) => a.from - b.from);
    expect(sections.some(({ agent }) => agent === VCPUS)).toBe(true);
    for (const [index, { end }] of sections.entries()) {
      expect(sections[index + 1]?.from ?? Infinity).toBeGreaterThanOrEqual(end);
    }
  });

  it('does one task after the other, and the step goes on until both have ended', () => {
    const late = 1_000_000_000;
    const { events, slot, timeNs } = run([LOG_ON, { do: 'log-off', afterNs: late }]);
    expect(slot.logging).toBe(false);
    expect(timeNs).toBeGreaterThanOrEqual(late);
    const protect = timesOf(events, 'log-on', 'write-protect');
    expect(Math.max(...protect)).toBeLessThan(late);
  });

  it('waits for the faults that looked up the slot before it was replaced', () => {
    // The first touch of a block zeroes 2M: at 20 us every vCPU is in a fault that holds the old slot.
    const { events, vm } = run([{ do: 'log-on', afterNs: 20_000 }], 1);
    const [from] = timesOf(events, 'log-on', 'write-protect');
    const finished = timesOf(events, 'fault', 'finish');
    expect(finished.filter((at) => at <= (from ?? 0)).length).toBeGreaterThanOrEqual(VCPUS);
    // Whatever they mapped as a block was write-protected after it, and split by the writes that followed.
    expect(vm.table.arena.livePages).toBeGreaterThan(vm.table.geometry.rootPages + 1);
  });

  it('is listened to for nothing: who listens changes no time', () => {
    expect(run([LOG_ON], 60, false).timeNs).toBe(beside.timeNs);
  });
});
