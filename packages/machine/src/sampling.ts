/**
 * When a stage has been watched long enough, and what the rest of it will come to.
 *
 * The rest is run too, but by one vCPU alone and without a clock: that tells which faults there are to come, and what
 * each costs in itself. A sample has to tell only what is beside that: the waiting, and the company of the other vCPUs.
 */
import { type AccessNs, chargeAsBefore } from './charges.ts';
import { Company } from './company.ts';
import type { StageCounters } from './counters.ts';
import type { FaultAccounts } from './fault-accounts.ts';
import { FAULT_COUNTS, FAULT_KINDS } from './fault-accounts.ts';
import type { Mark, Progress } from './mark.ts';
import { markNow } from './mark.ts';
import { RacedRest } from './raced-rest.ts';

/** How a stage may be sampled. */
export interface SamplingOptions {
  /** Programs that differ: where there are several, what one vCPU does alone need not be what it does in a race. */
  readonly programs: number;
  /** Faults share mmu_lock: who loses an entry comes again, so that the company of a piece of work is a mean. */
  readonly sharesLock: boolean;
  /** Faults that are simulated one by one before anything is extrapolated. */
  readonly faultBudget: number;
  /** Accesses of a vCPU after which its program repeats itself. */
  readonly periodAccesses: number;
}

/** A batch covers at least so many accesses of the slowest vCPU, in whole periods where these are short. */
const BATCH_ACCESSES = 512;
const LONGEST_PERIOD = 4096;
/** Batches that a rate is estimated from. The first one is start-up and not used. */
const LEAST_BATCHES = 10;

/**
 * Where a piece of work has not the same company each time, or a batch does not take the time of the one before it, the
 * rest can only be estimated. So such a stage is simulated further, mostly to its end: until it has had so many times the
 * faults and the batches of one that is even.
 */
const UNEVEN_TIMES = 8;
/** Batches that differ by less than this part of their time are even. */
const EVEN_PART = 2e-3;
/** Under a shared lock, batches whose company differs by less than this part are even. */
const EVEN_COMPANY_PART = 1e-2;

/** What one vCPU of each class did alone, to the end of the step. */
export interface QuietRest {
  /** Accesses of the slowest vCPU in the whole step. */
  readonly accesses: number;
  /** The same in accesses of the profile. */
  readonly units: number;
  /** What the accesses that were left to all vCPUs take one after the other. */
  readonly remainingNs: AccessNs;
  readonly accounts: FaultAccounts;
  /** Its `staleReads` are those of all vCPUs. */
  readonly counters: StageCounters;
  readonly longestStallNs: number;
}

/** A stage, from its sampled part and the quiet rest. */
export interface Estimate {
  readonly timeNs: number;
  /** Accesses of the slowest vCPU: those that were simulated, and all. */
  readonly simulated: number;
  readonly accesses: number;
  /** How far {@link timeNs} may be off. */
  readonly boundNs: number;
  /** Adds the rest to what was counted. */
  addTo(counters: StageCounters): void;
}

/** Watches a runner batch by batch. */
export class StageSampler {
  readonly #runner: Progress;
  readonly #counters: StageCounters;
  readonly #accounts: FaultAccounts;
  readonly #faultBudget: number;
  readonly #batchAccesses: number;
  readonly #startNs: number;
  readonly #programs: number;
  readonly #sharesLock: boolean;
  #marks: Mark[] = [];
  /** The first mark from which on batches are even. */
  #evenSince = 0;
  #nextMark: number;

  constructor(runner: Progress, counters: StageCounters, accounts: FaultAccounts, options: SamplingOptions) {
    this.#runner = runner;
    this.#counters = counters;
    this.#accounts = accounts;
    this.#faultBudget = options.faultBudget;
    this.#programs = options.programs;
    this.#sharesLock = options.sharesLock;
    this.#startNs = runner.nowNs;
    const period = options.periodAccesses;
    const whole = period <= LONGEST_PERIOD ? Math.ceil(BATCH_ACCESSES / period) * period : BATCH_ACCESSES;
    this.#batchAccesses = whole;
    this.#nextMark = whole;
  }

