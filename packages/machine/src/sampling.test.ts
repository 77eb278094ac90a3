/** Samples whose every figure is made up, so that what they come to can be added up by hand. */
import type { FaultKind } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { StageCounters } from './counters.ts';
import { FaultAccount, FaultAccounts } from './fault-accounts.ts';
import type { Estimate, QuietRest } from './sampling.ts';
import { StageSampler } from './sampling.ts';

/** Nanoseconds of an access by number of vCPUs: two of them. */
const ACCESS_NS = new Float64Array([0, 8, 10]);
const BATCH = 512;

/** Work and company of one kind in a batch. */
interface Pieces {
  readonly kind?: FaultKind;
  readonly work: number;
  readonly company?: number;
  readonly ownNs: number;
  readonly cleanedBytesOfCompany?: number;
  /** Each piece of work is one that has to be taken again. */
  readonly isRetried?: boolean;
}

function addPieces(accounts: FaultAccounts, pieces: Pieces): void {
  const { kind = 'translation', work, company = 0, ownNs, cleanedBytesOfCompany = 0 } = pieces;
  for (let index = 0; index < work + company; index++) {
    const account = new FaultAccount();
    account.begin();
    account.changedTables = index < work;
    account.ran(ownNs);
    const counters = new StageCounters();
    const sums = new FaultAccounts(counters);
    if (index < work) {
      counters.windows = 2;
      counters.retriedFaults = pieces.isRetried === true ? 1 : 0;
    } else {
      counters.spuriousFaults = 1;
      counters.cleanedBytes = cleanedBytesOfCompany;
    }
    sums.charge(account, counters);
    accounts.add(kind, account);
  }
}

/** Accesses that are left, without TLBs. */
function left(accesses: number, accessNs = ACCESS_NS): Pick<QuietRest, 'remainingNs'> {
  return { remainingNs: { aloneNs: accesses * (accessNs[1] ?? 0), farNs: 0, walkReadsNs: 0, walkLinesNs: 0 } };
}

/** A stage that is watched for a start-up and ten batches; each of them takes the given time and has the given pieces. */
class MadeUpStage {
  readonly counters = new StageCounters();
  readonly accounts = new FaultAccounts(this.counters);
  readonly progress = { nowNs: 1000, slowestAccesses: 0, slowestUnits: 0, furthestAccesses: 0 };
  readonly sampler: StageSampler;

  constructor(lead = 0, faultBudget = 20, periodAccesses = 1, programs = 1) {
    const options = { faultBudget, periodAccesses, programs, sharesLock: false };
    this.sampler = new StageSampler(this.progress, this.counters, this.accounts, options);
    this.lead = lead;
  }

  readonly lead: number;

  /** Says whether enough is seen then. */
  batch(timeNs: number, ...pieces: readonly Pieces[]): boolean {
    const { progress, counters } = this;
    for (const each of pieces) {
      addPieces(this.accounts, each);
      counters.translationFaults += each.work + (each.company ?? 0);
    }
    progress.nowNs += timeNs;
    progress.slowestAccesses += BATCH;
    progress.slowestUnits = progress.slowestAccesses;
    progress.furthestAccesses = progress.slowestAccesses + this.lead;
    return this.sampler.seenEnough();
  }

  /** What the stage comes to, with as many accesses to go as two batches have, and faults that are known. */
  rest(pieces: readonly Pieces[], accessNs = ACCESS_NS): { estimate: Estimate; counters: StageCounters } {
    const quiet = new StageCounters();
    const accounts = new FaultAccounts(quiet);
    for (const each of pieces) addPieces(accounts, each);
    const accesses = this.progress.slowestAccesses + 2 * BATCH;
    const estimate = this.sampler.extrapolate(
      {
        accesses,
        units: accesses,
        ...left(2 * accesses, accessNs),
        accounts,
        counters: quiet,
        longestStallNs: 0,
      },
      accessNs,
    );
    const counters = new StageCounters();
    estimate.addTo(counters);
    return { estimate, counters };
  }
}

const ACCESSES_NS = BATCH * 10;
const STEADY: Pieces = { work: 4, company: 8, ownNs: 100 };

/** A stage of which each batch takes its accesses, the work, and a wait for each piece of it. */
function watched(waits: (batch: number) => number, startUp: Pieces = STEADY, lead = 0): MadeUpStage {
  const stage = new MadeUpStage(lead);
  stage.batch(99_999, startUp);
  for (let batch = 1; batch <= 10; batch++) stage.batch(ACCESSES_NS + 4 * (100 + waits(batch)), STEADY);
  return stage;
}

