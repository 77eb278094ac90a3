/**
 * The rest of a stage in which programs that differ race for the pages that the host makes. Who comes first decides what
 * there is to do, so that nobody alone can tell it: the rest is taken to go on as the sample did, access by access.
 */
import type { FaultKind } from '@s2bench/core/stage2';
import { type AccessNs, addCharges, chargeAsBefore } from './charges.ts';
import type { StageCounters } from './counters.ts';
import type { FaultAccounts, FaultCount } from './fault-accounts.ts';
import { FAULT_COUNTS, FAULT_KINDS } from './fault-accounts.ts';
import type { Mark } from './mark.ts';

const RATES = ['maps', 'tablesAllocated', 'tablesFreed', 'lockWaitNs', 'hostPageWaitNs'] as const;

/** What accesses of the slowest vCPU come to, at the rates between marks. */
export class RacedRest {
  readonly #first: Mark;
  readonly #last: Mark;
  readonly #sample: FaultAccounts;
  readonly #batchNs: readonly number[];

  /** @param marks - two at least, of batches of the same length */
  constructor(marks: readonly Mark[]) {
    const [first, last] = [marks[0], marks.at(-1)];
    if (first === undefined || last === undefined || first === last) throw new Error('a race without a batch');
    this.#first = first;
    this.#last = last;
    this.#sample = last.accounts.combined(first.accounts, -1);
    this.#batchNs = marks.slice(1).map((mark, index) => mark.nowNs - (marks[index]?.nowNs ?? 0));
  }

  /** The time of so many accesses of the slowest vCPU. */
  timeNs(accesses: number): number {
    return (this.#last.nowNs - this.#first.nowNs) * this.#part(accesses);
  }

  /**
   * How far it may be off: twice the standard error of a batch, and twice the time of the accesses that the vCPUs are
   * apart, since a mark may stand anywhere in what is between them.
   */
  boundNs(accesses: number): number {
    const sampleNs = this.#last.nowNs - this.#first.nowNs;
    const batches = this.#batchNs.length;
    const meanNs = sampleNs / batches;
    const squares = this.#batchNs.reduce((sum, ns) => sum + (ns - meanNs) ** 2, 0);
    const errorNs = Math.sqrt(squares / Math.max(1, batches - 1) / batches);
    const apart = 1 + this.#last.furthest - this.#last.accesses;
    return 2 * errorNs * batches * this.#part(accesses) + 2 * sampleNs * this.#part(apart);
  }

  /**
   * Adds what so many accesses of each vCPU come to. Those that are ahead take the translation faults, as far as the
   * furthest comes; the others find those pages there, and take permission faults as far as the slowest comes.
   *
   * @param remainingNs - accesses of all guests that are left, one after the other
   */
  addTo(counters: StageCounters, accesses: number, remainingNs: AccessNs): void {
    const [first, last] = [this.#first, this.#last];
    const aheadPart = accesses / (last.furthest - first.furthest);
    const behindPart = this.#part(accesses);
    const sample = this.#sample;
    const partOf = (kind: FaultKind): number => (kind === 'translation' ? aheadPart : behindPart);
    const counted = (count: FaultCount, kinds = FAULT_KINDS): number => {
      const sumOf = (kind: FaultKind): number => sample.work(count, [kind]) + sample.company(count, [kind]);
      const sum = kinds.reduce((total, kind) => total + sumOf(kind) * partOf(kind), 0);
      return count.endsWith('Ns') ? sum : Math.round(sum);
    };
    counters.translationFaults += counted('faults', ['translation']);
    counters.permissionFaults += counted('faults', ['permission']);
    for (const name of FAULT_COUNTS) if (name !== 'faults' && name !== 'ownNs') counters[name] += counted(name);
    for (const name of RATES) {
      const sum = (last[name] - first[name]) * aheadPart;
      counters[name] += name.endsWith('Ns') ? sum : Math.round(sum);
    }
    for (const kind of FAULT_KINDS) {
      addCharges(counters.charges, sample.workCharges(kind), partOf(kind));
      addCharges(counters.charges, sample.companyCharges(kind), partOf(kind));
    }
    chargeAsBefore(counters.charges, remainingNs);
  }

  /** So many accesses as a part of the sample's. */
  #part(accesses: number): number {
    return accesses / (this.#last.accesses - this.#first.accesses);
  }
}
