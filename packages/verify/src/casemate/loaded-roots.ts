/** Which stage-2 table each CPU walks, by its registers; and the tables that were ever loaded, which are tracked. */
import type { SYSREGS } from './records.ts';
import { leaveIf, refuseIf } from './refusal.ts';
import { pageOf } from './trace-memory.ts';
import type { TrackedTables } from './tracked-tables.ts';

type Sysreg = (typeof SYSREGS)[number];

/** 4K pages and 48 bits of input address. */
const GEOMETRY = 0x10n;
/** Bits 5:0 and 15:14: what VTCR_EL2 says of both. */
const GEOMETRY_BITS = 0xc03fn;
const ENABLED = 1n;
const ROOT_ADDRESS = 0xffff_ffff_fffen;
const VMID_SHIFT = 48n;

/** What Casemate takes a register for that a trace has not written: on, with that geometry. */
const DEFAULTS: Partial<Record<Sysreg, bigint>> = {
  vtcr_el2: GEOMETRY,
  tcr_el2: GEOMETRY,
  hcr_el2: ENABLED,
  sctlr_el2: ENABLED,
};

interface Root {
  readonly page: bigint;
  readonly vmid: bigint;
  /** CPUs that walk it. */
  users: number;
}

/** The registers of all CPUs, and the roots that they name. */
export class LoadedRoots {
  readonly #tables: TrackedTables;
  readonly #registers = new Map<string, bigint>();
  readonly #loaded = new Map<number, Root>();
  readonly #roots = new Map<bigint, Root>();

  constructor(tables: TrackedTables) {
    this.#tables = tables;
  }

  /** The root that a CPU walks. */
  rootOf(tid: number): bigint | undefined {
    return this.#loaded.get(tid)?.page;
  }

  /** A CPU writes a register. */
  write(tid: number, sysreg: Sysreg, value: bigint): void {
    const isOn = (register: Sysreg): boolean => (this.#read(tid, register) & ENABLED) !== 0n;
    const turnsOn = (value & ENABLED) !== 0n && !isOn(sysreg);
    leaveIf(sysreg === 'ttbr0_el2' && isOn('sctlr_el2'), 'a stage-1 table is loaded');
    leaveIf(sysreg === 'sctlr_el2' && turnsOn, 'stage 1 is switched on');
    if (sysreg === 'vttbr_el2' && isOn('hcr_el2')) this.#load(tid, value);
    if (sysreg === 'hcr_el2' && turnsOn) {
      leaveIf(!this.#registers.has(keyOf(tid, 'vttbr_el2')), 'stage 2 is switched on without a root');
      this.#load(tid, this.#read(tid, 'vttbr_el2'));
    }
    this.#registers.set(keyOf(tid, sysreg), value);
  }

  /** A table is given up for good. */
  release(page: bigint): void {
    const root = this.#roots.get(page);
    refuseIf(root === undefined, 'releaseOfNoRoot');
    refuseIf((root?.users ?? 0) > 0, 'releaseInUse');
    this.#tables.unmark(page, 0, 0n);
    this.#roots.delete(page);
  }

  #load(tid: number, value: bigint): void {
    const page = value & ROOT_ADDRESS;
    const vmid = value >> VMID_SHIFT;
    leaveIf((this.#read(tid, 'vtcr_el2') & GEOMETRY_BITS) !== GEOMETRY, 'a geometry other than 4K pages and 48 bits');
    leaveIf(page !== pageOf(page), 'a root that is not aligned to a page');
    let root = this.#roots.get(page);
    refuseIf(root !== undefined && root.vmid !== vmid, 'rootHasOtherId');
    if (root === undefined) {
      refuseIf(
        [...this.#roots.values()].some((other) => other.vmid === vmid),
        'idHasOtherRoot',
      );
      this.#tables.mark(page, 0, 0n, page);
      root = { page, vmid, users: 0 };
      this.#roots.set(page, root);
    }
    const before = this.#loaded.get(tid);
    if (before !== undefined) before.users--;
    root.users++;
    this.#loaded.set(tid, root);
  }

  #read(tid: number, sysreg: Sysreg): bigint {
    return this.#registers.get(keyOf(tid, sysreg)) ?? DEFAULTS[sysreg] ?? 0n;
  }
}

function keyOf(tid: number, sysreg: Sysreg): string {
  return `${tid} ${sysreg}`;
}
