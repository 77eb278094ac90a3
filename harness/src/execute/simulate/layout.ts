/**
 * Where the slot under test lies, as kvm_page_table_test places it, so that counts agree to the last table page; and
 * what is in it before the guest runs.
 */
import { type Strategy } from '@s2bench/core';
import { alignDown, type EffectSink, type Geometry, IgnoreEffects, makeGeometry } from '@s2bench/core/stage2';
import { Backing, type DirtyLogSettings, type KernelModel, type Memslot, VirtualMachine } from '@s2bench/kernel';
import type { Cell } from '@s2bench/report';
import type { Workload } from '@s2bench/workloads';

/** Guest physical address width that the selftests run with; wider only where the memory does not fit. */
const LEAST_IPA_BITS = 40;
const MOST_IPA_BITS = 48;
/** Host addresses and host memory begin on a boundary that every block size divides. */
const HOST_ADDRESS = 2 ** 46;
const PHYS_ADDRESS = 2 ** 46;

/** A virtual machine with its one slot. */
export interface Layout {
  readonly vm: VirtualMachine;
  readonly slot: Memslot;
}

/** Size of the slot of a cell: some workloads are told what each vCPU has of it. */
export function slotBytesOf({ memoryBytes, vcpus }: Cell, { memoryOf }: Pick<Workload, 'memoryOf'>): number {
  return memoryOf === 'vcpu' ? memoryBytes * vcpus : memoryBytes;
}

/** Below the last page of the guest's address space, aligned down to the backing's block. */
function slotBase(ipaBits: number, slotBytes: number, { pageSizeBytes, granuleBytes }: Cell): number {
  return alignDown(2 ** ipaBits - pageSizeBytes - slotBytes, granuleBytes);
}

/** The narrowest guest address space that a slot fits into, or `undefined`. */
export function ipaBitsFor(cell: Cell, slotBytes: number): number | undefined {
  for (let ipaBits = LEAST_IPA_BITS; ipaBits <= MOST_IPA_BITS; ipaBits++) {
    if (slotBase(ipaBits, slotBytes, cell) >= 0) return ipaBits;
  }
  return undefined;
}

/** Where the slot of a cell lies, and how wide the guest's address space is. */
export interface SlotPlace {
  readonly ipaBits: number;
  readonly baseIpa: number;
  readonly sizeBytes: number;
}

/** @throws RangeError where the memory fits into no address space; `whyImpossible` says so beforehand */
export function placeSlot(cell: Cell, sizeBytes: number): SlotPlace {
  const ipaBits = ipaBitsFor(cell, sizeBytes);
  if (ipaBits === undefined) throw new RangeError(`${sizeBytes} bytes do not fit into ${MOST_IPA_BITS} address bits`);
  return { ipaBits, baseIpa: slotBase(ipaBits, sizeBytes, cell), sizeBytes };
}

/** Makes the virtual machine of a cell. */
export function layOut(
  cell: Cell,
  place: SlotPlace,
  plugins: {
    readonly strategy: Strategy;
    readonly kernel: KernelModel;
    readonly fwb: boolean;
    readonly tlbRange: boolean;
    readonly dirtyLog?: DirtyLogSettings;
  },
  logging: boolean,
): Layout {
  const { sizeBytes } = place;
  const geometry: Geometry = makeGeometry(cell.pageSizeBytes, place.ipaBits);
  const vm = new VirtualMachine({ geometry, ...plugins, effects: new IgnoreEffects() });
  const backing = new Backing({
    kind: cell.backing,
    sizeBytes,
    pageSizeBytes: cell.pageSizeBytes,
    blockBytes: cell.granuleBytes,
    hostAddress: HOST_ADDRESS,
    physAddress: PHYS_ADDRESS,
  });
  const slot = vm.addSlot({
    baseIpa: place.baseIpa,
    sizeBytes,
    backing,
    backingOffsetBytes: 0,
    logging,
  });
  // As many table pages as the slot needs when every page of it is mapped on its own: growing would copy them all.
  vm.table.arena.reserve(Math.ceil(sizeBytes / cell.pageSizeBytes / geometry.entriesPerTable));
  return { vm, slot };
}

/** User space writes `sizeBytes` at the start of a slot, through the host's caches. Memory appears as it is touched. */
export function loadHostImage(slot: Memslot, sizeBytes: number, effects: EffectSink): void {
  const { backing } = slot;
  for (let offset = slot.backingOffsetBytes; offset < slot.backingOffsetBytes + sizeBytes;) {
    if (backing.actionFor(offset, true) === 'populate') {
      const zeroedBytes = backing.bytesToZero(offset, true);
      backing.populate(offset, true);
      effects.hostWrote(backing.physAddressOf(alignDown(offset, zeroedBytes)), zeroedBytes);
    }
    offset += backing.isBlock(offset) ? backing.blockBytes : backing.pageSizeBytes;
  }
  if (sizeBytes > 0) effects.hostWrote(backing.physAddressOf(slot.backingOffsetBytes), sizeBytes);
}
