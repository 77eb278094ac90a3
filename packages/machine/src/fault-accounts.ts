/**
 * What faults come to, apart by whether they did the work or kept it company.
 *
 * Where all vCPUs run one program, one of them maps a page and the others, who fault on it too, find it mapped. The
 * work is the same however many they are, and known for any part of a program by running it alone. What the company
 * adds to each piece of work is what a sample has to tell.
 */
import type { FaultKind } from '@s2bench/core/stage2';
import type { Charges } from './charges.ts';
import { addCharges, noCharges } from './charges.ts';

/** The kinds of faults that are told apart. */
export const FAULT_KINDS: readonly FaultKind[] = ['translation', 'permission'];

/** What faults come to: themselves, their time without any waiting, and what is counted while one has mmu_lock. */
export const FAULT_COUNTS = [
  'faults',
  'ownNs',
  'spuriousFaults',
  'retriedFaults',
  'relaxed',
  'tlbiVmid',
  'tlbiIpa',
  'tlbiRange',
  'cleanedBytes',
  'icacheBytes',
  'windows',
  'totalWindowNs',
  'windowPageNs',
] as const;
/** One of them. */
export type FaultCount = (typeof FAULT_COUNTS)[number];

/** What is counted while one has mmu_lock. */
export type CountedUnderLock = Readonly<Record<Exclude<FaultCount, 'faults' | 'ownNs'>, number>>;

/** Sums of each of {@link FAULT_COUNTS}, in that order, and behind them what was charged to each cost. */
type Sums = Float64Array;
const FAULTS = 0;
const OWN_NS = 1;

function noSums(): Sums {
  return new Float64Array(FAULT_COUNTS.length + noCharges().length);
}

/** The charges among the sums. */
function chargesIn(sums: Sums): Charges {
  return sums.subarray(FAULT_COUNTS.length);
}

/** One fault on its way: what it has come to so far. */
export class FaultAccount {
  readonly sums = noSums();
  /** What it has been charged, by cost. */
  readonly charges = chargesIn(this.sums);
  /** It has stored into the tables. */
  changedTables = false;

  begin(): void {
    this.sums.fill(0);
    this.sums[FAULTS] = 1;
    this.changedTables = false;
  }

  /** How long it has run. */
  get ownNs(): number {
    return this.sums[OWN_NS] ?? 0;
  }

  /** It has run for a time, waiting for nobody. */
  ran(ns: number): void {
    this.sums[OWN_NS] = (this.sums[OWN_NS] ?? 0) + ns;
  }
}

/** Sums of faults by kind: of those that changed the tables, and of those that did not. */
export class FaultAccounts {
  readonly #work: Readonly<Record<FaultKind, Sums>> = { translation: noSums(), permission: noSums() };
  readonly #company: Readonly<Record<FaultKind, Sums>> = { translation: noSums(), permission: noSums() };
  /** The longest that one which did the work has run, waiting for nobody. */
  longestWorkNs = 0;
  /** The counters as they stood after the last operation under mmu_lock. */
  readonly #seen = noSums();

  /** @param counters - that later operations will count on */
  constructor(counters: CountedUnderLock) {
    read(this.#seen, counters);
  }

  /** The operation that is over was that of a fault: what it has counted, nobody else can have counted meanwhile. */
  charge({ sums }: FaultAccount, counters: CountedUnderLock): void {
    const seen = this.#seen;
    const end = FAULT_COUNTS.length;
    for (let index = OWN_NS + 1; index < end; index++) sums[index] = (sums[index] ?? 0) - (seen[index] ?? 0);
    read(seen, counters);
    for (let index = OWN_NS + 1; index < end; index++) sums[index] = (sums[index] ?? 0) + (seen[index] ?? 0);
  }

  /**
   * A fault is over.
   *
   * @param times - so many that were all the same
   */
  add(kind: FaultKind, { sums, changedTables }: FaultAccount, times = 1): void {
    addTo((changedTables ? this.#work : this.#company)[kind], sums, times);
    const ownNs = sums[OWN_NS] ?? 0;
    if (changedTables && ownNs > this.longestWorkNs) this.longestWorkNs = ownNs;
  }

  /** Faults that were not run were counted: nothing of it is the next one's. */
  countedOtherwise(counters: CountedUnderLock): void {
    read(this.#seen, counters);
  }

  /** These accounts as they stand now, with others that are added or taken away. */
  combined(other?: FaultAccounts, sign: 1 | -1 = 1): FaultAccounts {
    const combined = new FaultAccounts(NO_COUNTERS);
    for (const kind of FAULT_KINDS) {
      addTo(combined.#work[kind], this.#work[kind], 1);
      addTo(combined.#company[kind], this.#company[kind], 1);
      if (other === undefined) continue;
      addTo(combined.#work[kind], other.#work[kind], sign);
      addTo(combined.#company[kind], other.#company[kind], sign);
    }
    return combined;
  }

  /** Of those that did the work, of one kind or of all. */
  work(count: FaultCount, kinds = FAULT_KINDS): number {
    return total(this.#work, count, kinds);
  }

  /** Of those that found it done. */
  company(count: FaultCount, kinds = FAULT_KINDS): number {
    return total(this.#company, count, kinds);
  }

  /** Charges what all of them were charged. */
  chargeTo(charges: Charges): void {
    for (const kind of FAULT_KINDS) {
      addCharges(charges, this.workCharges(kind));
      addCharges(charges, this.companyCharges(kind));
    }
  }

  /** What those of one kind were charged that did the work. */
  workCharges(kind: FaultKind): Charges {
    return chargesIn(this.#work[kind]);
  }

  /** What those of one kind were charged that found it done. */
  companyCharges(kind: FaultKind): Charges {
    return chargesIn(this.#company[kind]);
  }
}

const NO_COUNTERS: CountedUnderLock = {
  spuriousFaults: 0,
  retriedFaults: 0,
  relaxed: 0,
  tlbiVmid: 0,
  tlbiIpa: 0,
  tlbiRange: 0,
  cleanedBytes: 0,
  icacheBytes: 0,
  windows: 0,
  totalWindowNs: 0,
  windowPageNs: 0,
};

function addTo(sums: Sums, others: Sums, times: number): void {
  for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] ?? 0) + times * (others[index] ?? 0);
}

function total(sums: Readonly<Record<FaultKind, Sums>>, count: FaultCount, kinds: readonly FaultKind[]): number {
  const index = FAULT_COUNTS.indexOf(count);
  return kinds.reduce((sum, kind) => sum + (sums[kind][index] ?? 0), 0);
}

/** Reads counters name by name, in the order of {@link FAULT_COUNTS}: this is done for every fault. */
function read(sums: Sums, counters: CountedUnderLock): void {
  sums[2] = counters.spuriousFaults;
  sums[3] = counters.retriedFaults;
  sums[4] = counters.relaxed;
  sums[5] = counters.tlbiVmid;
  sums[6] = counters.tlbiIpa;
  sums[7] = counters.tlbiRange;
  sums[8] = counters.cleanedBytes;
  sums[9] = counters.icacheBytes;
  sums[10] = counters.windows;
  sums[11] = counters.totalWindowNs;
  sums[12] = counters.windowPageNs;
}
