/**
 * When a stage has been watched long enough, and what the rest of it will come to.
 *
 * The rest is run too, but by one vCPU alone and without a clock: that tells which faults there are to come, and what
 * each costs in itself. A sample has to tell only what is beside that: the waiting, and the company of the other vCPUs.
 */
import type { FaultKind } from '@s2bench/core/stage2';
import type { Charges } from './charges.ts';
import { addCharges, charge, chargeAccesses, noCharges, placeOf } from './charges.ts';
import type { StageCounters } from './counters.ts';
import type { FaultAccounts, FaultCount } from './fault-accounts.ts';
import { FAULT_COUNTS, FAULT_KINDS } from './fault-accounts.ts';

/** How a stage may be sampled. */
export interface SamplingOptions {
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

/** How far a runner has come. */
export interface Progress {
  readonly nowNs: number;
  readonly slowestAccesses: number;
  readonly furthestAccesses: number;
}

/** Where the stage stood. */
interface Mark {
  /** Of the slowest vCPU, and of the one that is furthest. */
  readonly accesses: number;
  readonly furthest: number;
  readonly nowNs: number;
  readonly accounts: FaultAccounts;
  readonly lockWaitNs: number;
  readonly hostPageWaitNs: number;
}

/** What one vCPU of each class did alone, to the end of the step. */
export interface QuietRest {
  /** Accesses of the slowest vCPU in the whole step. */
  readonly accesses: number;
  /** Accesses that were left to all vCPUs together. */
  readonly remainingAccesses: number;
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
  readonly #marks: Mark[] = [];
  #nextMark: number;

  constructor(runner: Progress, counters: StageCounters, accounts: FaultAccounts, options: SamplingOptions) {
    this.#runner = runner;
    this.#counters = counters;
    this.#accounts = accounts;
    this.#faultBudget = options.faultBudget;
    this.#startNs = runner.nowNs;
    const period = options.periodAccesses;
    const whole = period <= LONGEST_PERIOD ? Math.ceil(BATCH_ACCESSES / period) * period : BATCH_ACCESSES;
    this.#batchAccesses = whole;
    this.#nextMark = whole;
  }

