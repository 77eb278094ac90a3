import { describe, expect, it } from 'vitest';
import { GracePeriods } from './grace-periods.ts';

/** Two tables unlinked at 10 ns, three at 20 ns. */
function waiting(): GracePeriods {
  const periods = new GracePeriods();
  periods.unlinked(2, 10);
  periods.unlinked(3, 20);
  return periods;
}

describe('tables that wait for a grace period', () => {
  it('can be freed where no section began before they were unlinked, the oldest first', () => {
    expect([9, 10, 19, 20, Infinity].map((oldestNs) => waiting().freeable(oldestNs))).toEqual([0, 2, 2, 5, 5]);
  });

  it('are gone when they have been freed, and the others wait on', () => {
    const periods = waiting();
    periods.freed(2);
    expect([10, 20].map((oldestNs) => periods.freeable(oldestNs))).toEqual([0, 3]);
    periods.freed(3);
    expect(periods.freeable(Infinity)).toBe(0);
  });

  it('of several sections are freed at once', () => {
    const periods = waiting();
    periods.freed(5);
    expect(periods.freeable(Infinity)).toBe(0);
  });

  it('are none where more are freed than wait', () => {
    const periods = waiting();
    periods.freed(6);
    expect(periods.freeable(Infinity)).toBe(0);
  });

  it('are none where a section has unlinked none', () => {
    const periods = new GracePeriods();
    periods.unlinked(0, 10);
    expect(periods.freeable(Infinity)).toBe(0);
  });
});
