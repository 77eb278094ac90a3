/** What a strategy does in a fault before the lock is taken, and what the map does then. */
import { defineStrategy, type UnlockedFault } from '@s2bench/core';
import { IgnoreEffects, makeGeometry, type Origin } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { Backing } from '../backing.ts';
import { kernelModelOf } from '../kernel-model.ts';
import { VirtualMachine } from '../virtual-machine.ts';
import { GuestFault } from './guest-fault.ts';
import { runSection } from './task.ts';

const BLOCK = 2 ** 21;
const BASE = 2 ** 30;
const PHYS = 2 ** 42;

interface Setting {
  readonly kind?: 'hugetlb' | 'thp' | 'anonymous';
  readonly kernel?: string;
  readonly fwb?: boolean;
  readonly beforeLock?: (fault: UnlockedFault) => void;
}

/** A machine whose cleans are written down with the phase that they are of. */
function machineWith({ kind = 'hugetlb', kernel = 'v5.12p1', fwb = false, beforeLock }: Setting) {
  const cleans: string[] = [];
  const where: { origin?: Origin } = {};
  const effects = new (class extends IgnoreEffects {
    override dcacheClean(address: number, sizeBytes: number): void {
      cleans.push(`${where.origin?.phase ?? ''} ${address - PHYS} ${sizeBytes}`);
    }
  })();
  const strategy = defineStrategy({
    name: 'unlocked',
    summary: 'cleans before the lock',
    source: 'of this test',
    walkers: ['v5', 'v6'],
    v6: {},
    beforeLock: beforeLock ?? ((fault) => fault.clean()),
  });
  const vm = new VirtualMachine({
    geometry: makeGeometry(4096, 40),
    kernel: kernelModelOf(kernel),
    strategy,
    fwb,
    effects,
  });
  where.origin = vm.origin;
  const blockBytes = kind === 'anonymous' ? 4096 : BLOCK;
  const size = { sizeBytes: 2 * BLOCK, pageSizeBytes: 4096 };
  const backing = new Backing({ kind, ...size, blockBytes, hostAddress: 2 ** 46, physAddress: PHYS });
  const slot = vm.addSlot({ baseIpa: BASE, ...size, backing, backingOffsetBytes: 0, logging: false });
  const raise = (): GuestFault => {
    const fault = new GuestFault();
    vm.raise(fault, BASE + BLOCK, true, false, 'translation', 2);
    return fault;
  };
  const run = (fault = raise()): GuestFault => {
    while (fault.phase !== undefined) runSection(fault, vm.origin);
    return fault;
  };
  return { vm, slot, cleans, raise, run };
}

describe('work before the lock', () => {
  it.each(['v5.12p1', 'v6.1', 'v6.12'])('cleans a block once, and the map under the lock does not: %s', (kernel) => {
    const { cleans, run } = machineWith({ kernel });
    expect(run().outcome).toBe('mapped');
    expect(cleans).toEqual([`before-lock ${BLOCK} ${BLOCK}`]);
  });

  it('is told what the block is, and that there is nothing to clean with FWB', () => {
    const told: unknown[] = [];
    const beforeLock = (fault: UnlockedFault): void => {
      told.push([fault.address, fault.sizeBytes, fault.needsClean]);
      fault.clean();
    };
    const { cleans, run } = machineWith({ beforeLock, fwb: true });
    expect(run().outcome).toBe('mapped');
    expect([told, cleans]).toEqual([[[BASE + BLOCK, BLOCK, false]], []]);
  });

  it('leaves the clean to the map where it did none', () => {
    const { cleans, run } = machineWith({ beforeLock: () => undefined });
    run();
    expect(cleans).toEqual([`map ${BLOCK} ${BLOCK}`]);
  });

  it.each(['anonymous', 'thp'] as const)('is not asked where the fault asks for a page, which may grow: %s', (kind) => {
    const { cleans, run } = machineWith({ kind });
    run();
    expect(cleans).toHaveLength(1);
    expect(cleans[0]).toMatch(/^map /);
  });

  it('counts for nothing where the notifier has taken the pages back: the fault ends, and the next one cleans again', () => {
    const { vm, slot, cleans, raise, run } = machineWith({});
    const fault = raise();
    while (fault.phase?.name !== 'check') runSection(fault, vm.origin);
    const task = vm.begin({ do: 'invalidate', slot, offset: 0, sizeBytes: 2 * BLOCK });
    while (task.phase !== undefined) runSection(task, vm.origin);
    expect(run(fault).outcome).toBe('retried');
    expect(run().outcome).toBe('mapped');
    expect(cleans).toEqual([`before-lock ${BLOCK} ${BLOCK}`, `before-lock ${BLOCK} ${BLOCK}`]);
  });
});
