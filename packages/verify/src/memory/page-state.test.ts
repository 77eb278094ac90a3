import { describe, expect, it } from 'vitest';
import {
  afterDiscard,
  afterGuestWrite,
  afterHostWrite,
  afterTakenAway,
  COHERENT,
  GUEST_BESIDE_OWED,
  GUEST_BESIDE_UNOWED,
  GUEST_CACHED,
  hasGuestLine,
  isOwed,
  isUncleaned,
  OVERWRITABLE,
  OWED,
  UNOWED,
} from './page-state.ts';

const ALL = [COHERENT, OWED, UNOWED, GUEST_CACHED, OVERWRITABLE, GUEST_BESIDE_OWED, GUEST_BESIDE_UNOWED];

describe('a page of several lines', () => {
  it('is as owed after a store of the guest as before: one line hides nothing of the others', () => {
    for (const state of ALL) {
      for (const cached of [false, true]) expect(isOwed(afterGuestWrite(state, cached))).toBe(isOwed(state));
    }
  });

  it('is as uncleaned after a store of the guest as before', () => {
    for (const state of ALL) {
      for (const cached of [false, true]) expect(isUncleaned(afterGuestWrite(state, cached))).toBe(isUncleaned(state));
    }
  });

  it('may lose a store past the caches to a line of the host’s wherever one is owed', () => {
    expect(ALL.filter((state) => afterGuestWrite(state, false) === OVERWRITABLE)).toEqual(ALL.filter(isOwed));
  });

  it('has a line of the guest after a store through its caches, until that is thrown away', () => {
    for (const state of ALL) {
      const written = afterGuestWrite(state, true);
      expect(hasGuestLine(written)).toBe(true);
      expect(afterDiscard(written)).toBe(OWED);
    }
    expect(afterDiscard(UNOWED)).toBe(UNOWED);
  });

  it('is owed where the host wrote while the guest could not reach it, and all over when it is taken away', () => {
    expect([afterHostWrite(false), afterHostWrite(true)]).toEqual([OWED, UNOWED]);
    expect(ALL.map(afterTakenAway)).toEqual([
      COHERENT,
      OWED,
      OWED,
      GUEST_CACHED,
      OVERWRITABLE,
      GUEST_BESIDE_OWED,
      GUEST_BESIDE_OWED,
    ]);
  });
});
