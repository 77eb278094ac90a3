/**
 * Judges a trace as Casemate 3.0.2 would: our reading of it, in our own words, not Casemate.
 *
 * Every entry of a live table is valid, clean, or unclean: its last valid value may still be in some TLB. An unclean
 * entry becomes clean by what the CPU that invalidated it does next, under the table's lock: a DSB, a TLBI that covers
 * the entry, a DSB ISH. A TLBI by IPA covers leaves only, and needs a DSB ISH and a TLBI of stage 1 after it.
 *
 * The reading is of stage 2 on four CPUs. Where a trace leaves that, there is no verdict: see {@link Judgement}. How it
 * was held against Casemate: docs/decisions/0008.
 */
import { LoadedRoots } from './loaded-roots.ts';
import { TABLE_BYTES } from './real-table.ts';
import type { CasemateRecord, TlbiOperation } from './records.ts';
import { leaveIf, OutOfReach, Refusal, refuseIf } from './refusal.ts';
import { ENTRY_BYTES, indexOf, PAGE_ENTRIES, pageOf, TraceMemory } from './trace-memory.ts';
import type { TrackedTable, Unclean } from './tracked-tables.ts';
import { entryAddress, isMisfit, isTable, isValid, needsBreak, spanOf, TrackedTables } from './tracked-tables.ts';

/** What is said of a trace. */
export type Judgement =
  | { readonly verdict: 'accepted' }
  /** The id of the record that is refused, and why, in Casemate's words. */
  | { readonly verdict: 'rejected'; readonly id: number; readonly reason: string }
  /** The id of the record from which on our reading does not follow: stage 1, ASIDs, and the like. */
  | { readonly verdict: 'out-of-reach'; readonly id: number; readonly why: string };

/** CPUs that Casemate has, as it is built. */
export const CASEMATE_CPUS = 4;

/** Of all memory that a trace may speak of. */
const MOST_BYTES = 0x2000n * TABLE_BYTES;
/** 44 bits of a page's number; what else the value of a TLBI holds is looked at by nobody. */
const TLBI_PAGE = (1n << 44n) - 1n;
const PAGE_SHIFT = 12n;

interface Lock {
  readonly tid: number;
  /** `trylock` may take it again. */
  count: number;
  /** The CPU has stored to an entry since it took the lock, or since its last DSB. */
  hasStored: boolean;
}

/** Judges a trace. */
export function judgeTrace(records: readonly CasemateRecord[]): Judgement {
  const judge = new Judge();
  for (const [id, record] of records.entries()) {
    try {
      judge.step(record);
    } catch (error) {
      if (error instanceof Refusal) return { verdict: 'rejected', id, reason: error.message };
      if (error instanceof OutOfReach) return { verdict: 'out-of-reach', id, why: error.message };
      throw error;
    }
  }
  return { verdict: 'accepted' };
}

class Judge {
  readonly #memory = new TraceMemory();
  readonly #tables = new TrackedTables(this.#memory);
  readonly #roots = new LoadedRoots(this.#tables);
  /** Locks that are held, by their addresses. */
  readonly #held = new Map<bigint, Lock>();
  /** The locks of roots. */
  readonly #locks = new Map<bigint, bigint>();

