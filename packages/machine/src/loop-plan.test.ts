import { describe, expect, it } from 'vitest';
import { allRun, BASE_IPA, COSTS, FANOUT, makeCell, PAGE } from '../test/cell.ts';
import { GuestWalks } from './guest-walk.ts';
import { AccessSums, LoopPlan, LoopPlanner } from './loop-plan.ts';
import { Tlb } from './tlb.ts';

const WALKS = { ...COSTS, guestWalkRead: 3, guestWalkLine: 64, farMemory: 29 };
/** Stage 1 has four levels, and pages are three levels below where the tables of stage 2 begin. */
const READS = 7;

/** A plan, its planner, and TLBs, on a table of which two blocks' worth of pages are mapped, page by page. */
function setUp() {
  const cell = makeCell({ memoryBytes: 4 * FANOUT * PAGE, logging: true });
  cell.machine.skipGuests(allRun([{ page: 0, count: 2 * FANOUT, write: true }]));
  const { table } = cell.vm;
  const walks = new GuestWalks(table.geometry, WALKS, 1);
  return {
    cell,
    walks,
    planner: new LoopPlanner(table, walks),
    plan: new LoopPlan(),
    tlb: new Tlb(64, { vmid: 0, stage1: 0 }),
  };
}

const runOf = (page: number, count: number, write = false, strideBytes = PAGE) => ({
  startIpa: BASE_IPA + page * PAGE,
  count,
  strideBytes,
  write,
});

describe('a plan', () => {
  it('outlives breaks where its translations are held, or reach over several accesses', () => {
    const plan = new LoopPlan();
    expect(plan).toMatchObject({ each: 1, reads: 0, lines: 0, held: false, entryBytes: 0, flushed: 0 });
    expect(plan.outlivesBreaks(runOf(0, 4))).toBe(false);
    plan.entryBytes = PAGE;
    expect([PAGE / 2, PAGE].map((stride) => plan.outlivesBreaks(runOf(0, 4, false, stride)))).toEqual([true, false]);
    plan.held = true;
    expect(plan.outlivesBreaks(runOf(0, 4))).toBe(true);
  });

  it('is added up for as many accesses as were done', () => {
    const [sums, plan] = [new AccessSums(), new LoopPlan()];
    Object.assign(plan, { each: 1.5, reads: 4, lines: 0.25 });
    sums.add(plan, 8);
    sums.add(plan, 2);
    expect(sums).toMatchObject({ accesses: 10, units: 15, reads: 40, lines: 2.5 });
    const all = new AccessSums();
    all.addTimes(sums, 3);
    all.addTimes(sums, 1);
    expect(all).toMatchObject({ accesses: 40, units: 60, reads: 160, lines: 10 });
  });

  it('takes what its walks and far memory take', () => {
    const { planner, walks } = setUp();
    const sums = Object.assign(new AccessSums(), { accesses: 10, units: 15, reads: 40, lines: 2.5 });
    expect(planner.timeOf(sums, 97)).toEqual({
      aloneNs: 15 * 97,
      farNs: 10 * walks.farNs,
      walkReadsNs: 40 * 3,
      walkLinesNs: 2.5 * 64,
    });
    const far = new LoopPlanner(setUp().cell.vm.table, new GuestWalks(setUp().cell.vm.table.geometry, WALKS, 2));
    expect(far.timeOf(sums, 97).farNs).toBeCloseTo(10 * 29, 9);
  });
});

describe('a loop without TLBs', () => {
  it('runs on as far as the table hits, and says why its first access does not', () => {
    const { planner, plan } = setUp();
    expect(planner.plan(plan, undefined, runOf(0, 40), 4, 36)).toBe(2 * FANOUT - 4);
    expect(planner.plan(plan, undefined, runOf(0, 40), 4, 3)).toBe(3);
    expect(planner.plan(plan, undefined, runOf(0, 40), 2 * FANOUT, 24)).toBe(0);
    expect(planner.check.kind).toBe('translation');
    expect(plan).toMatchObject({ held: false, entryBytes: 0 });
  });
});

