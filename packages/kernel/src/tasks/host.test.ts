/** What user space asks of the dirty log, release by release, and how long one hold of the lock is. */
import { EventLog, IgnoreEffects, levelOfEntry, findEntry, makeGeometry, S2AP_WRITE } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { BLOCK_FIRST } from '../../test/fixtures.ts';
import { Backing } from '../backing.ts';
import { kernelModelOf } from '../kernel-model.ts';
import { MemoryCache } from '../memory-cache.ts';
import type { DirtyLogSettings } from '../stage2-mmu.ts';
import { VirtualMachine } from '../virtual-machine.ts';
import type { HostRequest } from './host.ts';
import { runSection } from './task.ts';

const PAGE = 4096;
const BLOCK = 2 ** 21;
const BASE = 2 ** 30;
const BLOCKS = 4;
const READ_WRITE = { read: true, write: true, execute: false, device: false };
const ALL_AT_ONCE: DirtyLogSettings = { manualProtect: false, initiallySet: false, splitChunkBytes: 2 * BLOCK };
const PAGE_BY_PAGE: DirtyLogSettings = { manualProtect: true, initiallySet: true, splitChunkBytes: BLOCK };

function machine(kernel: string, dirtyLog: DirtyLogSettings, tlbRange = false) {
  const vm = new VirtualMachine({
    geometry: makeGeometry(PAGE, 40),
    kernel: kernelModelOf(kernel),
    strategy: BLOCK_FIRST,
    fwb: false,
    tlbRange,
    dirtyLog,
    effects: new IgnoreEffects(),
  });
  const sizeBytes = BLOCKS * BLOCK;
  const shape = { kind: 'hugetlb', pageSizeBytes: PAGE, blockBytes: BLOCK, hostAddress: 2 ** 46 } as const;
  const backing = new Backing({ ...shape, sizeBytes, physAddress: 2 ** 42 });
  const slot = vm.addSlot({ baseIpa: BASE, sizeBytes, backing, backingOffsetBytes: 0, logging: false });
  const walk = { shared: true, fault: true, pagesOnly: false };
  vm.code.map(BASE, sizeBytes, 2 ** 42, READ_WRITE, new MemoryCache(Infinity), walk);
  const log = new EventLog(vm.origin, () => 0);
  vm.effects = log.sink;
  /** Runs a task; the value is its sections, each as the effects that it had. */
  const host = (request: HostRequest): string[][] => {
    const task = vm.begin(request);
    const sections: string[][] = [];
    while (task.phase !== undefined) {
      const before = log.length;
      runSection(task, vm.origin);
      sections.push([...log].slice(before).map(({ effect }) => effect));
    }
    return sections;
  };
  const leafAt = (ipa: number) => {
    const entry = findEntry(vm.table, ipa) ?? 0;
    return { level: levelOfEntry(vm.table, entry), writable: (vm.table.low(entry) & S2AP_WRITE) !== 0 };
  };
  return { vm, slot, host, leafAt, log };
}

describe('switching logging on', () => {
  it('splits chunk by chunk from v6.5 on, the lock given up between, and no split is cleaned or flushed but for its block', () => {
    const { slot, host, leafAt, vm } = machine('v6.12', ALL_AT_ONCE);
    const sections = host({ do: 'log-on', slot });
    expect(sections.map((effects) => effects.filter((effect) => effect === 'tableInstalled').length)).toEqual([
      ...[0, 0],
      ...[2, 2],
    ]);
    expect(sections.flat()).not.toContain('dcacheClean');
    expect(sections.flat().filter((effect) => effect === 'tlbiVmid')).toHaveLength(1);
    expect(sections.flat().filter((effect) => effect === 'tlbiIpa')).toHaveLength(BLOCKS);
    expect(leafAt(BASE + 5 * PAGE)).toEqual({ level: 3, writable: false });
    expect(vm.splitCache.pagesLeft).toBeGreaterThan(0);
    host({ do: 'log-off', slot });
    expect(vm.splitCache.pagesLeft).toBe(0);
    expect(leafAt(BASE)).toEqual({ level: 3, writable: false });
  });

  it('splits nothing in v6.4, which cannot, or where no chunk was set', () => {
    for (const [kernel, splitChunkBytes] of [
      ['v6.4', BLOCK],
      ['v6.12', 0],
    ] as const) {
      const { slot, host, leafAt } = machine(kernel, { ...ALL_AT_ONCE, splitChunkBytes });
      host({ do: 'log-on', slot });
      expect(leafAt(BASE)).toEqual({ level: 2, writable: false });
    }
  });

  it('flushes by range where release and hardware can', () => {
    const flushes = (kernel: string, tlbRange: boolean): string[] => {
      const { slot, host } = machine(kernel, { ...ALL_AT_ONCE, splitChunkBytes: 0 }, tlbRange);
      return host({ do: 'log-on', slot })
        .flat()
        .filter((effect) => effect.startsWith('tlbi'));
    };
    expect(flushes('v6.6', true)).toEqual(['tlbiRange']);
    expect(flushes('v6.6', false)).toEqual(['tlbiVmid']);
    expect(flushes('v6.5', true)).toEqual(['tlbiVmid']);
  });
});

describe('with manual protection, all pages set at first', () => {
  it('protects and splits what CLEAR is asked for, and nothing before', () => {
    const { slot, host, leafAt, log } = machine('v6.12', PAGE_BY_PAGE);
    host({ do: 'log-on', slot });
    expect(leafAt(BASE)).toEqual({ level: 2, writable: true });
    const before = log.length;
    host({ do: 'collect-log', slot });
    expect(log.length).toBe(before);
    host({ do: 'clear-log', slot, offset: BLOCK, sizeBytes: BLOCK });
    expect([leafAt(BASE), leafAt(BASE + BLOCK)]).toEqual([
      { level: 2, writable: true },
      { level: 3, writable: false },
    ]);
    expect([slot.dirty.isDirty(0), slot.dirty.isDirty(BLOCK / PAGE)]).toEqual([true, false]);
  });

  it('keeps what was written after GET', () => {
    const { slot, host } = machine('v6.12', { ...PAGE_BY_PAGE, initiallySet: false });
    host({ do: 'log-on', slot });
    slot.dirty.mark(1);
    host({ do: 'collect-log', slot });
    slot.dirty.mark(2);
    host({ do: 'clear-log', slot, offset: 0, sizeBytes: BLOCK });
    expect([slot.dirty.isDirty(1), slot.dirty.isDirty(2)]).toEqual([false, true]);
  });
});

describe('an unmap', () => {
  it('gives the lock up between the largest blocks from v6.1 on', () => {
    const holds = (kernel: string): number => {
      const { host } = machine(kernel, { ...ALL_AT_ONCE, splitChunkBytes: 0 });
      return host({ do: 'unmap', ipa: 2 ** 29, sizeBytes: 2 ** 31 }).length;
    };
    expect(holds('v6.12')).toBe(3);
    expect(holds('v6.12?unmap-chunk=root-entry')).toBe(1);
  });
});
