/** Small machines for tests: tables of eight entries a page, costs that no sum confuses, programs written as lists. */
import type { Strategy } from '@s2bench/core';
import type { Geometry } from '@s2bench/core/stage2';
import { IgnoreEffects, makeGeometry } from '@s2bench/core/stage2';
import type { AccessRun, BackingKind, GuestProgram, Memslot, VirtualMachine } from '@s2bench/kernel';
import { Backing, kernelModelOf, LEAF, VirtualMachine as Vm, walk } from '@s2bench/kernel';
import type { Costs } from '../src/costs.ts';
import type { GuestStep } from '../src/machine.ts';
import { Machine } from '../src/machine.ts';
import type { Profile } from '../src/profile.ts';
import { PROFILE_SCHEMA_VERSION } from '../src/profile.ts';
import { TAKE_DOWN_FIRST } from './coalescing.ts';

/** Bytes of a page. */
export const PAGE = 4096;
/** Pages of a table page, and so of a level-2 block. */
export const FANOUT = 8;
/** Bytes of a level-2 block. */
export const BLOCK = FANOUT * PAGE;
/** Bytes of a level-1 block. */
export const LARGE_BLOCK = FANOUT * BLOCK;

const INDEX_BITS = Math.log2(FANOUT);
/** The root's pages are concatenated, so that a slot of some MiB fits below it. */
const ROOT_PAGES = 256;
/** Where the slot begins, in guest and in host physical memory. */
export const BASE_IPA = 4 * LARGE_BLOCK;
export const PHYS_ADDRESS = 2 ** 40;

/** A geometry of 4K pages with eight entries a table page: the root at level 1, blocks at levels 1 and 2. */
export function smallGeometry(): Geometry {
  const real = makeGeometry(PAGE, 40);
  return {
    ...real,
    ipaBits: Math.log2(ROOT_PAGES * FANOUT * LARGE_BLOCK),
    ipaLimit: ROOT_PAGES * FANOUT * LARGE_BLOCK,
    entriesPerTable: FANOUT,
    startLevel: 1,
    rootPages: ROOT_PAGES,
    granuleBytes: [2 ** (12 + 3 * INDEX_BITS), LARGE_BLOCK, BLOCK, PAGE],
    rootPageSpanBytes: FANOUT * LARGE_BLOCK,
  };
}

/** Costs of which no two, nor small sums of them, are alike: one taken for another shows. */
export const COSTS: Costs = {
  guestAccess: 97,
  memoryService: 13,
  exit: 610,
  faultPrepare: 1103,
  hostPageFault: 307,
  hostWriteLine: 3.1,
  lockAcquire: 41,
  lockHandover: 593,
  walkStep: 149,
  descriptorRead: 3.7,
  descriptorWrite: 17,
  reference: 2.9,
  tableAllocate: 317,
  tableFree: 211,
  tlbiIpa: 2011,
  tlbiVmid: 1511,
  cleanLine: 7.7,
  icacheLine: 2.3,
  markDirty: 11,
};

/** A profile of given costs. */
export function profileOf(costs: Costs, fwb = false, tlbEntries?: number): Profile {
  return {
    schemaVersion: PROFILE_SCHEMA_VERSION,
    name: 'of-a-test',
    summary: 'costs of a test',
    features: { fwb, rangeTlbi: false },
    cores: 64,
    costs: Object.fromEntries(
      Object.entries(costs).map(([name, valueNs]) => [name, { valueNs, provenance: 'assumed', source: 'a test' }]),
    ) as Profile['costs'],
    ...(tlbEntries !== undefined && { tlb: { entries: tlbEntries, provenance: 'assumed', source: 'a test' } }),
  };
}

/** What a cell is made of. */
export interface CellShape {
  readonly costs: Costs;
  readonly vcpus: number;
  readonly backing: BackingKind;
  readonly blockBytes: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly strategy: Strategy;
  readonly fwb: boolean;
  readonly rangeTlbi: boolean;
  /** The slot is born with dirty logging on. */
  readonly logging: boolean;
  /** What GET tells of the dirty log is protected, and forgotten, by CLEAR alone. Left out: no. */
  readonly manualProtect?: boolean;
  readonly guestCaches: boolean;
  readonly exact: boolean;
  readonly faultBudget?: number;
  /** Left out: the profile says nothing of TLBs. */
  readonly tlbEntries?: number;
}

