import { describe, expect, it } from 'vitest';
import { COSTS } from '../test/cell.ts';
import {
  addCharges,
  charge,
  chargeAccesses,
  chargeAsBefore,
  chargesByName,
  type Charges,
  costList,
  noCharges,
  placeOf,
} from './charges.ts';

/** Accesses of which 40 ns of 400 are far memory, and 60 and 30 walks. */
const ACCESSES = { aloneNs: 400, farNs: 40, walkReadsNs: 60, walkLinesNs: 30 };

/** What was charged, without what was not. */
function charged(charges: Charges): Record<string, number> {
  return Object.fromEntries(Object.entries(chargesByName(charges)).filter(([, ns]) => ns !== 0));
}

describe('charges', () => {
  it('are nothing at first, and sums by cost then', () => {
    const charges = noCharges();
    expect(charged(charges)).toEqual({});
    charge(charges, placeOf('exit'), 10);
    charge(charges, placeOf('exit'), 5);
    charge(charges, placeOf('tlbiVmid'), 3);
    expect(charged(charges)).toEqual({ exit: 15, tlbiVmid: 3 });
  });

  it('are added once, or so many times', () => {
    const [charges, others] = [noCharges(), noCharges()];
    charge(charges, placeOf('exit'), 1);
    charge(others, placeOf('exit'), 10);
    charge(others, placeOf('reference'), 2);
    addCharges(charges, others);
    addCharges(charges, others, 3);
    expect(charged(charges)).toEqual({ exit: 41, reference: 8 });
  });
});

describe('accesses of guests', () => {
  it('are charged by what takes their time, and what company adds apart', () => {
    const charges = noCharges();
    chargeAccesses(charges, 500, ACCESSES);
    const parts = { guestAccess: 270, farMemory: 40, guestWalkRead: 60, guestWalkLine: 30 };
    expect(charged(charges)).toEqual({ ...parts, memoryService: 100 });
    // Where several ran at one time, nothing was added.
    const alone = noCharges();
    chargeAccesses(alone, 400, ACCESSES);
    expect(charged(alone)).toEqual(parts);
    const less = noCharges();
    chargeAccesses(less, 300, ACCESSES);
    expect(charged(less)).toEqual({ ...parts, guestAccess: 170 });
  });

  it('that are to come meet as much company as those before', () => {
    const charges = noCharges();
    chargeAccesses(charges, 500, ACCESSES);
    chargeAsBefore(charges, ACCESSES);
    // A quarter more again.
    expect(charged(charges)).toEqual({
      guestAccess: 540,
      farMemory: 80,
      guestWalkRead: 120,
      guestWalkLine: 60,
      memoryService: 200,
    });
  });

  it('that are to come meet none where none were before', () => {
    const charges = noCharges();
    chargeAsBefore(charges, ACCESSES);
    expect(charged(charges)).toEqual({ guestAccess: 270, farMemory: 40, guestWalkRead: 60, guestWalkLine: 30 });
  });
});

it('costs stand in the order of charges, and what a profile leaves out is 0 there', () => {
  const list = costList({ ...COSTS, lockLine: 5 });
  const names = Object.keys(chargesByName(list));
  expect(list).toHaveLength(names.length);
  expect([list[placeOf('exit')], list[placeOf('lockLine')], list[placeOf('dvmIpa')]]).toEqual([COSTS.exit, 5, 0]);
});
