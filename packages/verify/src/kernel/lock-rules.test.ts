/** A phase that works on the table without the lock gets an error, not a verdict. */
import type { PhaseOverrides, VirtualMachine } from '@s2bench/kernel';
import { describe, expect, it } from 'vitest';
import { takeDownFirst } from '../../test/specimens.ts';
import { verifyWorld } from '../verify-world.ts';
import { worldOf } from '../worlds/index.ts';

function verdictOf(world: string, phases: (vm: VirtualMachine) => PhaseOverrides): string {
  const subject = { strategy: takeDownFirst, phases };
  return verifyWorld(subject, worldOf(world), { history: 'logging-first', fwb: true }).verdict;
}

describe('a phase without mmu_lock', () => {
  it('that maps is an error with the names of phase and strategy', () => {
    const unlocked = (vm: VirtualMachine): PhaseOverrides => ({
      fault: { map: { ...vm.phases.fault.map, lock: 'none' } },
    });
    const message =
      "strategy take-down-first: the phase map of the task fault works on the table without mmu_lock, and what comes between is not explored; its lock must be 'exclusive'";
    for (const world of ['full-table', 'dirty-log']) expect(() => verdictOf(world, unlocked)).toThrow(message);
  });

  it('that relaxes is one too, though nothing is mapped where it is run', () => {
    const unlocked = (vm: VirtualMachine): PhaseOverrides => ({
      fault: { relax: { ...vm.phases.fault.relax, lock: 'none' } },
    });
    expect(() => verdictOf('cached-guest', unlocked)).toThrow('the phase relax of the task fault works on the table');
  });

  it('of a task of the host is one too', () => {
    const unlocked = (vm: VirtualMachine): PhaseOverrides => {
      const { unmap } = vm.phases.host['move-slot'];
      return unmap === undefined ? {} : { 'move-slot': { unmap: { ...unmap, lock: 'none' } } };
    };
    expect(() => verdictOf('slot-move', unlocked)).toThrow('the phase unmap of the task move-slot works on the table');
  });

  it('that is gone on to under another lock than it has is one too', () => {
    const handedOn = (vm: VirtualMachine): PhaseOverrides => ({
      fault: {
        maintain: (fault, stock) => {
          const next = stock(fault);
          return next === vm.phases.fault.map ? { ...next, lock: 'none' } : next;
        },
      },
    });
    expect(() => verdictOf('full-table', handedOn)).toThrow(
      "the phase map of the task fault is gone on to with the lock 'none', and declared with 'exclusive'",
    );
  });

  it('that nobody has declared is one too', () => {
    const undeclared = (vm: VirtualMachine): PhaseOverrides => ({
      fault: { adjust: () => ({ ...vm.phases.fault.finish, name: 'elsewhere' }) },
    });
    expect(() => verdictOf('full-table', undeclared)).toThrow(
      'the phase elsewhere of the task fault is gone on to, and not declared',
    );
  });

  it('that leaves the table alone is explored as ever', () => {
    const harmless = (): PhaseOverrides => ({ fault: { prepare: (fault, stock) => stock(fault) } });
    expect(verdictOf('full-table', harmless)).toBe('safe');
  });
});

describe('a phase under the read side of mmu_lock', () => {
  it('is an error: two sections would run at once', () => {
    const shared = (vm: VirtualMachine): PhaseOverrides => ({
      fault: { map: { ...vm.phases.fault.map, lock: 'shared' } },
    });
    expect(() => verdictOf('full-table', shared)).toThrow(
      'strategy take-down-first: the phase map of the task fault asks for the read side of mmu_lock',
    );
  });
});
