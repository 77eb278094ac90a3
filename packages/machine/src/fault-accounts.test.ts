import type { FaultKind } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { chargesByName, charge, noCharges, placeOf } from './charges.ts';
import { StageCounters } from './counters.ts';
import { FAULT_COUNTS, FaultAccount, FaultAccounts } from './fault-accounts.ts';

/** Counters of an operation, each other than all others. */
const OPERATION = {
  spuriousFaults: 1,
  retriedFaults: 2,
  relaxed: 3,
  tlbiVmid: 4,
  tlbiIpa: 5,
  tlbiRange: 6,
  cleanedBytes: 7,
  icacheBytes: 8,
  windows: 9,
  totalWindowNs: 10.5,
  windowPageNs: 11.5,
};

function count(counters: StageCounters, times: number): void {
  for (const [name, by] of Object.entries(OPERATION)) counters[name as keyof typeof OPERATION] += times * by;
}

/** Adds a fault that has run for 100 ns and was charged 60 of them for its exit. */
function addFault(accounts: FaultAccounts, counters: StageCounters, kind: FaultKind, works: boolean, times = 1): void {
  const account = new FaultAccount();
  account.begin();
  account.ran(70);
  account.ran(30);
  charge(account.charges, placeOf('exit'), 60);
  count(counters, 1);
  accounts.charge(account, counters);
  account.changedTables = works;
  accounts.add(kind, account, times);
}

describe('the account of a fault', () => {
  it('begins with the fault itself, and nothing of the one before', () => {
    const account = new FaultAccount();
    expect(account.changedTables).toBe(false);
    account.begin();
    account.ran(5);
    account.changedTables = true;
    charge(account.charges, placeOf('exit'), 3);
    expect(account.ownNs).toBe(5);
    account.begin();
    expect([account.ownNs, account.changedTables]).toEqual([0, false]);
    expect([...account.charges].every((ns) => ns === 0)).toBe(true);
    expect(account.sums[0]).toBe(1);
  });
});

describe('the accounts of a stage', () => {
  it('take of the counters what an operation has counted, and not what was counted before or otherwise', () => {
    const counters = new StageCounters();
    count(counters, 5);
    const accounts = new FaultAccounts(counters);
    addFault(accounts, counters, 'translation', true);
    count(counters, 3);
    accounts.countedOtherwise(counters);
    addFault(accounts, counters, 'translation', true);
    for (const [name, by] of Object.entries(OPERATION))
      expect(accounts.work(name as keyof typeof OPERATION), name).toBe(2 * by);
    expect([accounts.work('faults'), accounts.work('ownNs')]).toEqual([2, 200]);
    expect(FAULT_COUNTS.every((name) => accounts.company(name) === 0)).toBe(true);
  });

  it('tell kinds apart, and who did the work from who found it done', () => {
    const counters = new StageCounters();
    const accounts = new FaultAccounts(counters);
    addFault(accounts, counters, 'translation', true);
    addFault(accounts, counters, 'permission', true, 2);
    addFault(accounts, counters, 'translation', false, 4);
    addFault(accounts, counters, 'permission', false, 8);
    const kinds = ['translation', 'permission'] as const;
    expect(kinds.map((kind) => accounts.work('faults', [kind]))).toEqual([1, 2]);
    expect(kinds.map((kind) => accounts.company('faults', [kind]))).toEqual([4, 8]);
    expect([accounts.work('tlbiIpa'), accounts.company('tlbiIpa')]).toEqual([3 * 5, 12 * 5]);
    expect(kinds.map((kind) => chargesByName(accounts.workCharges(kind)).exit)).toEqual([60, 120]);
    expect(kinds.map((kind) => chargesByName(accounts.companyCharges(kind)).exit)).toEqual([240, 480]);
    const charges = noCharges();
    accounts.chargeTo(charges);
    expect(chargesByName(charges).exit).toBe(15 * 60);
  });

  it('keep the longest that one which did the work has run', () => {
    const counters = new StageCounters();
    const accounts = new FaultAccounts(counters);
    const run = (ns: number, works: boolean): void => {
      const account = new FaultAccount();
      account.begin();
      account.ran(ns);
      account.changedTables = works;
      accounts.add('translation', account);
    };
    run(500, false);
    expect(accounts.longestWorkNs).toBe(0);
    for (const ns of [20, 90, 40]) run(ns, true);
    expect(accounts.longestWorkNs).toBe(90);
  });

  it('are combined with others: added, taken away, or alone, and stay what they are', () => {
    const [counters, others] = [new StageCounters(), new StageCounters()];
    const [accounts, other] = [new FaultAccounts(counters), new FaultAccounts(others)];
    addFault(accounts, counters, 'translation', true, 5);
    addFault(accounts, counters, 'permission', false, 7);
    addFault(other, others, 'translation', true, 2);
    addFault(other, others, 'permission', false, 3);
    const faults = (all: FaultAccounts): number[] => [all.work('faults'), all.company('faults')];
    expect(faults(accounts.combined())).toEqual([5, 7]);
    expect(faults(accounts.combined(other))).toEqual([7, 10]);
    expect(faults(accounts.combined(other, -1))).toEqual([3, 4]);
    expect(faults(accounts)).toEqual([5, 7]);
    expect(chargesByName(accounts.combined(other, -1).workCharges('translation')).exit).toBe(180);
  });
});
