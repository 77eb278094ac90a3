import type { Strategy } from '@s2bench/core';
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../../test/specimens.ts';
import { verifyWorld } from '../verify-world.ts';
import { partialTable } from '../worlds/partial-table.ts';

const IN = { history: 'logging-first', fwb: false } as const;

/** Takes down first, and does something else besides where `isOdd` says so. */
function oddly(name: string, isOdd: (address: number) => boolean): Strategy {
  return {
    ...takeDownFirst,
    name,
    tablePre(entry, map) {
      if (map.blockSupported(entry) && isOdd(entry.address)) map.tlbiVmid();
      return takeDownFirst.tablePre?.(entry, map);
    },
  };
}

describe('a strategy', () => {
  it('that remembers its first coalesce does not do the same twice', () => {
    let first = true;
    const strategy = oddly('first-only', () => {
      const was = first;
      first = false;
      return was;
    });
    expect(() => verifyWorld(strategy, partialTable, IN)).toThrow(
      /^strategy first-only is not hermetic: the fault's section check at 0x\d000, run twice from the same state, does .+ as action \d where it did .+; it must remember nothing/,
    );
  });

  it('that remembers addresses does not', () => {
    const seen = new Map<number, number>();
    const strategy = oddly('by-address', (address) => {
      seen.set(address, (seen.get(address) ?? 0) + 1);
      return (seen.get(address) ?? 0) > 3;
    });
    expect(() => verifyWorld(strategy, partialTable, IN)).toThrow(/^strategy by-address /);
  });

  it('that does otherwise from some moment on is found when all is run in the other order', () => {
    let visits = 0;
    const counted = oddly('counts-visits', () => (visits++, false));
    verifyWorld(counted, partialTable, IN);
    const asked = visits;
    visits = 0;
    // The last visit of an exploration is of the run backwards.
    const late = oddly('late', () => ++visits >= asked);
    expect(() => verifyWorld(late, partialTable, IN)).toThrow(
      /^strategy late is not hermetic: .* in the other order, /,
    );
  });

  it('that draws numbers does not', () => {
    let state = 7;
    const strategy = oddly('draws', () => (state = (state * 48271) % 2147483647) % 2 === 0);
    expect(() => verifyWorld(strategy, partialTable, IN)).toThrow(/^strategy draws/);
  });

  it('that keeps nothing does, whatever it breaks', () => {
    expect(
      verifyWorld(
        oddly('always', () => true),
        partialTable,
        IN,
      ).verdict,
    ).toBe('safe');
  });
});
