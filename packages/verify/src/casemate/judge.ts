/**
 * Judges a trace as Casemate would: our reading of its format page, not Casemate.
 *
 * Every entry of a live table is valid, clean, or unclean: its last valid value may still be in some TLB. An unclean
 * entry becomes clean by what the CPU that invalidated it does next, in this order: a DSB, a TLBI that covers the
 * entry, a DSB ISH. A TLBI by IPA covers leaves only, and needs a DSB ISH and a TLBI VMALLE1IS after it.
 */
import { TABLE_BYTES } from './real-table.ts';
import type { CasemateRecord } from './records.ts';
import { TraceMemory } from './trace-memory.ts';

/** The verdict on a trace. */
export type Judgement =
  | { readonly verdict: 'accepted' }
  /** The id of the record that is refused, and why. */
  | { readonly verdict: 'rejected'; readonly id: number; readonly reason: string };

const VALID = 1n;
const ENTRY_BYTES = 8n;
const ADDRESS = 0xffff_ffff_f000n;

/** How far an unclean entry has come. */
type Cleaning = 'written' | 'dsb' | 'tlbi-ipa' | 'tlbi-ipa-dsb' | 'tlbi';

interface Unclean {
  readonly tid: number;
  readonly old: bigint;
  readonly level: number;
  readonly ia: bigint;
  step: Cleaning;
}

class Refusal extends Error {}

/** Judges a trace. */
export function judgeTrace(records: readonly CasemateRecord[]): Judgement {
  const judge = new Judge();
  for (const [id, record] of records.entries()) {
    try {
      judge.step(record);
    } catch (error) {
      if (error instanceof Refusal) return { verdict: 'rejected', id, reason: error.message };
      throw error;
    }
  }
  return { verdict: 'accepted' };
}

class Judge {
  readonly #memory = new TraceMemory();
  readonly #locks = new Map<bigint, bigint>();
  readonly #owners = new Map<bigint, bigint>();
  /** Who holds a lock. */
  readonly #holders = new Map<bigint, number>();
  readonly #registers = new Set<string>();
  readonly #unclean = new Map<bigint, Unclean>();
  readonly #released = new Set<bigint>();
  #root: bigint | undefined;
  #live = false;