describe('a sample', () => {
  it('is complete with ten batches after the start-up, and not before the faults are enough', () => {
    const stage = new MadeUpStage(0, 20);
    const seen = Array.from({ length: 11 }, () => stage.batch(1000, { work: 2, ownNs: 1 }));
    expect(seen).toEqual([...Array.from({ length: 10 }, () => false), true]);
    const slow = new MadeUpStage(0, 60);
    // A tenth of the budget is seen after three batches: from there on marks are made.
    const late = Array.from({ length: 30 }, () => slow.batch(1000, { work: 2, ownNs: 1 }));
    expect(late.indexOf(true)).toBe(29);
    const early = new MadeUpStage(0, 40);
    expect(Array.from({ length: 12 }, () => early.batch(1000, { work: 4, ownNs: 1 })).indexOf(true)).toBe(10);
  });

  it('has batches of whole periods where these are short, and of 512 accesses where they are long', () => {
    const stages = { 512: 11, 500: 22, 4096: 88, 4097: 11 };
    for (const [period, calls] of Object.entries(stages)) {
      const stage = new MadeUpStage(0, 5, Number(period));
      const seen = Array.from({ length: 100 }, () => stage.batch(1000, { work: 1, ownNs: 1 }));
      expect([period, seen.indexOf(true) + 1]).toEqual([period, calls]);
    }
  });

  const UNEVEN_BATCHES = 80;

  function firstEnough(batchAt: (index: number) => Pieces, timeNs: (index: number) => number = () => 10_000): number {
    const stage = new MadeUpStage();
    for (let index = 0; index < 2 * UNEVEN_BATCHES; index++)
      if (stage.batch(timeNs(index), batchAt(index))) return index;
    return Infinity;
  }

  it('begins where batches are as the one before: in company, in a whole number of it, and in time', () => {
    const steady = { work: 4, company: 8, ownNs: 1 };
    const other = { work: 4, company: 12, ownNs: 1 };
    expect(firstEnough(() => steady)).toBe(10);
    expect(firstEnough((index) => (index < 5 ? other : steady))).toBe(14);
    expect(
      firstEnough(
        () => steady,
        (index) => (index < 5 ? 12_000 : 10_000),
      ),
    ).toBe(14);
    expect(firstEnough((index) => (index % 2 === 0 ? other : steady))).toBe(UNEVEN_BATCHES);
    expect(firstEnough(() => ({ work: 4, company: 7, ownNs: 1 }))).toBe(UNEVEN_BATCHES);
    expect(
      firstEnough(
        () => steady,
        (index) => 10_000 * (1 + (index % 2)),
      ),
    ).toBe(UNEVEN_BATCHES);
  });

  it('is all that was seen, where nothing has been done since it was even', () => {
    const stage = new MadeUpStage();
    stage.batch(99_999, STEADY);
    stage.batch(ACCESSES_NS + 4 * 150, STEADY);
    const seen = Array.from({ length: 12 }, () => stage.batch(ACCESSES_NS));
    expect(seen.indexOf(true)).toBe(9);
    const { estimate, counters } = stage.rest([{ work: 4, ownNs: 100 }]);
    expect(estimate.timeNs).toBeCloseTo(99_999 + 15 * ACCESSES_NS + 8 * 150, 6);
    expect(counters).toMatchObject({ translationFaults: 12, spuriousFaults: 8 });
  });

  it('of programs that race goes on at its rates, whatever one of them does alone', () => {
    const stage = new MadeUpStage(0, 20, 1, 2);
    const raced = { kind: 'permission', work: 4, company: 8, ownNs: 100, isRetried: true } as const;
    for (let batch = 0; batch <= UNEVEN_BATCHES; batch++) {
      stage.counters.maps += 3;
      expect(stage.batch(10_000, raced)).toBe(batch === UNEVEN_BATCHES);
    }
    const { estimate, counters } = stage.rest([{ work: 99, ownNs: 1 }]);
    expect(estimate.timeNs).toBeCloseTo((UNEVEN_BATCHES + 3) * 10_000, 6);
    expect(counters).toMatchObject({ translationFaults: 0, permissionFaults: 24, retriedFaults: 8, maps: 6 });
    // Nothing scatters, and nobody is ahead: an access more or less at each end.
    expect(estimate.boundNs).toBeCloseTo((2 * 10_000) / BATCH, 6);
  });

  it('cannot be extrapolated before a batch was complete', () => {
    expect(() => new MadeUpStage().rest([])).toThrow('extrapolated before a batch was complete');
  });
});

