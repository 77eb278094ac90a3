/** When a stage that repeats itself has been watched long enough, and what the rest of it will take. */
import type { StageCounters } from './counters.ts';
import type { GuestRunner } from './guest-runner.ts';

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

/** Counts that grow with the faults. */
const RATES = [
  'translationFaults',
  'permissionFaults',
  'spuriousFaults',
  'retriedFaults',
  'relaxed',
  'tlbiVmid',
  'tlbiIpa',
  'cleanedBytes',
  'icacheBytes',
  'windows',
  'totalWindowNs',
  'lockWaitNs',
  'staleReads',
] as const;
type Rate = (typeof RATES)[number];

/** What a batch took. */
interface Mark {
  readonly accesses: number;
  readonly nowNs: number;
  readonly counts: Record<Rate, number>;
}

/** The rest of a stage, from its sampled part. */
export interface Extrapolation {
  readonly timeNs: number;
  /** Twice the standard error of the batches' mean, relative to the whole stage. */
  readonly errorBound: number;
  readonly counts: Record<Rate, number>;
}

/** Watches a runner batch by batch. */
export class StageSampler {
  readonly #runner: GuestRunner;
  readonly #counters: StageCounters;
  readonly #faultBudget: number;
  readonly #batchAccesses: number;
  readonly #marks: Mark[] = [];
  #nextMark: number;

  constructor(runner: GuestRunner, counters: StageCounters, options: SamplingOptions) {
    this.#runner = runner;
    this.#counters = counters;
    this.#faultBudget = options.faultBudget;
    const period = options.periodAccesses;
    const whole = period <= LONGEST_PERIOD ? Math.ceil(BATCH_ACCESSES / period) * period : BATCH_ACCESSES;
    this.#batchAccesses = whole;
    this.#nextMark = whole;
  }

  /** Looks at the runner after an event; `true` once the rest can be extrapolated. */
  seenEnough(): boolean {
    if (this.#counters.faults < this.#faultBudget / LEAST_BATCHES) return false;
    const accesses = this.#runner.slowestAccesses;
    if (accesses < this.#nextMark) return false;
    this.#marks.push({ accesses, nowNs: this.#runner.nowNs, counts: pick(this.#counters) });
    this.#nextMark = accesses + this.#batchAccesses;
    return this.#counters.faults >= this.#faultBudget && this.#marks.length > LEAST_BATCHES;
  }

  /**
   * The part of the stage that was not simulated.
   *
   * @param remainingAccesses - what the slowest vCPU still has to do
   * @param elapsedNs - time of the simulated part
   */
  extrapolate(remainingAccesses: number, elapsedNs: number): Extrapolation {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined) throw new Error('extrapolated before a batch was complete');
    const accesses = last.accesses - first.accesses;
    const rates: number[] = [];
    for (let index = 1; index < this.#marks.length; index++) {
      const [from, to] = [this.#marks[index - 1], this.#marks[index]];
      if (from !== undefined && to !== undefined) rates.push((to.nowNs - from.nowNs) / (to.accesses - from.accesses));
    }
    const share = remainingAccesses / accesses;
    const timeNs = (last.nowNs - first.nowNs) * share;
    const counts = Object.fromEntries(
      RATES.map((name) => [name, (last.counts[name] - first.counts[name]) * share]),
    ) as Record<Rate, number>;
    return { timeNs, errorBound: (2 * standardError(rates) * remainingAccesses) / (elapsedNs + timeNs), counts };
  }
}

/** Adds what was extrapolated to what was counted. Counts stay whole numbers. */
export function addExtrapolated(counters: StageCounters, { counts }: Extrapolation): void {
  for (const name of RATES) {
    const value = counters[name] + counts[name];
    counters[name] = name.endsWith('Ns') ? value : Math.round(value);
  }
}

function pick(counters: StageCounters): Record<Rate, number> {
  return Object.fromEntries(RATES.map((name) => [name, counters[name]])) as Record<Rate, number>;
}

function standardError(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