  /** Looks at the runner after an event; `true` once the rest can be extrapolated. */
  seenEnough(): boolean {
    const { faults, lockWaitNs, hostPageWaitNs } = this.#counters;
    if (faults < this.#faultBudget / LEAST_BATCHES) return false;
    const accesses = this.#runner.slowestAccesses;
    if (accesses < this.#nextMark) return false;
    const accounts = this.#accounts.combined();
    const furthest = this.#runner.furthestAccesses;
    this.#marks.push({ accesses, furthest, nowNs: this.#runner.nowNs, accounts, lockWaitNs, hostPageWaitNs });
    this.#nextMark = accesses + this.#batchAccesses;
    return faults >= this.#faultBudget && this.#marks.length > LEAST_BATCHES;
  }

  /**
   * The whole stage, once the sampled part has been drained.
   *
   * @param accessNs - nanoseconds of one access by number of vCPUs that run
   */
  extrapolate(rest: QuietRest, accessNs: Float64Array): Estimate {
    const { first, last } = this.#ends();
    const vcpus = accessNs.length - 1;
    const ofAccess = accessNs[vcpus] ?? 0;
    const sample = last.accounts.combined(first.accounts, -1);

    // What was simulated after the last mark is counted, but its time is that of a stage that comes to its end.
    const work = this.#accounts.combined(last.accounts, -1).combined(rest.accounts);
    const pieces = work.work('faults');
    const accesses = rest.accesses - last.accesses;
    const perPiece = unexplained(first, last, ofAccess) / Math.max(1, sample.work('faults'));
    const restNs = accesses * ofAccess + work.work('ownNs') + pieces * perPiece;

    return {
      timeNs: last.nowNs - this.#startNs + restNs,
      simulated: last.accesses,
      accesses: rest.accesses,
      boundNs: vcpus === 1 ? 0 : this.#boundNs(sample, work, perPiece, ofAccess),
      addTo: (counters) => {
        this.#add(counters, rest, sample);
        // What company adds to an access it has added to those that were simulated: most of the time, others fault.
        const aloneNs = rest.remainingAccesses * (accessNs[1] ?? 0);
        const simulatedNs = counters.charges[placeOf('guestAccess')] ?? 0;
        const addedNs = counters.charges[placeOf('memoryService')] ?? 0;
        chargeAccesses(counters.charges, aloneNs * (1 + addedNs / Math.max(1, simulatedNs)), aloneNs);
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
    // Work that was rarer than the sample knows: all vCPUs are assumed to wait for it, and may not have.
    const unusualNs = Math.abs(work.work('ownNs') - (pieces * sample.work('ownNs')) / Math.max(1, sampled));
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
    counters.hostPageWaitNs += (last.hostPageWaitNs - first.hostPageWaitNs) * pieces;
    for (const kind of FAULT_KINDS) company.chargeWith(counters.charges, kind);
    // What is longer than anything in the sample, the sample cannot hold.
    if (quiet.longestWindowNs > counters.longestWindowNs) counters.longestWindowNs = quiet.longestWindowNs;
    if (longestStallNs > counters.stalls.max) counters.stalled(longestStallNs);
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
  return to.nowNs - from.nowNs - (to.accesses - from.accesses) * ofAccess - workNs;
}

const LOCK_COSTS = [placeOf('lockAcquire'), placeOf('lockHandover')];

/** Adds to each piece of work that was done alone the company that such work had while all vCPUs ran. */
class Company {
  readonly #all: FaultAccounts;
  readonly #sample: FaultAccounts;
  readonly #alone: FaultAccounts;

  constructor(all: FaultAccounts, sample: FaultAccounts, alone: FaultAccounts) {
    this.#all = all;
    this.#sample = sample;
    this.#alone = alone;
  }

  /** What work that was done alone comes to in company. Faults are whole, and each of them comes to the same. */
  with(count: FaultCount, kinds = FAULT_KINDS): number {
    const sum = kinds.reduce((total, kind) => {
      const alone = this.#alone.work(count, [kind]) + this.#alone.company(count, [kind]);
      return total + alone + this.#companyOf(kind) * this.#perCompanion(count, kind);
    }, 0);
    return count.endsWith('Ns') ? sum : Math.round(sum);
  }

  /**
   * Charges what work of a kind that was done alone comes to in company. Alone nobody takes the lock: what that costs
   * is what it did while all vCPUs ran.
   */
  chargeWith(charges: Charges, kind: FaultKind): void {
    const known = this.#known(kind) ?? this.#all;
    const kinds = this.#known(kind) === undefined ? FAULT_KINDS : [kind];
    const [ofWork, ofCompany] = [noCharges(), noCharges()];
    for (const each of kinds) {
      addCharges(ofWork, known.workCharges(each), 1 / Math.max(1, known.work('faults', kinds)));
      addCharges(ofCompany, known.companyCharges(each), 1 / Math.max(1, known.company('faults', kinds)));
    }
    addCharges(charges, this.#alone.workCharges(kind));
    addCharges(charges, this.#alone.companyCharges(kind));
    const faults = this.#alone.work('faults', [kind]) + this.#alone.company('faults', [kind]);
    for (const cost of LOCK_COSTS) charge(charges, cost, faults * (ofWork[cost] ?? 0));
    addCharges(charges, ofCompany, this.#companyOf(kind));
  }

  /** Faults of others that find work of a kind done. */
  #companyOf(kind: FaultKind): number {
    const known = this.#known(kind);
    const perPiece =
      known === undefined
        ? this.#all.company('faults') / Math.max(1, this.#all.work('faults'))
        : known.company('faults', [kind]) / known.work('faults', [kind]);
    return Math.round(this.#alone.work('faults', [kind]) * perPiece);
  }

  #perCompanion(count: FaultCount, kind: FaultKind): number {
    const known = this.#known(kind);
    // A kind of fault that nobody has seen: the others are taken to find the work done, and to do nothing more.
    if (known === undefined) return count === 'faults' || count === 'spuriousFaults' ? 1 : 0;
    return known.company(count, [kind]) / Math.max(1, known.company('faults', [kind]));
  }

  /** The steady part of the sample knows best. What was rare there is taken from all that was simulated. */
  #known(kind: FaultKind): FaultAccounts | undefined {
    return [this.#sample, this.#all].find((accounts) => accounts.work('faults', [kind]) > 0);
  }
}