describe('the time of what is extrapolated', () => {
  it('is that of the accesses and the work to come, with the wait of the sample for each piece of it', () => {
    const { estimate } = watched(() => 50).rest([{ work: 9, ownNs: 100 }]);
    const sampledNs = 99_999 + 10 * (ACCESSES_NS + 4 * 150);
    expect(estimate.timeNs).toBeCloseTo(sampledNs + 2 * ACCESSES_NS + 9 * 150, 6);
    expect(estimate).toMatchObject({ simulated: 11 * BATCH, accesses: 13 * BATCH });
  });

  it('is bound by two pieces of work where nothing scatters', () => {
    const { estimate } = watched(() => 50).rest([{ work: 9, ownNs: 100 }]);
    expect(estimate.boundNs).toBeCloseTo((2 * 10 * (ACCESSES_NS + 4 * 150)) / 40, 6);
  });

  it('is bound by twice the standard error of the waits, for each piece to come', () => {
    const steady = watched(() => 50).rest([{ work: 9, ownNs: 100 }]).estimate.boundNs;
    // Ten waits of 40 and 60 in turns: the sample deviation is the root of 1000 / 9, for pieces by four.
    const { estimate } = watched((batch) => (batch % 2 === 0 ? 40 : 60)).rest([{ work: 9, ownNs: 100 }]);
    const error = Math.sqrt((10 * 40 ** 2) / 9 / 10) / 4;
    expect(estimate.boundNs - steady).toBeCloseTo(2 * error * 9, 6);
  });

  it('holds all of the work that is dearer than the sample knows, and so does its bound', () => {
    const usual = watched(() => 50).rest([{ work: 9, ownNs: 100 }]).estimate;
    const dear = watched(() => 50).rest([
      { work: 8, ownNs: 100 },
      { work: 1, ownNs: 7100 },
    ]).estimate;
    expect(dear.timeNs - usual.timeNs).toBeCloseTo(7000, 6);
    expect(dear.boundNs - usual.boundNs).toBeCloseTo(2 * 7000, 6);
    const cheap = watched(() => 50).rest([{ work: 9, ownNs: 30 }]).estimate;
    expect(cheap.boundNs - usual.boundNs).toBeCloseTo(2 * 9 * 70, 6);
  });

  it('is bound by the lead of the vCPU that is furthest, too', () => {
    const even = watched(() => 50).rest([{ work: 9, ownNs: 100 }]).estimate.boundNs;
    const { estimate } = watched(() => 50, STEADY, 64).rest([{ work: 9, ownNs: 100 }]);
    expect(estimate.boundNs - even).toBeCloseTo((64 * (ACCESSES_NS + 4 * 150)) / BATCH, 6);
  });

  it('has no error for a vCPU alone', () => {
    const alone = new Float64Array([0, 10]);
    const { estimate } = watched((batch) => 50 + batch).rest([{ work: 9, ownNs: 500 }], alone);
    expect(estimate.boundNs).toBe(0);
  });

  it('is that of the accesses where the sample holds no work', () => {
    const stage = new MadeUpStage();
    stage.batch(500, { work: 20, ownNs: 10 });
    for (let batch = 1; batch <= 10; batch++) stage.batch(ACCESSES_NS);
    const { estimate } = stage.rest([]);
    expect(estimate.timeNs).toBeCloseTo(500 + 12 * ACCESSES_NS, 6);
    expect(estimate.boundNs).toBeCloseTo(0, 9);
  });
});

