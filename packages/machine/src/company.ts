/** What the company of other vCPUs adds to work that one of them did alone. */
import type { FaultKind } from '@s2bench/core/stage2';
import type { Charges } from './charges.ts';
import { addCharges, charge, noCharges, placeOf } from './charges.ts';
import type { FaultAccounts, FaultCount } from './fault-accounts.ts';
import { FAULT_KINDS } from './fault-accounts.ts';

/** What nobody pays alone: taking the lock, and waiting where all cores meet. */
const COSTS_OF_COMPANY = [
  placeOf('lockAcquire'),
  placeOf('readAcquire'),
  placeOf('lockHandover'),
  placeOf('lockLine'),
  placeOf('dvmIpa'),
  placeOf('dvmVmid'),
  placeOf('dvmRange'),
  placeOf('memoryLine'),
];

/** Adds to each piece of work that was done alone the company that such work had while all vCPUs ran. */
export class Company {
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
   * Charges what work of a kind that was done alone comes to in company. Alone nobody takes the lock, or
   * waits at a station: what that costs is what it did while all vCPUs ran.
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
    for (const cost of COSTS_OF_COMPANY) charge(charges, cost, faults * (ofWork[cost] ?? 0));
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
