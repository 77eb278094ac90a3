/** What user space and the host do to a virtual machine, through the abort handler and back. */
import { AccessCheck, IgnoreEffects, makeGeometry, findEntry, isTranslated, levelOfEntry } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { Backing } from './backing.ts';
import { kernelModelOf } from './kernel-model.ts';
import { GuestFault } from './tasks/guest-fault.ts';
import type { HostRequest, HostTask } from './tasks/host.ts';
import { runSection } from './tasks/task.ts';
import { VirtualMachine } from './virtual-machine.ts';

const MIB = 2 ** 20;
const BLOCK = 2 * MIB;
const BASE = 2 ** 30;

function machineWith(kind: 'anonymous' | 'thp' | 'hugetlb', baseIpa = BASE, sizeBytes = 2 * BLOCK, kernel = 'v5.12p1') {
  const strategy = { name: 'stock', summary: 'stock', source: 'stock', contractVersion: 1 };
  const vm = new VirtualMachine({
    geometry: makeGeometry(4096, 40),
    kernel: kernelModelOf(kernel),
    strategy,
    fwb: false,
    effects: new IgnoreEffects(),
  });
  const blockBytes = kind === 'anonymous' ? 4096 : BLOCK;
  const backing = new Backing({
    kind,
    sizeBytes: 4 * BLOCK,
    pageSizeBytes: 4096,
    blockBytes,
    hostAddress: 2 ** 46,
    physAddress: 2 ** 42,
  });
  const slot = vm.addSlot({ baseIpa, sizeBytes, backing, backingOffsetBytes: 0, logging: false });
  const check = new AccessCheck();
  /** Lets the guest access an address until it hits. */
  const access = (ipa: number, write: boolean): GuestFault[] => {
    const faults: GuestFault[] = [];
    while (!check.hits(vm.table, ipa, write)) {
      const fault = new GuestFault();
      vm.raise(fault, ipa, write, false, check.kind, check.level);
      while (fault.phase !== undefined) runSection(fault, vm.origin);
      faults.push(fault);
    }
    return faults;
  };
  const levelAt = (ipa: number): number => levelOfEntry(vm.table, findEntry(vm.table, ipa) ?? 0);
  const host = (request: HostRequest): HostTask => {
    const task = vm.begin(request);
    while (task.phase !== undefined) runSection(task, vm.origin);
    return task;
  };
  return { vm, slot, access, host, levelAt };
}

describe('the size of a mapping', () => {
  it('is the block of the backing where slot and alignment allow it', () => {
    const { access, levelAt } = machineWith('hugetlb');
    access(BASE + 5 * 4096, true);
    expect(levelAt(BASE)).toBe(2);
  });

  it('is a page where the guest address is not aligned as the host address is', () => {
    const { access, levelAt } = machineWith('hugetlb', BASE + 4096);
    access(BASE + 4096, true);
    expect(levelAt(BASE + 4096)).toBe(3);
  });

  it('is a page where the block would reach beyond the slot', () => {
    const { access, levelAt } = machineWith('hugetlb', BASE, BLOCK + MIB);
    access(BASE + BLOCK, true);
    expect(levelAt(BASE + BLOCK)).toBe(3);
  });

  it('is a page while writes are logged, and the write splits the block that stands there', () => {
    const { slot, access, host, levelAt } = machineWith('hugetlb');
    access(BASE, true);
    host({ do: 'log-on', slot });
    access(BASE, true);
    expect(levelAt(BASE)).toBe(3);
    expect(slot.dirty.isDirty(0)).toBe(true);
    expect(slot.dirty.isDirty(1)).toBe(false);
  });
});

describe('private memory that is read before it is written', () => {
  it('is the zero page, and the writer’s copy takes it from the guest first', () => {
    const { slot, access } = machineWith('anonymous');
    expect(access(BASE, false).map(({ outcome }) => outcome)).toEqual(['mapped']);
    expect(slot.backing.physAddressOf(0)).toBe(slot.backing.zeroPageAddress);
    // Its own copy moved the notifier's sequence on, so the fault is taken again. The table went with its only page.
    expect(access(BASE, true).map(({ outcome }) => outcome)).toEqual(['retried', 'mapped']);
    expect(slot.backing.physAddressOf(0)).toBe(slot.backing.physAddress);
  });

  it('is mapped read-only by the notifier where a neighbour keeps the table: the writer then relaxes it', () => {
    const { access } = machineWith('anonymous');
    access(BASE + 4096, false);
    access(BASE, false);
    expect(access(BASE, true).map(({ outcome }) => outcome)).toEqual(['retried', 'relaxed']);
  });

  it('leaves a huge zero page split: stage 2 stays at pages', () => {
    const { access, levelAt } = machineWith('thp');
    access(BASE, false);
    expect(levelAt(BASE)).toBe(2);
    access(BASE, true);
    expect(levelAt(BASE)).toBe(3);
  });
});

describe('a slot', () => {
  it('that moves leaves nothing mapped, and is found at its new base', () => {
    const { vm, slot, access, host } = machineWith('hugetlb');
    access(BASE, true);
    host({ do: 'move-slot', slot, toIpa: 4 * BASE });
    expect(isTranslated(vm.table, BASE)).toBe(false);
    expect(vm.slotAt(BASE)).toBeUndefined();
    expect(access(4 * BASE, true)).toHaveLength(1);
  });

  it('that is deleted leaves nothing mapped, and an access to it has no slot', () => {
    const { vm, slot, access, host } = machineWith('hugetlb');
    access(BASE, true);
    host({ do: 'delete-slot', slot });
    expect(isTranslated(vm.table, BASE)).toBe(false);
    expect(() => access(BASE, true)).toThrow('no memslot');
  });
});

describe('a slot that begins in a hole of level 2', () => {
  it.each([
    ['v5.12p1', true],
    ['v5.12p1?aligned-walk=on', false],
  ])('in %s leaves its next pages mapped when it goes: %s', (kernel, isLeft) => {
    const { vm, slot, access, host } = machineWith('anonymous', BASE + MIB, 2 * BLOCK, kernel);
    access(BASE + BLOCK, true);
    access(BASE + BLOCK + MIB, true);
    host({ do: 'delete-slot', slot });
    expect(isTranslated(vm.table, BASE + BLOCK)).toBe(isLeft);
    expect(isTranslated(vm.table, BASE + BLOCK + MIB)).toBe(false);
  });
});

describe('the notifier', () => {
  it('makes a fault that pinned its page before an invalidation try again', () => {
    const { vm, slot, host } = machineWith('hugetlb');
    const fault = new GuestFault();
    vm.raise(fault, BASE, true, false, 'translation', 1);
    runSection(fault, vm.origin);
    host({ do: 'invalidate', slot, offset: 0, sizeBytes: BLOCK });
    runSection(fault, vm.origin);
    expect(fault.outcome).toBe('retried');
    expect(isTranslated(vm.table, BASE)).toBe(false);
  });
});

describe('a copy of a virtual machine', () => {
  it('goes on by itself', () => {
    const one = machineWith('hugetlb');
    one.access(BASE, true);
    const two = machineWith('hugetlb');
    two.vm.copyFrom(one.vm);
    two.host({ do: 'log-on', slot: two.slot });
    two.access(BASE, true);
    expect(two.levelAt(BASE)).toBe(3);
    expect(one.levelAt(BASE)).toBe(2);
    expect(one.slot.logging).toBe(false);
  });
});
