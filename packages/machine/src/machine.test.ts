import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening, Story } from '../test/arbitrary.ts';
import { arbitraryCosts, arbitraryStory, tell } from '../test/arbitrary.ts';
import type { CellShape, TestCell } from '../test/cell.ts';
import { allRun, BLOCK, COSTS, FANOUT, leavesOf, loopsOf, makeCell } from '../test/cell.ts';
import type { Costs } from './costs.ts';
import type { StageMeasurement } from './machine.ts';
import type { CostName } from './profile.ts';
import { COST_NAMES } from './profile.ts';
import { programClasses } from './program-classes.ts';

/** Always the same cells: what is drawn anew by hand, with other seeds, is many times as much. */
const seed = 2021;

/** Everything that a measurement says, as text. */
function bytesOf({ timeNs, counters, sampled }: StageMeasurement): string {
  const { stalls, ...counts } = counters;
  const { min, max, mean, stddev, count } = stalls;
  return JSON.stringify([timeNs, counts, sampled, min, max, mean, stddev, count, [...stalls.percentiles]]);
}

/** Tells what happens, each as a stage of its own. */
function tellAll(cell: TestCell, happenings: readonly Happening[]): StageMeasurement[] {
  return happenings.map((happening) => {
    cell.machine.beginStage();
    tell(cell.machine, cell, happening);
    return cell.machine.endStage();
  });
}

/** Tables, live table pages and logged pages: what the stages to come depend on. */
function stateOf(cell: TestCell): unknown {
  const { vm, slot } = cell;
  const dirty: [number, number][] = [];
  slot.dirty.forEachRun((first, pages) => dirty.push([first, pages]));
  return [leavesOf(cell), vm.table.arena.livePages, dirty];
}

function totalNs(story: Story, costs: Costs): number {
  const cell = makeCell({ ...story.shape, costs });
  return tellAll(cell, story.happenings).reduce((sum, { timeNs }) => sum + timeNs, 0);
}

/** Stories in which no two vCPUs ever want the same thing: there is one. */
const aloneStories = arbitraryStory.map(({ shape, happenings }) => ({ shape: { ...shape, vcpus: 1 }, happenings }));

describe('two machines of the same cell', () => {
  it('say the same to the last byte', () => {
    fc.assert(
      fc.property(arbitraryStory, ({ shape, happenings }) => {
        const [once, again] = [makeCell(shape), makeCell(shape)];
        expect(tellAll(again, happenings).map(bytesOf)).toEqual(tellAll(once, happenings).map(bytesOf));
        expect(stateOf(again)).toEqual(stateOf(once));
      }),
      { numRuns: 40, seed },
    );
  });
});

