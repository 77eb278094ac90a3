/** Writes a run as a Casemate trace: the table as it stood, then every lock section that followed. */
import type { Geometry } from '@s2bench/core/stage2';
import { childSerial, outputAddress, TYPE_TABLE, VALID } from '@s2bench/core/stage2';
import { uint32At } from '@s2bench/core/stage2';
import type { MicroOp } from '../kernel/micro-op.ts';
import { makeSmallGeometry } from '../small-geometry.ts';
import type { World } from '../world.ts';
import { PAGE_BYTES } from '../world.ts';
import type { StoredEntry } from './reach.ts';
import { Reach } from './reach.ts';
import {
  LOCK_ADDRESS,
  realLeaf,
  realTable,
  ROOT_ADDRESS,
  smallPage,
  spread,
  TABLE_BYTES,
  upperLinks,
  upperPage,
} from './real-table.ts';
import type { CasemateAction, CasemateRecord, SYSREGS } from './records.ts';
import type { Run, RunSection } from './run.ts';

/** 64 minus 48 bits of input address, 4K pages: four levels from one root page. */
const FOUR_LEVELS = 0x10n;
/** Stage 2 is on. */
const HCR_VM = 1n;
const ENTRIES = 4;
const WORDS = 2;

/** What stands in a page that was just made. */
const NOTHING: StoredEntry = { valid: false, table: false, output: 0, value: 0n };

/** A trace, and what may keep Casemate's answer from being ours. */
export interface Exported {
  readonly records: readonly CasemateRecord[];
  readonly reach: Reach;
}

/** The trace of a run. */
export function exportRun(run: Run, world: World): Exported {
  const exporter = new Exporter(run, world);
  for (const section of run.sections) exporter.section(section);
  return exporter;
}

/** A table page: its number in the trace, its level and the first address that it translates. */
interface Page {
  readonly number: number;
  readonly level: number;
  readonly base: number;
}

class Exporter {
  readonly records: CasemateRecord[] = [];
  readonly reach: Reach;

  readonly #geometry: Geometry;
  readonly #vcpus: number;
  /** Live table pages by their slot; slots are used again, numbers are not. */
  readonly #pages = new Map<number, Page>();
  /** Slots of the serials that the section's descriptors name. */
  #slots = new Map<number, number>();
  /** Entries as they were stored last. */
  readonly #entries = new Map<number, StoredEntry>();
  #numbers = 0;
  #sections = 0;
  #tid = 0;
  /** Who does it; stands where Casemate looks for a function. */
  #who = 'before the world begins';

