/** Sections that share mmu_lock, one by one: what they leave to be seen later, who has lost, and who may be freed when. */
import type { VirtualMachine } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import { COSTS, LoopList, makeGuest, PAGE, PHYS_ADDRESS } from '../test/cell.ts';
import { CacheState } from './cache-state.ts';
import { noCharges } from './charges.ts';
import { StageCounters } from './counters.ts';
import { FaultAccount, FaultAccounts } from './fault-accounts.ts';
import { BusyHostPages } from './host-pages.ts';
import { LocalTimeline, MachineEffects } from './machine-effects.ts';
import { MmuLock } from './mmu-lock.ts';
import { SharedSections } from './shared-sections.ts';
import { Vcpu } from './vcpu.ts';

const ENTRY = 3;
const WORDS = 0x100;

/** Two vCPUs, and a machine whose page-table code has unlinked nothing. */
function setUp(isAccounted = true) {
  const { vm, slot } = makeGuest();
  const { table } = vm;
  const code = { unlinkedTables: 0, ended: 0, endGracePeriod: () => code.ended++ };
  const machine = { table, code, freeableTables: -1 };
  const timeline = new LocalTimeline();
  const counters = new StageCounters();
  const effects = new MachineEffects(
    { costs: COSTS, pageSizeBytes: PAGE, granuleBytes: table.geometry.granuleBytes },
    new CacheState(PHYS_ADDRESS, slot.sizeBytes, PAGE),
    new BusyHostPages(),
    timeline,
    counters,
  );
  const lock = new MmuLock({ ...COSTS, lockLine: 10 });
  const accounts = isAccounted ? new FaultAccounts(counters) : undefined;
  const vcpus = [0, 1].map((id) => new Vcpu(id, new LoopList([]))) as [Vcpu, Vcpu];
  const options = { vm: machine as unknown as VirtualMachine, effects, lock, counters, accounts };
  const shared = new SharedSections(options, vcpus);
  /** A section that stores something so many nanoseconds after it began. */
  const store = (vcpu: Vcpu, nowNs: number, afterNs: number): void =>
    shared.run(vcpu, nowNs, (one, own) => {
      own.nowNs += afterNs;
      table.store(ENTRY, WORDS, 0);
      effects.stores++;
      one.fault.outcome = 'mapped';
    });
  /** A section that finds the work done, or under way, and does something else. */
  const findDone = (vcpu: Vcpu, nowNs: number, act: () => void = () => undefined): void =>
    shared.run(vcpu, nowNs, (one, own) => {
      own.nowNs += 5;
      one.fault.outcome = 'spurious';
      act();
    });
  return { table, code, machine, timeline, counters, effects, lock, accounts, vcpus, shared, store, findDone };
}

describe('a section that shares the lock', () => {
  it('ends on its own clock, and what it has stored is seen at its time', () => {
    const { table, timeline, effects, vcpus, shared, store } = setUp();
    store(vcpus[0], 100, 40);
    expect(vcpus[0]).toMatchObject({ sectionBeganNs: 100, readyNs: 140, lost: false, lostSince: -1 });
    expect([table.low(ENTRY), shared.stores.nextNs]).toEqual([0, 140]);
    expect(effects.timeline).toBe(timeline);
  });

  it('runs with the timeline that it is answered on', () => {
    const { vcpus, shared, effects, timeline } = setUp();
    let seen: unknown;
    shared.run(vcpus[0], 100, (_, own) => {
      effects.timeline = own;
      seen = own;
    });
    expect(seen).toBe(shared.stores);
    expect(effects.timeline).toBe(timeline);
  });

  it('has lost where it comes to nothing while another is at work, and says since when', () => {
    const { vcpus, shared, store, findDone } = setUp();
    findDone(vcpus[1], 90);
    expect(vcpus[1]).toMatchObject({ lost: false, lostSince: -1, readyNs: 95 });
    store(vcpus[0], 100, 40);
    findDone(vcpus[1], 110);
    expect(vcpus[1]).toMatchObject({ lost: true, lostSince: 0 });
    shared.stores.makeNextVisible({ tookAway: () => undefined, cleaned: () => undefined, flushed: () => undefined });
    findDone(vcpus[1], 150);
    expect(vcpus[1]).toMatchObject({ lost: false, lostSince: -1 });
  });

  it('is excused where it has lost, and not where nobody was at work', () => {
    const { vcpus, store, findDone } = setUp();
    const { fault } = vcpus[1];
    let excused = 0;
    fault.excuse = () => {
      excused++;
    };
    findDone(vcpus[1], 90);
    expect(excused).toBe(0);
    store(vcpus[0], 100, 40);
    findDone(vcpus[1], 110);
    expect(excused).toBe(1);
  });

  it.each([
    ['stored', ({ effects }: ReturnType<typeof setUp>) => effects.stores++],
    ['allocated', ({ counters }: ReturnType<typeof setUp>) => counters.tablesAllocated++],
    ['invalidated', ({ counters }: ReturnType<typeof setUp>) => counters.tlbiIpa++],
  ])('that has lost and %s is not the same when it comes again', (_, act) => {
    const cell = setUp();
    cell.store(cell.vcpus[0], 100, 40);
    cell.findDone(cell.vcpus[1], 110, () => {
      act(cell);
    });
    expect(cell.vcpus[1]).toMatchObject({ lost: true, lostSince: -1 });
  });
});

/** One has stored something for 400 ns; the other came at 100, lost by 150, and waited for nobody. */
function losing(isAccounted = true) {
  const cell = setUp(isAccounted);
  const { vcpus, store, findDone, lock } = cell;
  store(vcpus[0], 0, 400);
  const loser = vcpus[1];
  loser.raisedNs = 100;
  loser.account.begin();
  findDone(loser, 130);
  loser.account.ran(50 - lock.shareNs.allNs);
  return { ...cell, loser };
}

