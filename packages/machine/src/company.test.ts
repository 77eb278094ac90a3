import type { FaultKind } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { charge, chargesByName, noCharges, placeOf } from './charges.ts';
import { Company } from './company.ts';
import { StageCounters } from './counters.ts';
import { FaultAccount, FaultAccounts } from './fault-accounts.ts';

interface Faults {
  readonly kind: FaultKind;
  readonly works: boolean;
  readonly times: number;
  /** Of each. */
  readonly ownNs?: number;
  readonly spurious?: number;
  readonly lockNs?: number;
  readonly exitNs?: number;
}

function accountsOf(...faults: readonly Faults[]): FaultAccounts {
  const counters = new StageCounters();
  const accounts = new FaultAccounts(counters);
  for (const { kind, works, times, ownNs = 0, spurious = 0, lockNs = 0, exitNs = 0 } of faults) {
    const account = new FaultAccount();
    account.begin();
    account.ran(ownNs);
    charge(account.charges, placeOf('lockHandover'), lockNs);
    charge(account.charges, placeOf('exit'), exitNs);
    counters.spuriousFaults += spurious;
    accounts.charge(account, counters);
    account.changedTables = works;
    accounts.add(kind, account, times);
  }
  return accounts;
}

const TRANSLATION = { kind: 'translation' } as const;
const PERMISSION = { kind: 'permission' } as const;

/** Ten pieces of work of 100 ns, and thirty companions of 40 ns that find it done. */
const SAMPLE = [
  { ...TRANSLATION, works: true, times: 10, ownNs: 100, lockNs: 7, exitNs: 20 },
  { ...TRANSLATION, works: false, times: 30, ownNs: 40, spurious: 1, lockNs: 5, exitNs: 30 },
] as const;
/** Alone: four pieces of work that take 90 ns, and one fault that came to nothing. */
const ALONE = accountsOf(
  { ...TRANSLATION, works: true, times: 4, ownNs: 90, exitNs: 20 },
  { ...TRANSLATION, works: false, times: 1, ownNs: 50, spurious: 1, exitNs: 20 },
);

describe('work that was done alone', () => {
  it('has in company what such work had in the sample', () => {
    const sample = accountsOf(...SAMPLE);
    const company = new Company(sample, sample, ALONE);
    // Each piece has three companions.
    expect(company.with('faults')).toBe(5 + 12);
    expect(company.with('spuriousFaults')).toBe(1 + 12);
    expect(company.with('ownNs')).toBeCloseTo(4 * 90 + 50 + 12 * 40, 9);
    expect(company.with('faults', ['permission'])).toBe(0);
  });

  it('is charged what it was charged alone, what its company was, and for the lock what the sample was', () => {
    const sample = accountsOf(...SAMPLE);
    const charges = noCharges();
    new Company(sample, sample, ALONE).chargeWith(charges, 'translation');
    const { exit, lockHandover } = chargesByName(charges);
    expect(exit).toBeCloseTo(5 * 20 + 12 * 30, 9);
    expect(lockHandover).toBeCloseTo(5 * 7 + 12 * 5, 9);
  });

  it('is known from the steady part first, then from all that was simulated', () => {
    const all = accountsOf(
      { ...TRANSLATION, works: true, times: 10 },
      { ...TRANSLATION, works: false, times: 70, spurious: 1 },
      { ...PERMISSION, works: true, times: 5 },
      { ...PERMISSION, works: false, times: 10, spurious: 1 },
    );
    const alone = accountsOf({ ...TRANSLATION, works: true, times: 4 }, { ...PERMISSION, works: true, times: 3 });
    const company = new Company(all, accountsOf(...SAMPLE), alone);
    expect(company.with('faults', ['translation'])).toBe(4 + 12);
    expect(company.with('faults', ['permission'])).toBe(3 + 6);
  });

  it('of a kind that nobody has seen finds as many companions as others, who find it done', () => {
    const sample = accountsOf(...SAMPLE);
    const alone = accountsOf({ ...PERMISSION, works: true, times: 2, ownNs: 10, exitNs: 3 });
    const company = new Company(sample, sample, alone);
    expect(company.with('faults', ['permission'])).toBe(2 + 6);
    expect(company.with('spuriousFaults', ['permission'])).toBe(6);
    expect(company.with('ownNs', ['permission'])).toBe(20);
    const charges = noCharges();
    company.chargeWith(charges, 'permission');
    expect(chargesByName(charges).exit).toBeCloseTo(2 * 3 + 6 * 30, 9);
    expect(chargesByName(charges).lockHandover).toBeCloseTo(2 * 7 + 6 * 5, 9);
  });

  it('has none where nothing was ever seen', () => {
    const company = new Company(accountsOf(), accountsOf(), ALONE);
    expect(company.with('faults')).toBe(5);
  });
});