const SHAPE: CellShape = {
  costs: COSTS,
  vcpus: 1,
  backing: 'hugetlb',
  blockBytes: BLOCK,
  memoryBytes: 4 * BLOCK,
  kernel: 'v5.12p1',
  strategy: TAKE_DOWN_FIRST,
  fwb: false,
  rangeTlbi: false,
  logging: false,
  guestCaches: true,
  exact: true,
};

/** A virtual machine with one slot. */
export interface Guest {
  readonly shape: CellShape;
  readonly vm: VirtualMachine;
  readonly slot: Memslot;
}

/** A guest on a machine. */
export interface TestCell extends Guest {
  readonly machine: Machine;
}

/** Makes a guest that nothing has happened to. */
export function makeGuest(given: Partial<CellShape> = {}): Guest {
  const shape = { ...SHAPE, ...given };
  const kernel = kernelModelOf(shape.kernel);
  const { strategy, fwb, rangeTlbi: tlbRange, memoryBytes } = shape;
  const dirtyLog = { manualProtect: shape.manualProtect ?? false, initiallySet: false, splitChunkBytes: 0 };
  const effects = new IgnoreEffects();
  const vm = new Vm({ geometry: smallGeometry(), kernel, strategy, fwb, tlbRange, dirtyLog, effects });
  const backing = new Backing({
    kind: shape.backing,
    sizeBytes: memoryBytes,
    pageSizeBytes: PAGE,
    blockBytes: shape.backing === 'anonymous' ? PAGE : shape.blockBytes,
    hostAddress: PHYS_ADDRESS,
    physAddress: PHYS_ADDRESS,
  });
  const slot = vm.addSlot({
    baseIpa: BASE_IPA,
    sizeBytes: memoryBytes,
    backing,
    backingOffsetBytes: 0,
    logging: shape.logging,
  });
  return { shape, vm, slot };
}

/** Makes a cell that nothing has happened to. */
export function makeCell(given: Partial<CellShape> = {}): TestCell {
  const guest = makeGuest(given);
  const { shape, vm, slot } = guest;
  const { costs, fwb, tlbEntries, vcpus, guestCaches, exact, faultBudget } = shape;
  const machine = new Machine({
    profile: profileOf(costs, fwb, tlbEntries),
    vm,
    slot,
    vcpus,
    guestCaches,
    exact,
    ...(faultBudget !== undefined && { faultBudget }),
  });
  return { ...guest, machine };
}

/** One loop of a program, with its start as a page of the slot. */
export interface PageLoop {
  readonly page: number;
  readonly count: number;
  readonly write?: boolean;
  /** A page where left out. */
  readonly strideBytes?: number;
}

/** A program of loops. */
export class LoopList implements GuestProgram {
  readonly #loops: readonly PageLoop[];
  #next = 0;

  constructor(loops: readonly PageLoop[]) {
    this.#loops = loops;
  }

  next(run: AccessRun): boolean {
    const loop = this.#loops[this.#next++];
    if (loop === undefined) return false;
    run.startIpa = BASE_IPA + loop.page * PAGE;
    run.count = loop.count;
    run.strideBytes = loop.strideBytes ?? PAGE;
    run.write = loop.write ?? false;
    return true;
  }
}

/** A step in which each vCPU runs its own loops; vCPUs beyond the list run none. */
export function loopsOf(...programs: readonly (readonly PageLoop[])[]): GuestStep {
  return { programOf: (vcpu) => new LoopList(programs[vcpu] ?? []), classOf: (vcpu) => vcpu, periodAccesses: 1 };
}

/** A step in which all vCPUs run the same loops. */
export function allRun(loops: readonly PageLoop[], periodAccesses = 1): GuestStep {
  return { programOf: () => new LoopList(loops), classOf: () => 0, periodAccesses };
}

/** Every valid leaf of a guest's table: where it stands, and its descriptor, one a line. */
export function leavesOf({ vm }: Guest): string {
  const leaves: string[] = [];
  const { table } = vm;
  const quiet = new IgnoreEffects();
  const { effects } = vm;
  vm.effects = quiet;
  walk(table, BASE_IPA, table.geometry.ipaLimit - BASE_IPA, {
    flags: LEAF,
    leaves: (first, count, level, state) => {
      for (let index = 0; index < count; index++) {
        const low = table.low(first + index) >>> 0;
        if ((low & 1) === 0) continue;
        const address = state.entryAddress + index * (table.geometry.granuleBytes[level] ?? 0);
        leaves.push(`${level} ${address.toString(16)} ${table.high(first + index).toString(16)}:${low.toString(16)}`);
      }
      return 0;
    },
    tablePre: () => 0,
    tablePost: () => 0,
  });
  vm.effects = effects;
  return leaves.join('\n');
}