  step(record: CasemateRecord): void {
    const { tid } = record;
    leaveIf(tid >= CASEMATE_CPUS, `CPU ${tid}: Casemate has ${CASEMATE_CPUS}`);
    switch (record.name) {
      case 'mem-init':
        for (const page of pagesOf(record.address, record.size)) this.#init(page);
        return;
      case 'mem-free':
        for (const page of pagesOf(record.address, record.size)) {
          refuseIf(this.#tables.get(page) !== undefined, 'freeOfTable');
          this.#memory.free(page);
        }
        return;
      case 'mem-write':
        this.#write(record.address, record.value, record.order === 'plain', tid);
        return;
      case 'mem-set':
        leaveIf(record.value !== 0n, 'mem-set stores something else than zeroes');
        for (const page of pagesOf(record.address, record.size))
          for (let index = 0; index < PAGE_ENTRIES; index++) this.#write(entryAddress(page, index), 0n, true, tid);
        return;
      case 'mem-read':
        // What is said to be read is held against nothing.
        return;
      case 'barrier':
        if (record.barrier === 'dsb') this.#dsb(record.kind, tid);
        return;
      case 'tlbi':
        this.#tlbi(record.operation, 'value' in record ? record.value : 0n, tid);
        return;
      case 'sysreg-write':
        this.#roots.write(tid, record.sysreg, record.value);
        return;
      case 'hint':
        leaveIf(record.kind === 'set_pte_thread_owner', 'an entry has a CPU for an owner');
        leaveIf(record.location !== pageOf(record.location), 'a hint of something else than a page');
        if (record.kind === 'set_root_lock') this.#locks.set(record.location, record.value);
        if (record.kind === 'release_table') this.#release(record.location);
        // Whose a page is says the table that it hangs in: a hint of it changes nothing.
        return;
      case 'lock':
      case 'trylock':
        this.#lock(record.address, tid, record.name === 'trylock');
        return;
      case 'unlock':
        this.#unlock(record.address, tid);
        return;
    }
  }

  #init(page: bigint): void {
    const words = this.#memory.page(page);
    const used = this.#tables.get(page) !== undefined || words?.some((word) => word !== 0n) === true;
    refuseIf(used, 'initOfUsed');
    if (words === undefined) this.#memory.init(page);
  }

