import { describe, expect, it } from 'vitest';
import { charge, chargesByName, placeOf } from './charges.ts';
import { StageCounters } from './counters.ts';
import { FaultAccount, FaultAccounts } from './fault-accounts.ts';
import type { Mark } from './mark.ts';
import { RacedRest } from './raced-rest.ts';

/** So many faults of each kind, half of which did the work; each has run for 100 ns, 60 of them for its exit. */
function accountsOf(translation: number, permission: number): FaultAccounts {
  const counters = new StageCounters();
  const accounts = new FaultAccounts(counters);
  for (const [kind, faults] of [
    ['translation', translation],
    ['permission', permission],
  ] as const)
    for (const works of [true, false]) {
      const account = new FaultAccount();
      account.begin();
      account.ran(100);
      charge(account.charges, placeOf('exit'), 60);
      counters.tlbiIpa++;
      accounts.charge(account, counters);
      account.changedTables = works;
      accounts.add(kind, account, faults / 2);
    }
  return accounts;
}

/** Where the sample stands after batches of ten accesses of the slowest, and of twenty of the furthest. */
function markAt(batch: number, nowNs: number): Mark {
  return {
    nowNs,
    accesses: 10 * batch,
    furthest: 4 + 20 * batch,
    maps: 8 * batch,
    tablesAllocated: 6 * batch,
    tablesFreed: 4 * batch,
    lockWaitNs: 1000 * batch,
    hostPageWaitNs: 300 * batch,
    accounts: accountsOf(10 * batch, 20 * batch),
  } as unknown as Mark;
}

const NOTHING = { aloneNs: 0, farNs: 0, walkReadsNs: 0, walkLinesNs: 0 };

describe('the rest of a race', () => {
  it('takes as long, access by access, as the sample did', () => {
    const rest = new RacedRest([markAt(1, 500), markAt(2, 1400), markAt(3, 2500)]);
    expect(rest.timeNs(20)).toBe(2000);
    expect(rest.timeNs(5)).toBe(500);
    expect(rest.timeNs(0)).toBe(0);
  });

  it('is bound by what batches differ in, and by how far the vCPUs are apart', () => {
    const rest = new RacedRest([markAt(1, 500), markAt(2, 1400), markAt(3, 2500)]);
    // Batches of 900 and 1100 ns: a standard deviation of 141.4, a standard error of 100.
    const apart = 1 + (4 + 60) - 30;
    const apartNs = 2 * 2000 * (apart / 20);
    expect(rest.boundNs(0)).toBeCloseTo(apartNs, 6);
    expect(rest.boundNs(20)).toBeCloseTo(2 * 100 * 2 + apartNs, 6);
    expect(rest.boundNs(10)).toBeCloseTo(2 * 100 + apartNs, 6);
    const four = new RacedRest([markAt(1, 0), markAt(2, 900), markAt(3, 2000), markAt(4, 2900), markAt(5, 4000)]);
    const errorNs = Math.sqrt((4 * 100 ** 2) / 3 / 4);
    expect(four.boundNs(40) - four.boundNs(0)).toBeCloseTo(2 * errorNs * 4, 6);
    const even = new RacedRest([markAt(1, 0), markAt(2, 1000)]);
    expect(even.boundNs(10)).toBe(even.boundNs(0));
  });

  it('takes its translation faults at the pace of the furthest, and its permission faults at that of the slowest', () => {
    const rest = new RacedRest([markAt(1, 0), markAt(3, 2000)]);
    const counters = new StageCounters();
    rest.addTo(counters, 10, NOTHING);
    // Twenty translation faults of 40 accesses of the furthest, and forty permission faults of 20 of the slowest.
    expect(counters).toMatchObject({ translationFaults: 5, permissionFaults: 20, maps: 4, tablesAllocated: 3 });
    expect(counters).toMatchObject({ tablesFreed: 2, lockWaitNs: 500, hostPageWaitNs: 150, tlbiIpa: 25 });
    expect(counters.stalledNs).toBeCloseTo(25 * 100 + 500 + 150, 6);
    expect(chargesByName(counters.charges).exit).toBeCloseTo(25 * 60, 6);
  });

  it('counts whole faults, and charges the accesses that are left', () => {
    const rest = new RacedRest([markAt(1, 0), markAt(3, 2000)]);
    const counters = new StageCounters();
    rest.addTo(counters, 3, { ...NOTHING, aloneNs: 400 });
    expect(counters).toMatchObject({ translationFaults: 2, permissionFaults: 6, maps: 1 });
    expect(counters.lockWaitNs).toBeCloseTo(150, 6);
    expect(chargesByName(counters.charges).guestAccess).toBe(400);
  });

  it('needs a batch', () => {
    const mark = markAt(1, 0);
    for (const marks of [[], [mark], [mark, mark]])
      expect(() => new RacedRest(marks)).toThrow('a race without a batch');
  });
});