describe('a stage without races', () => {
  it('takes, for a vCPU alone, the sum of what each kind of cost comes to', () => {
    fc.assert(
      fc.property(aloneStories, (story) => {
        const costs = story.shape.costs ?? COSTS;
        // Accesses must take time. All else can be had for nothing.
        const nothing = Object.fromEntries(COST_NAMES.map((name) => [name, 0])) as Record<CostName, number>;
        const accessesOnly = { ...nothing, guestAccess: costs.guestAccess, memoryService: costs.memoryService };
        const accessesNs = totalNs(story, accessesOnly);
        const others = COST_NAMES.filter((name) => name !== 'guestAccess' && name !== 'memoryService');
        const ofCostNs = others.map((name) => totalNs(story, { ...accessesOnly, [name]: costs[name] }) - accessesNs);
        const sumNs = ofCostNs.reduce((sum, ns) => sum + ns, accessesNs);
        expect(Math.abs(totalNs(story, costs) - sumNs)).toBeLessThanOrEqual(1e-9 * sumNs);
        const stages = tellAll(makeCell({ ...story.shape, costs }), story.happenings);
        for (const [index, name] of others.entries()) {
          const chargedNs = stages.reduce((sum, stage) => sum + stage.chargedNs[name], 0);
          expect(Math.abs(chargedNs - (ofCostNs[index] ?? NaN)), name).toBeLessThanOrEqual(1e-9 * sumNs);
        }
      }),
      { numRuns: 20, seed },
    );
  });

  it('is never faster for a vCPU alone where something costs more', () => {
    const raised = fc.record({ name: fc.constantFrom(...COST_NAMES), byNs: fc.integer({ min: 1, max: 10_000 }) });
    fc.assert(
      fc.property(aloneStories, raised, (story, { name, byNs }) => {
        const costs = story.shape.costs ?? COSTS;
        expect(totalNs(story, { ...costs, [name]: costs[name] + byNs })).toBeGreaterThanOrEqual(
          totalNs(story, costs) * (1 - 1e-12),
        );
      }),
      { numRuns: 100, seed },
    );
  });

  it('is never faster for vCPUs that read what is mapped where access costs more, and no slower where anything else does', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 4 * FANOUT }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(arbitraryCosts, counts, fc.constantFrom(...COST_NAMES), (costs, accesses, name) => {
        const stageNs = (dearer: Costs): number => {
          const { machine } = makeCell({ costs: dearer, vcpus: 4 });
          machine.skipGuests(allRun([{ page: 0, count: 4 * FANOUT }]));
          machine.beginStage();
          machine.runGuests(loopsOf(...accesses.map((count) => [{ page: 0, count }])));
          return machine.endStage().timeNs;
        };
        const [before, after] = [stageNs(costs), stageNs({ ...costs, [name]: costs[name] * 2 })];
        const isOfMemory = ['guestAccess', 'farMemory', 'memoryService'].includes(name);
        expect(after).toBeGreaterThanOrEqual(before * (1 - 1e-9));
        if (!isOfMemory) expect(Math.abs(after - before)).toBeLessThanOrEqual(1e-9 * before);
      }),
      { numRuns: 50, seed },
    );
  });
});

/**
 * Stories whose tables do not depend on who comes first: all vCPUs run one and the same loop. One that is ahead with a
 * write splits the block that another still reads; in v5.11 a late read takes away the permission that a write has just
 * got; and who first touches a transparent huge page decides whether it is the zero page.
 */
const raceless = arbitraryStory.map(({ shape, happenings }) => ({
  shape: {
    ...shape,
    ...(shape.kernel === 'v5.11' && { kernel: 'v5.12' }),
    ...(shape.backing === 'thp' && { backing: 'anonymous' as const }),
  },
  happenings: happenings.map((happening) =>
    'programs' in happening
      ? { ...happening, programs: [(happening.programs[0] ?? []).slice(0, 1)], together: true }
      : happening,
  ),
}));

describe('a step that is skipped', () => {
  it('leads to the tables that running it leads to', () => {
    fc.assert(
      fc.property(raceless, ({ shape, happenings }) => {
        const [ran, skipped] = [makeCell(shape), makeCell(shape)];
        for (const happening of happenings) {
          const isGuest = 'programs' in happening;
          tell(ran.machine, ran, isGuest ? { ...happening, kind: 'run' } : happening);
          tell(skipped.machine, skipped, isGuest ? { ...happening, kind: 'skip' } : happening);
          expect(stateOf(skipped)).toEqual(stateOf(ran));
        }
      }),
      { numRuns: 100, seed },
    );
  });

  it('is taken by the first vCPU of each class alone', () => {
    const asked: number[] = [];
    const { machine } = makeCell({ vcpus: 6 });
    const step = loopsOf();
    machine.skipGuests({
      ...step,
      classOf: (vcpu) => vcpu % 3,
      programOf: (vcpu) => {
        asked.push(vcpu);
        return step.programOf(vcpu);
      },
    });
    expect(asked).toEqual([0, 1, 2]);
    expect(programClasses(5, (vcpu) => (vcpu + 1) % 2)).toEqual([1, 0]);
    expect(programClasses(3, () => 7)).toEqual([7]);
  });
});