describe('the counts of what is extrapolated', () => {
  it('are those of the work to come, each piece with the company that it had after the start-up', () => {
    const { counters } = watched(() => 50, { work: 4, company: 20, ownNs: 100 }).rest([{ work: 9, ownNs: 100 }]);
    expect(counters).toMatchObject({ translationFaults: 9 * 3, permissionFaults: 0, spuriousFaults: 18, windows: 18 });
  });

  it('are those of each kind of fault, from the start-up where it was seen only there', () => {
    const startUp: Pieces = { kind: 'permission', work: 1, company: 5, ownNs: 100 };
    const { counters } = watched(() => 50, startUp).rest([
      { work: 9, ownNs: 100 },
      { kind: 'permission', work: 7, ownNs: 100 },
    ]);
    expect(counters).toMatchObject({ translationFaults: 27, permissionFaults: 7 * 6, spuriousFaults: 18 + 35 });
  });

  it('have the usual company at a kind of fault that was never seen, which finds the work done', () => {
    const cleaning: Pieces = { work: 4, company: 8, ownNs: 100, cleanedBytesOfCompany: 4096 };
    const stage = new MadeUpStage();
    for (let batch = 0; batch <= 10; batch++) stage.batch(10_000, cleaning);
    const seen = stage.rest([{ work: 5, ownNs: 100 }]).counters;
    expect(seen).toMatchObject({ translationFaults: 15, spuriousFaults: 10, cleanedBytes: 10 * 4096 });
    const unseen = stage.rest([{ kind: 'permission', work: 5, ownNs: 100 }]).counters;
    expect(unseen).toMatchObject({ permissionFaults: 15, spuriousFaults: 10, cleanedBytes: 0 });
  });

  it('are whole numbers where the company is uneven', () => {
    const stage = new MadeUpStage();
    for (let batch = 0; batch <= 10; batch++) {
      stage.batch(10_000, { work: 4, company: batch % 2 === 0 ? 4 : 5, ownNs: 1, cleanedBytesOfCompany: 100 + batch });
    }
    const { counters } = stage.rest([{ work: 7, ownNs: 1 }]);
    expect(counters.translationFaults).toBe(7 + Math.round((7 * 45) / 40));
    expect(Number.isInteger(counters.cleanedBytes)).toBe(true);
  });

  it('hold what one vCPU did alone, and the longest of what only it can tell', () => {
    const stage = watched(() => 50);
    const quiet = new StageCounters();
    Object.assign(quiet, { maps: 3, tablesAllocated: 4, tablesFreed: 5, staleReads: 6, longestWindowNs: 700 });
    const accounts = new FaultAccounts(quiet);
    const rest = {
      accesses: 13 * BATCH,
      units: 13 * BATCH,
      ...left(4 * BATCH),
      accounts,
      counters: quiet,
      longestStallNs: 900,
    };
    const counters = new StageCounters();
    Object.assign(counters, { maps: 30, tablesAllocated: 40, tablesFreed: 50, staleReads: 60, longestWindowNs: 699 });
    counters.stalled(899);
    stage.sampler.extrapolate(rest, ACCESS_NS).addTo(counters);
    expect(counters).toMatchObject({
      maps: 33,
      tablesAllocated: 44,
      tablesFreed: 55,
      staleReads: 66,
      longestWindowNs: 700,
    });
    expect([counters.stalls.count, counters.stalls.max]).toEqual([2, 900]);
    const longer = new StageCounters();
    longer.longestWindowNs = 701;
    longer.stalled(950);
    stage.sampler.extrapolate(rest, ACCESS_NS).addTo(longer);
    expect([longer.longestWindowNs, longer.stalls.count, longer.stalls.max]).toEqual([701, 1, 950]);
  });

  it('have the longest stall longer by what is longer to do than anything in the sample', () => {
    const stage = watched(() => 50);
    const counters = new StageCounters();
    counters.stalled(800);
    const accounts = new FaultAccounts(new StageCounters());
    addPieces(accounts, { work: 1, ownNs: 160 });
    const rest = { accesses: 13 * BATCH, units: 13 * BATCH, ...left(BATCH), accounts, counters: new StageCounters() };
    stage.sampler.extrapolate({ ...rest, longestStallNs: 500 }, ACCESS_NS).addTo(counters);
    expect([counters.stalls.count, counters.stalls.max]).toEqual([2, 860]);
  });

  it('have waits for host pages as long as these take to make, for each that keeps company, where none was seen', () => {
    const stage = watched(() => 50);
    const quiet = new StageCounters();
    quiet.hostPageMakeNs = 1000;
    const accounts = new FaultAccounts(quiet);
    const rest = {
      accesses: 13 * BATCH,
      units: 13 * BATCH,
      ...left(BATCH),
      accounts,
      counters: quiet,
      longestStallNs: 0,
    };
    const counters = new StageCounters();
    stage.sampler.extrapolate(rest, ACCESS_NS).addTo(counters);
    expect(counters.hostPageWaitNs).toBeCloseTo(2 * 1000, 9);
  });

  it('have waits for the lock in proportion to the work', () => {
    const stage = new MadeUpStage();
    for (let batch = 0; batch <= 10; batch++) {
      stage.counters.lockWaitNs += batch === 0 ? 12_345 : 80;
      stage.batch(10_000, STEADY);
    }
    expect(stage.rest([{ work: 6, ownNs: 100 }]).counters.lockWaitNs).toBeCloseTo(6 * 20, 9);
  });
});