  constructor(run: Run, world: World) {
    this.#geometry = makeSmallGeometry(world.levels);
    this.#vcpus = world.vcpus.length;
    this.reach = new Reach(this.#vcpus + 1);
    this.#setUp();
    this.#fill(run);
    this.#goLive();
  }

  section({ agent, operation, from, ops, ended }: RunSection): void {
    this.#tid = agent;
    this.#sections++;
    const who = agent < this.#vcpus ? `vCPU ${agent}` : 'host';
    this.#who = `${who}, ${operation.do === 'fault' ? `fault, ${operation.fault.phase}` : operation.do}`;
    this.#slots = new Map(from.pages.map(({ serial, slot }) => [serial, slot]));
    this.#add({ name: 'lock', address: LOCK_ADDRESS });
    for (const op of ops) this.#op(op);
    if (!ended) return;
    this.#add({ name: 'unlock', address: LOCK_ADDRESS });
    this.reach.endSection();
  }

  // Before the first section.

  /** Every CPU has its own registers. */
  #setUp(): void {
    this.#onEveryCpu([
      ['vtcr_el2', FOUR_LEVELS],
      ['tcr_el2', FOUR_LEVELS],
      ['mair_el2', 0n],
      ['hcr_el2', 0n],
      ['sctlr_el2', 0n],
    ]);
  }

  /** The history, as one table that is filled before anybody walks it. */
  #fill({ begin }: Run): void {
    const { startLevel } = this.#geometry;
    this.#slots = new Map(begin.pages.map(({ serial, slot }) => [serial, slot]));
    for (const { slot, level, base } of begin.pages) this.#pages.set(slot, { number: this.#numbers++, level, base });
    const addresses = [
      ...Array.from({ length: startLevel }, (_, level) => upperPage(level)),
      ...[...this.#pages.values()].map(({ number }) => smallPage(number)),
    ];
    for (const address of addresses) this.#add({ name: 'mem-init', address, size: TABLE_BYTES });
    this.#add({ name: 'hint', kind: 'set_root_lock', location: ROOT_ADDRESS, value: LOCK_ADDRESS });
    for (const location of addresses.slice(1))
      this.#add({ name: 'hint', kind: 'set_owner_root', location, value: ROOT_ADDRESS });
    for (const { address, value } of upperLinks(startLevel))
      this.#add({ name: 'mem-write', order: 'plain', address, value });
    for (const slot of this.#pages.keys()) {
      for (let entry = slot * ENTRIES; entry < (slot + 1) * ENTRIES; entry++) {
        const low = uint32At(begin.words, WORDS * entry);
        // What an invalid entry still says is nobody's business.
        if ((low & VALID) === 0) continue;
        const stored = this.#stored(entry, low, uint32At(begin.words, WORDS * entry + 1));
        this.#entries.set(entry, stored);
        this.#add({ name: 'mem-write', order: 'plain', address: this.#addressOf(entry), value: stored.value });
      }
    }
  }

  #goLive(): void {
    this.#onEveryCpu([
      ['vttbr_el2', ROOT_ADDRESS],
      ['hcr_el2', HCR_VM],
    ]);
  }

  #onEveryCpu(registers: readonly (readonly [sysreg: (typeof SYSREGS)[number], value: bigint])[]): void {
    for (this.#tid = 0; this.#tid <= this.#vcpus; this.#tid++) {
      for (const [sysreg, value] of registers) this.#add({ name: 'sysreg-write', sysreg, value });
    }
    this.#tid = 0;
  }

  // In a section.

  #op(op: MicroOp): void {
    switch (op.do) {
      case 'write':
        this.#write(op.entry, op.low, op.high);
        return;
      case 'barrier':
        this.reach.barrier(this.#tid, op.kind);
        this.#add({ name: 'barrier', barrier: 'dsb', kind: op.kind });
        return;
      case 'tlbi-vmid':
        this.reach.tlbiVmid(this.#tid);
        this.#add({ name: 'tlbi', operation: 'vmalls12e1is' });
        return;
      case 'tlbi-ipa':
        // Casemate knows no TLBI by range: page by page it is the same.
        for (let page = 0; page < op.pages; page++) this.#tlbiPage(op.ipa + page * PAGE_BYTES, op.level);
        return;
      case 'tlbi-stage1':
        this.#add({ name: 'tlbi', operation: 'vmalle1is' });
        return;
      case 'alloc':
        this.#allocate(op);
        return;
      case 'free':
        this.#free(op.slot);
        return;
      case 'clean':
      case 'discard':
      case 'icache':
        // Casemate knows no caches.
        return;
    }
  }

  #tlbiPage(ipa: number, level: number): void {
    this.reach.tlbiIpa(this.#tid, ipa, level);
    this.#add({ name: 'tlbi', operation: 'ipas2e1is', value: spread(ipa) >> 12n });
  }

  #write(entry: number, low: number, high: number): void {
    const page = this.#pageOf(entry);
    const before = this.#entries.get(entry) ?? NOTHING;
    const after = this.#stored(entry, low, high);
    const sizeBytes = this.#geometry.granuleBytes[page.level as 0 | 1 | 2 | 3];
    const ipa = page.base + (entry % ENTRIES) * sizeBytes;
    const place = { level: page.level, ipa, sizeBytes };
    const address = this.#addressOf(entry);
    this.reach.store(this.#tid, address, place, before, after);
    this.#entries.set(entry, after);
    // As in the kernel: what makes an entry valid is a release, what takes it away is not.
    const order = after.valid ? 'release' : 'plain';
    this.#add({ name: 'mem-write', order, address, value: after.value });
  }

  #allocate({ slot, serial, level, base }: Extract<MicroOp, { readonly do: 'alloc' }>): void {
    const number = this.#numbers++;
    this.#pages.set(slot, { number, level, base });
    this.#slots.set(serial, slot);
    for (let entry = slot * ENTRIES; entry < (slot + 1) * ENTRIES; entry++) this.#entries.delete(entry);
    this.#add({ name: 'mem-init', address: smallPage(number), size: TABLE_BYTES });
    this.#add({ name: 'hint', kind: 'set_owner_root', location: smallPage(number), value: ROOT_ADDRESS });
  }

  #free(slot: number): void {
    const page = this.#pages.get(slot);
    if (page === undefined) return;
    this.reach.free(page.level, page.base);
    this.#add({ name: 'hint', kind: 'release_table', location: smallPage(page.number), value: 0n });
    this.#add({ name: 'mem-free', address: smallPage(page.number), size: TABLE_BYTES });
  }

  #stored(entry: number, low: number, high: number): StoredEntry {
    const valid = (low & VALID) !== 0;
    if (this.#pageOf(entry).level === 3 || (low & TYPE_TABLE) === 0) {
      return {
        valid,
        table: false,
        output: outputAddress(low, high, this.#geometry),
        value: realLeaf(low, high, this.#geometry),
      };
    }
    const serial = childSerial(low, high, this.#geometry);
    const child = this.#pages.get(this.#slots.get(serial) ?? -1);
    // A pointer that was left in an invalid entry may lead to a page of earlier times: then it leads nowhere.
    return {
      valid,
      table: true,
      output: child?.number ?? -1,
      value: realTable(low, child === undefined ? 0n : smallPage(child.number)),
    };
  }

  #pageOf(entry: number): Page {
    const page = this.#pages.get(Math.floor(entry / ENTRIES));
    if (page === undefined) throw new RangeError(`entry ${entry} is in no table page`);
    return page;
  }

  #addressOf(entry: number): bigint {
    return smallPage(this.#pageOf(entry).number) + BigInt(8 * (entry % ENTRIES));
  }

  #add(action: CasemateAction): void {
    this.records.push({ ...action, tid: this.#tid, src: `${this.#who}:section:${this.#sections}` });
  }
}