describe('a machine that takes over another one’s state', () => {
  it('measures what comes next as that one does, and leaves that one as it was', () => {
    fc.assert(
      fc.property(arbitraryStory, fc.nat({ max: 7 }), ({ shape, happenings }, at) => {
        // The state is built without time, as it is before the first stage that is timed.
        const before = happenings
          .slice(0, at)
          .map((happening) => ('programs' in happening ? { ...happening, kind: 'skip' as const } : happening));
        const after = happenings.slice(at);
        const [template, copy, straight] = [makeCell(shape), makeCell(shape), makeCell(shape)];
        for (const cell of [template, straight]) tellAll(cell, before);
        const stateBefore = stateOf(template);
        copy.machine.copyFrom(template.machine);
        expect(stateOf(copy)).toEqual(stateBefore);
        const expected = tellAll(straight, after);
        // Times begin anew: they are the same but for the last bits of sums.
        for (const [index, { timeNs, counters }] of tellAll(copy, after).entries()) {
          const other = expected[index];
          expect(Math.abs(timeNs - (other?.timeNs ?? NaN))).toBeLessThanOrEqual(1e-3 + 1e-9 * timeNs);
          for (const name of ['translationFaults', 'permissionFaults', 'maps', 'cleanedBytes', 'staleReads'] as const) {
            expect(counters[name], name).toBe(other?.counters[name]);
          }
        }
        expect(stateOf(template)).toEqual(stateBefore);
      }),
      { numRuns: 60, seed },
    );
  });
});

describe('what the host does', () => {
  it('takes the time that its work costs: write protection and one flush, when logging starts', () => {
    const cell = makeCell({ memoryBytes: 2 * BLOCK, vcpus: 3 });
    cell.machine.skipGuests(allRun([{ page: 0, count: 2 * FANOUT, write: true }]));
    cell.machine.beginStage();
    cell.machine.runTask({ do: 'log-on', slot: cell.slot });
    const { timeNs, counters } = cell.machine.endStage();
    // A look at the table above, and at each of two blocks, which changes and of which the other stands in the same line.
    const looksNs = 2 * COSTS.walkStep + 3 * COSTS.descriptorRead;
    expect(timeNs).toBeCloseTo(looksNs + 2 * COSTS.descriptorWrite + COSTS.tlbiVmid, 6);
    expect(counters).toMatchObject({ tlbiVmid: 1, tlbiIpa: 0, windows: 0 });
  });

  it('costs a new memslot with its bitmap, twice a bit a page, where the profile says what a memslot costs', () => {
    const logOnNs = (costs: Costs): number => {
      const cell = makeCell({ memoryBytes: 256 * BLOCK, costs });
      cell.machine.beginStage();
      cell.machine.runTask({ do: 'log-on', slot: cell.slot });
      return cell.machine.endStage().timeNs;
    };
    const bitmapLines = (2 * 256 * FANOUT) / 8 / 64;
    const moreNs = logOnNs({ ...COSTS, memslotReplace: 5000 }) - logOnNs(COSTS);
    expect(moreNs).toBeCloseTo(5000 + bitmapLines * COSTS.hostWriteLine, 6);
  });

  it('costs two new memslots to delete one', () => {
    const unmapNs = (costs: Costs): number => {
      const cell = makeCell({ costs });
      cell.machine.beginStage();
      cell.machine.run({ kind: 'host', do: 'unmap' }, true);
      return cell.machine.endStage().timeNs;
    };
    expect(unmapNs({ ...COSTS, memslotReplace: 5000 }) - unmapNs(COSTS)).toBeCloseTo(2 * 5000, 6);
  });

  it('breaks what it unmaps for good: nothing that is mapped there later closes a window', () => {
    const cell = makeCell();
    cell.machine.skipGuests(allRun([{ page: 0, count: 1, write: true }]));
    cell.machine.beginStage();
    cell.machine.runTask({ do: 'invalidate', slot: cell.slot, offset: 0, sizeBytes: BLOCK });
    cell.machine.runGuests(allRun([{ page: 0, count: 1 }]));
    expect(cell.machine.endStage().counters).toMatchObject({ maps: 1, windows: 0 });
  });
});