  /** Gives a table page up. Only a root is known by its page: any other must be no part of a table any more. */
  #release(page: bigint): void {
    this.#locks.delete(page);
    const table = this.#tables.get(page);
    if (table === undefined) return;
    // As it is: from the root, but as if that had the level of the page.
    this.#tables.walk(table.root, table.level, 0n, (each, index) =>
      refuseIf(this.#tables.isUnclean(each, index), 'releaseOfUnclean'),
    );
    this.#roots.release(page);
  }

  // Locks.

  #lock(address: bigint, tid: number, again: boolean): void {
    const lock = this.#held.get(address);
    if (lock === undefined) {
      this.#held.set(address, { tid, count: 1, hasStored: false });
      return;
    }
    refuseIf(!again, 'lockHeld');
    refuseIf(lock.tid !== tid, 'lockOfAnother');
    lock.count++;
  }

  #unlock(address: bigint, tid: number): void {
    const lock = this.#held.get(address);
    refuseIf(lock === undefined, 'unlockOfNone');
    refuseIf(lock?.tid !== tid, 'unlockOfAnother');
    if (lock !== undefined && --lock.count === 0) this.#held.delete(address);
  }

  /** The lock of a table, where a CPU holds it. */
  #lockOf({ root }: TrackedTable, tid: number): Lock | undefined {
    const lock = this.#held.get(this.#locks.get(root) ?? 0n);
    return lock?.tid === tid ? lock : undefined;
  }

  // Stores.

  #write(address: bigint, value: bigint, isPlain: boolean, tid: number): void {
    leaveIf(address % ENTRY_BYTES !== 0n, 'a store that is not aligned to a descriptor');
    const words = this.#memory.page(pageOf(address));
    if (words === undefined) {
      refuseIf(true, 'storeToUnknown');
      return;
    }
    const index = indexOf(address);
    const table = this.#tables.get(pageOf(address));
    const old = words[index] ?? 0n;
    const link = table === undefined ? undefined : this.#change(table, index, old, value, isPlain, tid);
    words[index] = value;
    link?.();
  }

  /** An entry changes; the value is what there is to do when it is stored. */
  #change(
    table: TrackedTable,
    index: number,
    old: bigint,
    value: bigint,
    isPlain: boolean,
    tid: number,
  ): (() => void) | undefined {
    if (!table.frozen) refuseIf(isMisfit(value, table.level), 'encoding');
    this.#authorize(table, isPlain && (isValid(old) || isValid(value)), tid);
    if (table.frozen) {
      refuseIf(old !== value && (isValid(old) || isValid(value)), 'belowUnclean');
      return undefined;
    }
    if (isValid(old)) {
      if (!isValid(value)) this.#tables.invalidate(table, index, old, tid);
      else refuseIf(needsBreak(old, value, table.level), 'validOverValid');
      return undefined;
    }
    if (!isValid(value)) return undefined;
    refuseIf(this.#tables.isUnclean(table.page, index), 'validOverUnclean');
    return () => this.#tables.link(table, index, value);
  }

  /** A store is made under the lock; after the first one a plain store needs a DSB before it. */
  #authorize(table: TrackedTable, needsOrder: boolean, tid: number): void {
    refuseIf((this.#locks.get(table.root) ?? 0n) === 0n, 'noLock');
    const lock = this.#lockOf(table, tid);
    refuseIf(lock === undefined, 'lockNotHeld');
    refuseIf(lock?.hasStored === true && needsOrder, 'plainAfterStore');
    if (lock !== undefined) lock.hasStored = true;
  }

  // Barriers and TLBIs: they act on unclean entries of tables whose lock the CPU holds.

  #dsb(kind: string, tid: number): void {
    leaveIf(kind === 'sy', 'Casemate reads no DSB SY');
    for (const unclean of this.#uncleansOf(tid)) {
      refuseIf(kind === 'nsh', 'localDsb');
      if (unclean.tid !== tid) continue;
      if (unclean.step === 'stored') unclean.step = 'dsb';
      else if (kind !== 'ish') continue;
      else if (unclean.step === 'tlbi-ipa') unclean.step = 'tlbi-ipa-dsb';
      else if (unclean.step === 'tlbi') this.#tables.clean(unclean);
    }
    for (const lock of this.#held.values()) if (lock.tid === tid) lock.hasStored = false;
  }

  #tlbi(operation: TlbiOperation, value: bigint, tid: number): void {
    // Those of EL2 are of stage 1.
    if (operation.includes('e2')) return;
    const covers = operation === 'ipas2e1is' ? this.#coveredBy(value, tid) : () => true;
    for (const unclean of this.#uncleansOf(tid)) {
      refuseIf(!operation.endsWith('is'), 'localTlbi');
      if (unclean.tid !== tid || !covers(unclean)) continue;
      if (operation === 'ipas2e1is') {
        if (unclean.step === 'dsb') unclean.step = 'tlbi-ipa';
      } else if (unclean.step === 'tlbi-ipa-dsb') unclean.step = 'tlbi';
      else if (unclean.step === 'dsb' && operation !== 'vmalle1is') unclean.step = 'tlbi';
    }
  }

  /** Which entries a TLBI by IPA covers: leaves of the table that the CPU walks. */
  #coveredBy(value: bigint, tid: number): (unclean: Unclean) => boolean {
    const ipa = (value & TLBI_PAGE) << PAGE_SHIFT;
    const root = this.#roots.rootOf(tid);
    return ({ table, index, old }) => {
      const span = spanOf(table.level);
      const begin = table.base + BigInt(index) * span;
      if (isTable(old, table.level) || ipa < begin || ipa >= begin + span) return false;
      leaveIf(root === undefined, 'a TLBI by IPA on a CPU that walks no table');
      return table.root === root;
    };
  }

  #uncleansOf(tid: number): Unclean[] {
    return this.#tables.uncleans.filter(({ table }) => this.#lockOf(table, tid) !== undefined);
  }
}

function pagesOf(address: bigint, size: bigint): bigint[] {
  leaveIf(address !== pageOf(address) || size % TABLE_BYTES !== 0n, 'memory that is not made of whole pages');
  leaveIf(size > MOST_BYTES, 'more memory than Casemate keeps');
  return Array.from({ length: Number(size / TABLE_BYTES) }, (_, page) => address + BigInt(page) * TABLE_BYTES);
}