  /** Looks at the runner after an event; `true` once the rest can be extrapolated. */
  seenEnough(): boolean {
    const { faults } = this.#counters;
    if (faults < this.#faultBudget / LEAST_BATCHES) return false;
    const accesses = this.#runner.slowestAccesses;
    if (accesses < this.#nextMark) return false;
    this.#marks.push(markNow(this.#runner, this.#accounts, this.#counters));
    this.#nextMark = accesses + this.#batchAccesses;
    this.#lookAtBatch();
    if (faults < this.#faultBudget || this.#marks.length <= LEAST_BATCHES) return false;
    const isLong = this.#marks.length > UNEVEN_TIMES * LEAST_BATCHES;
    if (isLong && faults >= UNEVEN_TIMES * this.#faultBudget) return true;
    if (this.#marks.length - this.#evenSince <= LEAST_BATCHES || this.#races()) return false;
    // What came before was start-up: unless nothing was done since, where a program is long at what is mapped.
    const even = this.#marks.slice(this.#evenSince);
    if (this.#accounts.work('faults') > (even[0]?.accounts.work('faults') ?? 0)) this.#marks = even;
    return true;
  }

  /**
   * Whether the batch that has just ended was as the one before it: in its time, and in a whole number of companions for
   * each piece of work. A fraction says that the vCPUs do not meet everywhere, and so not in the same way to the end. Where
   * they share the lock they lose entries to each other, and it is a mean that has to be the same.
   */
  #lookAtBatch(): void {
    const [from, middle, to] = this.#marks.slice(-3);
    if (from === undefined || middle === undefined || to === undefined) return;
    const [before, batchNs] = [middle.accounts.combined(from.accounts, -1), to.nowNs - middle.nowNs];
    const batch = to.accounts.combined(middle.accounts, -1);
    const hasSameCompany = FAULT_KINDS.every((kind) => {
      const [work, workBefore] = [batch.work('faults', [kind]), before.work('faults', [kind])];
      const company = batch.company('faults', [kind]);
      if (work === 0) return company === 0;
      const companyBefore = before.company('faults', [kind]);
      if (this.#sharesLock) {
        const differs = Math.abs(company * workBefore - companyBefore * work);
        return differs <= EVEN_COMPANY_PART * company * workBefore;
      }
      const isSame = workBefore === 0 || company * workBefore === companyBefore * work;
      return isSame && company % work === 0;
    });
    const differenceNs = Math.abs(batchNs - (middle.nowNs - from.nowNs));
    if (!hasSameCompany || differenceNs > EVEN_PART * batchNs) this.#evenSince = this.#marks.length - 2;
  }

  /** Whether programs that differ meet at pages that the host changes: then they do other work than each of them alone. */
  #races(): boolean {
    return this.#programs > 1 && this.#accounts.work('retriedFaults') + this.#accounts.company('retriedFaults') > 0;
  }

  /**
   * The whole stage, once the sampled part has been drained.
   *
   * @param accessNs - nanoseconds of one access by number of vCPUs that run
   */
  extrapolate(rest: QuietRest, accessNs: Float64Array): Estimate {
    const { first, last } = this.#ends();
    if (this.#races()) return this.#extrapolateRace(rest);
    const vcpus = accessNs.length - 1;
    const ofAccess = accessNs[vcpus] ?? 0;
    const sample = last.accounts.combined(first.accounts, -1);

    // What was simulated after the last mark is counted, but its time is that of a stage that comes to its end.
    const work = this.#accounts.combined(last.accounts, -1).combined(rest.accounts);
    const pieces = work.work('faults');
    const units = rest.units - last.units;
    const perPiece = unexplained(first, last, ofAccess) / Math.max(1, sample.work('faults'));
    const restNs = units * ofAccess + work.work('ownNs') + pieces * perPiece;

    return {
      timeNs: last.nowNs - this.#startNs + restNs,
      simulated: last.accesses,
      accesses: rest.accesses,
      boundNs: vcpus === 1 ? 0 : this.#boundNs(sample, work, perPiece, ofAccess),
      addTo: (counters) => {
        this.#add(counters, rest, sample);
        chargeAsBefore(counters.charges, rest.remainingNs);
      },
    };
  }

  /** Where the work itself is a matter of who comes first, the rest goes on at the rates of the sample. */
  #extrapolateRace(rest: QuietRest): Estimate {
    const { accesses, remainingNs, counters: quiet } = rest;
    const { last } = this.#ends();
    const raced = new RacedRest(this.#marks);
    const left = accesses - this.#runner.slowestAccesses;
    return {
      timeNs: last.nowNs - this.#startNs + raced.timeNs(accesses - last.accesses),
      simulated: last.accesses,
      accesses,
      boundNs: raced.boundNs(accesses - last.accesses),
      addTo: (counters) => {
        raced.addTo(counters, left, remainingNs);
        counters.staleReads += quiet.staleReads;
      },
    };
  }

  /** How far the time of work to come may be off. A vCPU alone waits for nobody: its time is what its work costs. */
  #boundNs(sample: FaultAccounts, work: FaultAccounts, perPiece: number, ofAccess: number): number {
    const { first, last } = this.#ends();
    const [sampled, pieces] = [sample.work('faults'), work.work('faults')];
    const sampleNs = last.nowNs - first.nowNs;
    // Scatter: twice the standard error of the mean.
    const scatterNs = 2 * this.#standardError(perPiece, ofAccess) * pieces;
    // Work that was rarer than the sample knows: all vCPUs are assumed to wait for it, and may not have, or twice.
    const unusualNs = 2 * Math.abs(work.work('ownNs') - (pieces * sample.work('ownNs')) / Math.max(1, sampled));
    // The mark may stand anywhere in a piece of work, and so may the end. There, who was ahead leaves the others alone.
    const pieceNs = sampleNs / Math.max(1, sampled);
    const leadNs = ((last.furthest - last.accesses) * sampleNs) / (last.accesses - first.accesses);
    return scatterNs + unusualNs + (sampled > 0 ? 2 * pieceNs : 0) + leadNs;
  }

  #add(counters: StageCounters, { accounts, counters: quiet, longestStallNs }: QuietRest, sample: FaultAccounts): void {
    const { tablesAllocated, tablesFreed, maps, staleReads } = quiet;
    counters.tablesAllocated += tablesAllocated;
    counters.tablesFreed += tablesFreed;
    counters.maps += maps;
    counters.staleReads += staleReads;
    const company = new Company(this.#accounts, sample, accounts);
    counters.translationFaults += company.with('faults', ['translation']);
    counters.permissionFaults += company.with('faults', ['permission']);
    for (const name of FAULT_COUNTS) {
      if (name !== 'faults' && name !== 'ownNs') counters[name] += company.with(name);
    }
    const { first, last } = this.#ends();
    const pieces = accounts.work('faults') / Math.max(1, sample.work('faults'));
    counters.lockWaitNs += (last.lockWaitNs - first.lockWaitNs) * pieces;
    // For a page in the making the company waits; as long as it takes, where that was never seen.
    const makingNs = last.hostPageMakeNs - first.hostPageMakeNs;
    const companions = sample.company('faults') / Math.max(1, sample.work('faults'));
    const waitPart = makingNs > 0 ? (last.hostPageWaitNs - first.hostPageWaitNs) / makingNs : companions;
    counters.hostPageWaitNs += quiet.hostPageMakeNs * waitPart;
    for (const kind of FAULT_KINDS) company.chargeWith(counters.charges, kind);
    // What is longer than anything in the sample, the sample cannot hold.
    if (quiet.longestWindowNs > counters.longestWindowNs) counters.longestWindowNs = quiet.longestWindowNs;
    // Whoever waits with others for longer work waits as long as they did for the longest that there was, and longer by that.
    const longerNs = Math.max(0, accounts.longestWorkNs - this.#accounts.longestWorkNs);
    const stallNs = Math.max(longestStallNs, longerNs > 0 ? counters.stalls.max + longerNs : 0);
    if (stallNs > counters.stalls.max) counters.stalled(stallNs);
  }

  /** The marks between which the sample lies. */
  #ends(): { first: Mark; last: Mark } {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (first === undefined || last === undefined) throw new Error('extrapolated before a batch was complete');
    return { first, last };
  }

  /** Of the mean time that a piece of work takes beside what it costs in itself. */
  #standardError(perPiece: number, ofAccess: number): number {
    const marks = this.#marks;
    const batches = marks.length - 1;
    let squares = 0;
    let pieces = 0;
    for (let index = 1; index <= batches; index++) {
      const [from, to] = [marks[index - 1], marks[index]];
      if (from === undefined || to === undefined) continue;
      const inBatch = to.accounts.combined(from.accounts, -1).work('faults');
      squares += (unexplained(from, to, ofAccess) - inBatch * perPiece) ** 2;
      pieces += inBatch;
    }
    return Math.sqrt(squares / (batches - 1) / batches) / Math.max(1, pieces / batches);
  }
}

/** Time between two marks beside accesses and what the work cost in itself. */
function unexplained(from: Mark, to: Mark, ofAccess: number): number {
  const workNs = to.accounts.combined(from.accounts, -1).work('ownNs');
  return to.nowNs - from.nowNs - (to.units - from.units) * ofAccess - workNs;
}