  step(record: CasemateRecord): void {
    switch (record.name) {
      case 'mem-init':
        this.#released.delete(record.address);
        this.#memory.init(record.address, record.size);
        return;
      case 'mem-free':
        this.#free(record.address, record.size);
        return;
      case 'mem-write':
        this.#write(record.address, record.value, record.tid);
        return;
      case 'mem-read':
        refuseIf(this.#memory.read(record.address) !== record.value, 'reads what was not written');
        return;
      case 'mem-set':
        for (let at = 0n; at < record.size; at += ENTRY_BYTES)
          this.#write(record.address + at, record.value * 0x0101_0101_0101_0101n, record.tid);
        return;
      case 'barrier':
        if (record.barrier === 'dsb') this.#dsb(record.kind, record.tid);
        return;
      case 'tlbi':
        this.#tlbi(record.operation, 'value' in record ? record.value << 12n : undefined, record.tid);
        return;
      case 'sysreg-write':
        this.#register(record.sysreg, record.value);
        return;
      case 'hint':
        this.#hint(record.kind, record.location, record.value);
        return;
      case 'lock':
      case 'trylock':
        refuseIf(this.#holders.has(record.address), 'takes a lock that is held');
        this.#holders.set(record.address, record.tid);
        return;
      case 'unlock':
        refuseIf(this.#holders.get(record.address) !== record.tid, 'releases a lock that it does not hold');
        this.#holders.delete(record.address);
        return;
    }
  }

  #register(sysreg: string, value: bigint): void {
    this.#registers.add(sysreg);
    if (sysreg === 'vttbr_el2') {
      for (const needed of ['vtcr_el2', 'tcr_el2', 'mair_el2', 'hcr_el2', 'sctlr_el2']) {
        refuseIf(!this.#registers.has(needed), `vttbr_el2 before ${needed}`);
      }
      this.#root = value & ADDRESS;
      refuseIf(!this.#memory.has(this.#root), 'the root is not initialised');
      refuseIf(!this.#locks.has(this.#root), 'the root has no lock');
    }
    if (sysreg === 'hcr_el2' && value === 1n) {
      refuseIf(this.#root === undefined, 'goes live without a root');
      this.#live = true;
      for (const page of this.#linked().keys()) this.#checkOwner(page);
    }
  }

  #hint(kind: string, location: bigint, value: bigint): void {
    if (kind === 'set_root_lock') this.#locks.set(location, value);
    if (kind === 'set_owner_root') {
      refuseIf(!this.#memory.has(location), 'an owner for memory that is not initialised');
      this.#owners.set(location, value);
    }
    if (kind === 'release_table') {
      refuseIf(this.#linked().has(location), 'releases a table that is part of one');
      this.#released.add(location);
    }
  }

  #checkOwner(page: bigint): void {
    refuseIf(!this.#memory.has(page), 'a table page that is not initialised');
    refuseIf(page !== this.#root && this.#owners.get(page) !== this.#root, 'a table page of another root');
  }

  #free(address: bigint, size: bigint): void {
    const linked = this.#linked();
    for (let page = address; page < address + size; page += TABLE_BYTES) {
      refuseIf(linked.has(page), 'frees a table page that is part of a table');
      refuseIf(this.#owners.has(page) && !this.#released.has(page), 'frees a table page that was not released');
      this.#owners.delete(page);
    }
    this.#memory.free(address, size);
  }

  #write(address: bigint, value: bigint, tid: number): void {
    refuseIf(!this.#memory.has(address & ADDRESS), 'writes to memory that is not initialised');
    const place = this.#live ? this.#linked().get(address & ADDRESS) : undefined;
    if (place === undefined) {
      this.#memory.write(address, value);
      return;
    }
    const lock = this.#locks.get(this.#root ?? 0n);
    refuseIf(lock === undefined || this.#holders.get(lock) !== tid, 'writes an entry without the lock');
    const old = this.#memory.read(address);
    const unclean = this.#unclean.get(address);
    if ((value & VALID) === VALID) {
      refuseIf((old & VALID) === VALID && old !== value, 'BBM valid->valid');
      refuseIf(unclean !== undefined, 'BBM invalid unclean->valid');
      if (isTable(value, place.level)) this.#checkOwner(value & ADDRESS);
    } else if ((old & VALID) === VALID) {
      const index = (address % TABLE_BYTES) / ENTRY_BYTES;
      this.#unclean.set(address, {
        tid,
        old,
        level: place.level,
        ia: place.ia + index * spanOf(place.level),
        step: 'written',
      });
    }
    this.#memory.write(address, value);
  }

  #dsb(kind: string, tid: number): void {
    if (kind === 'nsh') return;
    for (const [address, unclean] of this.#unclean) {
      if (unclean.tid !== tid) continue;
      if (unclean.step === 'written') unclean.step = 'dsb';
      else if (kind === 'ishst') continue;
      else if (unclean.step === 'tlbi-ipa') unclean.step = 'tlbi-ipa-dsb';
      else if (unclean.step === 'tlbi') this.#unclean.delete(address);
    }
  }

  #tlbi(operation: string, ipa: bigint | undefined, tid: number): void {
    for (const unclean of this.#unclean.values()) {
      if (unclean.tid !== tid || unclean.step === 'written') continue;
      if (operation === 'vmalls12e1is' || operation === 'alle1is') unclean.step = 'tlbi';
      if (operation === 'vmalle1is' && unclean.step === 'tlbi-ipa-dsb') unclean.step = 'tlbi';
      if (ipa === undefined || unclean.step !== 'dsb' || isTable(unclean.old, unclean.level)) continue;
      if (ipa >= unclean.ia && ipa < unclean.ia + spanOf(unclean.level)) unclean.step = 'tlbi-ipa';
    }
  }

  /** Table pages that a walk may be in: from the root, through valid entries and through those that are not clean. */
  #linked(): Map<bigint, { readonly level: number; readonly ia: bigint }> {
    const pages = new Map<bigint, { readonly level: number; readonly ia: bigint }>();
    const visit = (page: bigint, level: number, ia: bigint): void => {
      pages.set(page, { level, ia });
      for (let index = 0n; index < TABLE_BYTES / ENTRY_BYTES; index++) {
        const address = page + index * ENTRY_BYTES;
        const value = this.#unclean.get(address)?.old ?? this.#memory.read(address);
        if (isTable(value, level)) visit(value & ADDRESS, level + 1, ia + index * spanOf(level));
      }
    };
    if (this.#live && this.#root !== undefined) visit(this.#root, 0, 0n);
    return pages;
  }
}

function isTable(value: bigint, level: number): boolean {
  return level < 3 && (value & 3n) === 3n;
}

/** Bytes that an entry covers. */
function spanOf(level: number): bigint {
  return 1n << BigInt(12 + 9 * (3 - level));
}

function refuseIf(wrong: boolean, reason: string): void {
  if (wrong) throw new Refusal(reason);
}