describe('a loop with TLBs', () => {
  it('walks where they hold nothing, and finds what it has used when it comes again', () => {
    const { planner, plan, tlb, walks } = setUp();
    const run = runOf(0, 40);
    expect(planner.plan(plan, tlb, run, 0, 40)).toBe(2 * FANOUT);
    expect(plan).toMatchObject({ held: false, entryBytes: PAGE, reads: READS, lines: 1 / 8 + 1 / 8 });
    expect(plan.each).toBe(walks.accessesOf(READS, 1 / 4));
    planner.done(plan, tlb, run, 0, 6);
    expect(planner.plan(plan, tlb, run, 0, 40)).toBe(6);
    expect(plan).toMatchObject({ held: true, entryBytes: PAGE, reads: 0, lines: 0 });
    expect(plan.each).toBe(walks.accessesOf(0, 0));
    // And walks up to what they hold.
    tlb.used(BASE_IPA + 9 * PAGE, PAGE, 1, PAGE, false);
    expect(planner.plan(plan, tlb, run, 6, 34)).toBe(3);
  });

  it('walks stage 1 alone where a TLBI has left stage 2', () => {
    const { planner, plan, tlb, walks } = setUp();
    tlb.used(BASE_IPA, PAGE, 4, PAGE, false);
    tlb.flushLocally();
    expect(planner.plan(plan, tlb, runOf(0, 8, false, PAGE / 2), 0, 8)).toBe(8);
    expect(plan).toMatchObject({ held: true, reads: 2, lines: 0 });
    expect(plan.each).toBe(walks.accessesOf(2, 0));
  });

  it('asks the table for a write to what was only read, and faults where that says no', () => {
    const { cell, planner, plan, tlb } = setUp();
    tlb.used(BASE_IPA, PAGE, 8, PAGE, false);
    expect(planner.plan(plan, tlb, runOf(0, 8, true), 0, 8)).toBe(8);
    cell.machine.runTask({ do: 'collect-log', slot: cell.slot });
    expect(planner.plan(plan, tlb, runOf(0, 8), 0, 8)).toBe(8);
    expect(planner.plan(plan, tlb, runOf(0, 8, true), 0, 8)).toBe(0);
    expect(planner.check.kind).toBe('permission');
    const granting = new Tlb(64, { vmid: 0, stage1: 0 });
    granting.used(BASE_IPA, PAGE, 8, PAGE, true);
    expect(planner.plan(plan, granting, runOf(0, 8, true), 0, 8)).toBe(8);
  });

  it('faults where neither has a translation', () => {
    const { planner, plan, tlb } = setUp();
    expect(planner.plan(plan, tlb, runOf(2 * FANOUT, 8), 0, 8)).toBe(0);
    expect(planner.check.kind).toBe('translation');
  });

  it('leaves in them what was not flushed meanwhile, and nothing where all was', () => {
    const { planner, plan, tlb } = setUp();
    const run = runOf(0, 40);
    planner.plan(plan, tlb, run, 0, 40);
    plan.flushed = 2;
    planner.done(plan, tlb, run, 1, 6);
    expect(plan.flushed).toBe(0);
    expect([2, 3, 6, 7].map((page) => tlb.find(BASE_IPA + page * PAGE, PAGE, 1))).toEqual([0, 1, 1, 0]);
    expect(tlb.entries).toBe(4);
    plan.flushed = 6;
    planner.done(plan, tlb, run, 9, 6);
    expect([tlb.entries, plan.flushed]).toEqual([4, 0]);
    // Held ones stay what they are, last used last.
    planner.plan(plan, tlb, runOf(3, 40, true), 0, 40);
    expect(plan.held).toBe(true);
    planner.done(plan, tlb, runOf(3, 40, true), 0, 2);
    expect(tlb.find(BASE_IPA + 3 * PAGE, PAGE, 1)).toBe(1);
    expect(tlb.grantsWrites).toBe(true);
    expect(tlb.find(BASE_IPA + 5 * PAGE, PAGE, 1)).toBe(1);
    expect(tlb.grantsWrites).toBe(false);
  });
});
