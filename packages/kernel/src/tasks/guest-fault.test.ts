import { describe, expect, it } from 'vitest';
import { GuestFault, NoProgressError } from './guest-fault.ts';
import type { Phase } from './task.ts';

const ends: Phase<GuestFault> = { name: 'ends', lock: 'none', run: () => undefined };

function fruitless(fault: GuestFault, ipa: number, times: number): void {
  for (let time = 0; time < times; time++) {
    fault.raise(ends, ipa, false, false, 'translation', 3);
    fault.outcome = 'spurious';
    fault.advance();
  }
}

describe('GuestFault', () => {
  it('names the address of a guest that makes no progress', () => {
    const fault = new GuestFault();
    expect(() => fruitless(fault, 0x5000, 5000)).toThrow(NoProgressError);
    expect(() => fault.raise(ends, 0x5000, false, false, 'translation', 3)).toThrow('0x5000');
  });

  it('starts to count anew where the guest came further', () => {
    const fault = new GuestFault();
    expect(() => {
      for (let page = 1; page < 100; page++) fruitless(fault, page * 4096, 500);
    }).not.toThrow();
  });
});