describe('a vCPU that has lost', () => {
  it('loses until what it waits for can be seen, in faults that are counted and not run', () => {
    const { loser, shared, counters, accounts, lock } = losing();
    loser.wantsLock = true;
    expect(shared.loseAgain(loser, 150)).toBe(true);
    // At 200, 250, 300 and 350 it would lose again, at 400 no more.
    expect(loser).toMatchObject({ state: 'host', wantsLock: false, readyNs: 350, retries: true });
    expect(counters).toMatchObject({ translationFaults: 4, permissionFaults: 0, spuriousFaults: 4 });
    expect(counters.lockWaitNs).toBeCloseTo(4 * lock.shareNs.takenNs, 9);
    expect(accounts?.company('faults')).toBe(4);
    // What was counted so is nothing that the next fault has done.
    const next = new FaultAccount();
    next.begin();
    accounts?.charge(next, counters);
    accounts?.add('translation', next);
    expect(accounts?.company('spuriousFaults')).toBe(0);
  });

  it('loses faults of its own kind', () => {
    const { loser, shared, counters } = losing();
    loser.fault.kind = 'permission';
    expect(shared.loseAgain(loser, 150)).toBe(true);
    expect(counters).toMatchObject({ translationFaults: 0, permissionFaults: 4 });
  });

  it.each<[string, (cell: ReturnType<typeof losing>) => void]>([
    ['something has become visible since', ({ loser }) => void (loser.lostSince = 1)],
    ['it was handed the lock', ({ loser }) => void (loser.handedOver = true)],
    ['somebody has asked for the lock alone', ({ lock, vcpus }) => lock.request(vcpus[0], 140)],
    ['it has waited', ({ loser }) => loser.account.ran(-0.01)],
    ['what it waits for is seen when it comes again', ({ loser }) => void (loser.raisedNs = -100)],
  ])('is run where %s', (_, change) => {
    const cell = losing();
    change(cell);
    // The last one: its fault takes 250 ns, all of it its own.
    if (cell.loser.raisedNs < 0) cell.loser.account.ran(200);
    expect(cell.shared.loseAgain(cell.loser, 150)).toBe(false);
    expect(cell.counters).toMatchObject({ translationFaults: 0, spuriousFaults: 0, lockWaitNs: 0 });
    expect(cell.loser.retries).toBe(false);
  });

  it('is not held up by what sums lose in rounding', () => {
    const { loser, shared } = losing();
    loser.account.ran(-0.0005);
    expect(shared.loseAgain(loser, 150)).toBe(true);
  });

  it('is run where faults are not told apart', () => {
    const { loser, shared } = losing(false);
    expect(shared.loseAgain(loser, 150)).toBe(false);
  });

  it('is run where nothing is to become visible any more', () => {
    const { loser, shared } = losing();
    shared.stores.makeNextVisible({ tookAway: () => undefined, cleaned: () => undefined, flushed: () => undefined });
    loser.lostSince = shared.stores.madeVisible;
    expect(shared.loseAgain(loser, 150)).toBe(false);
  });
});

describe('tables that sections have unlinked', () => {
  it('may be freed when no section is under way that began before', () => {
    const { vcpus, shared, code, machine } = setUp();
    const unlink = (nowNs: number, tables: number): void =>
      shared.run(vcpus[0], nowNs, (_, own) => {
        own.nowNs += 10;
        code.unlinkedTables += tables;
      });
    shared.look();
    expect(machine.freeableTables).toBe(-1);
    unlink(100, 2);
    unlink(200, 3);
    const freeable = (states: Partial<Vcpu>[]): number => {
      for (const [id, state] of states.entries()) Object.assign(vcpus[id] ?? {}, { state: 'host' }, state);
      shared.look();
      return machine.freeableTables;
    };
    const inSection = { state: 'locked', sharesLock: true } as const;
    expect(freeable([{}, {}])).toBe(5);
    expect(freeable([{ ...inSection, sectionBeganNs: 109 }, {}])).toBe(0);
    expect(freeable([{ ...inSection, sectionBeganNs: 110 }, {}])).toBe(2);
    expect(
      freeable([
        { ...inSection, sectionBeganNs: 300 },
        { ...inSection, sectionBeganNs: 150 },
      ]),
    ).toBe(2);
    expect(
      freeable([
        { ...inSection, sectionBeganNs: 150 },
        { ...inSection, sectionBeganNs: 300 },
      ]),
    ).toBe(2);
    expect(freeable([{ state: 'locked', sharesLock: false, sectionBeganNs: 0 }, { sectionBeganNs: 0 }])).toBe(5);
    expect(freeable([{ state: 'host', sharesLock: true, sectionBeganNs: 0 }, {}])).toBe(5);
    // Two of the five are freed; the others wait for whoever is in them.
    code.unlinkedTables = 3;
    shared.looked();
    expect(freeable([{ ...inSection, sectionBeganNs: 209 }, {}])).toBe(0);
    expect(freeable([{ ...inSection, sectionBeganNs: 210 }, {}])).toBe(3);
  });

  it('are all freed at the end, in nobody’s time', () => {
    const { shared, code, machine, effects, counters } = setUp();
    const end = new LocalTimeline();
    effects.charges = noCharges();
    shared.freeAll(end);
    expect([machine.freeableTables, code.ended]).toEqual([Infinity, 1]);
    expect(effects.timeline).toBe(end);
    expect(effects.charges).toBe(counters.charges);
  });
});
