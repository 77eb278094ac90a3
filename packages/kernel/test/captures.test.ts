/**
 * What real KVM did under `kvm_page_table_test` and `dirty_log_perf_test`, one vCPU: counts by stage, of Debian's 6.1.192
 * and 6.12.117 on a machine without FWB and range TLBIs. Nothing is timed, so that models run which no machine times yet.
 */
import type { EffectName } from '@s2bench/core/stage2';
import { AccessCheck, EFFECT_NAMES, makeGeometry, makeSink } from '@s2bench/core/stage2';
import { describe, expect, it } from 'vitest';
import { Backing } from '../src/backing.ts';
import { kernelModelOf } from '../src/kernel-model.ts';
import { GuestFault } from '../src/tasks/guest-fault.ts';
import type { HostRequest } from '../src/tasks/host.ts';
import { runSection } from '../src/tasks/task.ts';
import { VirtualMachine } from '../src/virtual-machine.ts';
import { BLOCK_FIRST, FREE_LAST } from './fixtures.ts';

const PAGE = 4096;
const BLOCK = 2 ** 21;
const MIB = 2 ** 20;

/** What the captures count, of the test's own slot. */
interface Counts {
  translation?: number;
  permission?: number;
  maps?: number;
  relaxed?: number;
  cleanedBytes?: number;
  tables?: number;
  tlbi?: Partial<Record<'tlbiVmid' | 'tlbiIpa' | 'tlbiIpaLocal', number>>;
}

class Guest {
  readonly vm: VirtualMachine;
  readonly #sums: Record<EffectName, number>;
  readonly #check = new AccessCheck();
  readonly #fault = new GuestFault();
  readonly #baseIpa: number;
  readonly #slot;
  #counts: Counts = {};

  constructor(kernel: string, kind: 'anonymous' | 'hugetlb', sizeBytes: number, baseIpa: number) {
    const model = kernelModelOf(kernel);
    this.#baseIpa = baseIpa;
    this.#sums = Object.fromEntries(EFFECT_NAMES.map((name) => [name, 0])) as Record<EffectName, number>;
    const effects = makeSink((name) => (_a, bytes = 0) => {
      this.#sums[name] += name === 'dcacheClean' ? bytes : 1;
    });
    const strategy = model.walker === 'v6' ? BLOCK_FIRST : FREE_LAST;
    this.vm = new VirtualMachine({ geometry: makeGeometry(PAGE, 40), kernel: model, strategy, fwb: false, effects });
    const blockBytes = kind === 'anonymous' ? PAGE : BLOCK;
    const backing = new Backing({
      kind,
      sizeBytes,
      pageSizeBytes: PAGE,
      blockBytes,
      hostAddress: 2 ** 46,
      physAddress: 2 ** 42,
    });
    this.#slot = this.vm.addSlot({ baseIpa, sizeBytes, backing, backingOffsetBytes: 0, logging: false });
  }

  /** Accesses the slot in steps, and gives what was counted meanwhile. */
  walk(strideBytes: number, write: boolean): Counts {
    return this.#counting(() => {
      for (let offset = 0; offset < this.#slot.sizeBytes; offset += strideBytes) this.#access(offset, write);
    });
  }

  host(request: 'log-on' | 'log-off' | 'collect-log' | 'unmap'): Counts {
    const { baseIpa, sizeBytes } = this.#slot;
    const asked: HostRequest =
      request === 'unmap' ? { do: request, ipa: baseIpa, sizeBytes } : { do: request, slot: this.#slot };
    return this.#counting(() => {
      const task = this.vm.begin(asked);
      while (task.phase !== undefined) runSection(task, this.vm.origin);
    });
  }

  #access(offset: number, write: boolean): void {
    const ipa = this.#baseIpa + offset;
    while (!this.#check.hits(this.vm.table, ipa, write)) {
      const { kind, level } = this.#check;
      this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
      this.vm.raise(this.#fault, ipa, write, false, kind, level);
      while (this.#fault.phase !== undefined) runSection(this.#fault, this.vm.origin);
      if (this.#fault.outcome === 'relaxed') this.#counts.relaxed = (this.#counts.relaxed ?? 0) + 1;
    }
  }

  #counting(act: () => void): Counts {
    for (const name of EFFECT_NAMES) this.#sums[name] = 0;
    this.#counts = {};
    act();
    const { leafInstalled: maps, dcacheClean: cleanedBytes, tableAllocated: tables } = this.#sums;
    const { tlbiVmid, tlbiIpa, tlbiIpaLocal } = this.#sums;
    const tlbi = { tlbiVmid, tlbiIpa, tlbiIpaLocal };
    return withoutZeros({ ...this.#counts, maps, cleanedBytes, tables, tlbi: withoutZeros(tlbi) });
  }
}

function withoutZeros<Sums extends object>(sums: Sums): Partial<Sums> {
  const isNothing = (value: unknown): boolean =>
    value === 0 || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(sums).filter(([, value]) => !isNothing(value))) as Partial<Sums>;
}

describe('6.12 under kvm_page_table_test, 64M of pages', () => {
  it('relaxes with a TLBI of the own core alone', () => {
    const guest = new Guest('v6.12', 'anonymous', 64 * MIB, 0xfffbfff000);
    const created = guest.walk(PAGE, true);
    // All tables of the capture: the guest's own pages lie in tables that the test's need too.
    expect(created).toEqual({ translation: 16384, maps: 16384, cleanedBytes: 64 * MIB, tables: 34 });
    expect(guest.host('log-on')).toEqual({ tlbi: { tlbiVmid: 1 } });
    expect(guest.walk(PAGE, true)).toEqual({ permission: 16384, relaxed: 16384, tlbi: { tlbiIpaLocal: 16384 } });
    expect(guest.host('log-off')).toEqual({});
    expect(guest.walk(PAGE, false)).toEqual({});
  });
});

describe.each([
  ['v6.1', 'tlbiIpa'],
  ['v6.12', 'tlbiIpaLocal'],
] as const)('%s under dirty_log_perf_test, 16M of 2M blocks, GET without manual protection', (kernel, relaxing) => {
  it('populates, splits once, and relaxes from then on', () => {
    const guest = new Guest(kernel, 'hugetlb', 16 * MIB, 0xfffee00000);
    expect(guest.walk(PAGE, true)).toMatchObject({ translation: 8, maps: 8, cleanedBytes: 16 * MIB });
    expect(guest.host('log-on')).toEqual({ tlbi: { tlbiVmid: 1 } });
    expect(guest.walk(PAGE, true)).toEqual({
      permission: 8,
      translation: 4088,
      maps: 4096,
      cleanedBytes: 16 * MIB,
      tables: 8,
      tlbi: { tlbiIpa: 8 },
    });
    expect(guest.host('collect-log')).toEqual({ tlbi: { tlbiVmid: 1 } });
    expect(guest.walk(PAGE, true)).toEqual({ permission: 4096, relaxed: 4096, tlbi: { [relaxing]: 4096 } });
    expect(guest.host('collect-log')).toEqual({ tlbi: { tlbiVmid: 1 } });
    expect(guest.host('log-off')).toEqual({});
    // Each page with a TLBI of its own, and each table that becomes empty.
    expect(guest.host('unmap')).toMatchObject({ cleanedBytes: 16 * MIB, tlbi: { tlbiIpa: 4096 + 8 + 1 } });
  });
});