describe('a TLBI', () => {
  const flushNs = (shape: Partial<CellShape>): number => {
    const cell = makeCell(shape);
    cell.machine.beginStage();
    cell.machine.runHost(() => cell.vm.effects.tlbiVmid());
    return cell.machine.endStage().timeNs;
  };

  it('costs the same whatever the guest has: it reaches all cores of the machine', () => {
    expect(flushNs({ vcpus: 1 })).toBe(COSTS.tlbiVmid);
    expect(flushNs({ vcpus: 5 })).toBe(COSTS.tlbiVmid);
  });
});

describe('a stage', () => {
  it('begins with nothing counted and no time taken, and has one after the other in it', () => {
    const cell = makeCell({ memoryBytes: 2 * BLOCK });
    const touch = (page: number) => loopsOf([{ page, count: 1, write: true }]);
    cell.machine.beginStage();
    cell.machine.runGuests(touch(0));
    const first = cell.machine.endStage();
    cell.machine.beginStage();
    expect(bytesOf(cell.machine.endStage())).toBe(bytesOf(makeCell().machine.endStage()));
    cell.machine.beginStage();
    cell.machine.runGuests(touch(FANOUT));
    const second = cell.machine.endStage();

    const other = makeCell({ memoryBytes: 2 * BLOCK });
    other.machine.beginStage();
    other.machine.runGuests(touch(0));
    other.machine.runGuests(touch(FANOUT));
    const both = other.machine.endStage();
    expect(both.timeNs).toBeCloseTo(first.timeNs + second.timeNs, 6);
    expect(both.counters).toMatchObject({ maps: 2, translationFaults: 2, cleanedBytes: 2 * BLOCK });
    expect(second.counters).toMatchObject({ maps: 1, translationFaults: 1, cleanedBytes: BLOCK });
    expect(both.sampled).toBeUndefined();
  });

  it('counts the faults that the host made guests take again', () => {
    // Two vCPUs write to the zero page: what one does to it makes the other one’s fault begin anew.
    const cell = makeCell({ vcpus: 3, backing: 'anonymous', memoryBytes: BLOCK, logging: true });
    cell.machine.skipGuests(allRun([{ page: 0, count: FANOUT }]));
    cell.machine.beginStage();
    cell.machine.runGuests(allRun([{ page: 0, count: FANOUT, write: true }]));
    const { counters } = cell.machine.endStage();
    expect(counters.retriedFaults).toBeGreaterThan(0);
    // The notifier too maps each copy once, as read-only.
    const answered = counters.maps - FANOUT + counters.relaxed + counters.spuriousFaults + counters.retriedFaults;
    expect(counters.faults).toBe(answered);
  });
});

describe('a task of the host', () => {
  it('is done on all of the slot: what GET has told of is cleared, and written anew', () => {
    const cell = makeCell({ logging: true, manualProtect: true });
    cell.machine.skipGuests(allRun([{ page: 0, count: 3 * FANOUT, write: true }]));
    cell.machine.run({ kind: 'host', do: 'collect-log' }, true);
    cell.machine.run({ kind: 'host', do: 'clear-log' }, true);
    cell.machine.beginStage();
    cell.machine.runGuests(allRun([{ page: 0, count: 3 * FANOUT, write: true }]));
    expect(cell.machine.endStage().counters).toMatchObject({ permissionFaults: 3 * FANOUT, relaxed: 3 * FANOUT });
  });

  it('that is not timed keeps no broadcast for those that are', () => {
    const logOnNs = (costs: Costs): number => {
      const cell = makeCell({ costs });
      cell.machine.skipGuests(allRun([{ page: 0, count: FANOUT, write: true }]));
      for (const action of ['log-on', 'log-off'] as const) cell.machine.run({ kind: 'host', do: action }, false);
      cell.machine.beginStage();
      cell.machine.run({ kind: 'host', do: 'log-on' }, true);
      return cell.machine.endStage().timeNs;
    };
    expect(logOnNs({ ...COSTS, dvmVmid: 50_000 })).toBeCloseTo(logOnNs(COSTS), 6);
  });
});
