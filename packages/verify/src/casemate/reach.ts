/** Where the answer of Casemate on a run may differ from ours though both are right. */
import type { BarrierKind } from '../kernel/micro-op.ts';
import type { RuleName } from '../rules/rule.ts';
import { CASEMATE_CPUS } from './judge.ts';
import { ACCESS_FLAG, SOFTWARE_BITS } from './real-table.ts';

/** Why a run is out of Casemate's reach. */
export const LIMITS = [
  /** The rule is of something else than tables: Casemate knows no caches, counts, guests or logs. */
  'another-rule',
  /** More CPUs than Casemate has as it is built. */
  'too-many-cpus',

  /** Weaker: a valid leaf leads elsewhere without a break, which Casemate asks for only where no access flag is set. */
  'leaf-changed-in-place',
  /** Weaker: a TLBI by IPA names a level at which the leaf is not. Casemate does not look at levels. */
  'level-hint',

  /** Stricter: a table is unlinked by IPA, as the stock unmap does. Casemate wants the whole VMID. */
  'table-unlinked-by-ipa',
  /** Stricter: what was taken away comes back as it was, without a flush. No TLB can tell. */
  'same-entry-again',
  /** Stricter: what one CPU took away another one has flushed. */
  'flushed-by-another-cpu',
  /** Stricter: a leaf without access flag, which no TLB holds, changes without a break and a flush. */
  'leaf-without-access-flag',
  /** Stricter: a block is stored over a valid table, which FEAT_BBM level 2 allows. Casemate knows no such hardware. */
  'size-changed-in-place',
  /** Stricter: an entry is taken away before an earlier store, or the break of a table around it, is complete. */
  'stores-overlap',
] as const;
/** Why a run is out of Casemate's reach. */
export type Limit = (typeof LIMITS)[number];

/** Where an entry is. */
export interface Place {
  readonly level: number;
  readonly ipa: number;
  readonly sizeBytes: number;
}

/** What a store changes. Valid or not, and what it leads to: an address, or a table page's number in the trace. */
export interface StoredEntry {
  readonly valid: boolean;
  readonly table: boolean;
  readonly output: number;
  /** All of the descriptor. */
  readonly value: bigint;
}

/** An entry that was taken away, and how far its flush has come. */
interface BrokenEntry extends Place {
  readonly cpu: number;
  readonly before: StoredEntry;
  step: 'stored' | 'dsb' | 'tlbi' | 'flushed';
  /** A TLBI by IPA was issued, which for a table is none to Casemate. */
  byIpa: boolean;
  byOthers: boolean;
}

const NONE: ReadonlySet<Limit> = new Set();

/** Follows a run and notes what Casemate sees otherwise. */
export class Reach {
  readonly #broken = new Map<bigint, BrokenEntry>();
  /** Casemate refuses what we accept. */
  readonly #stricter = new Set<Limit>();
  /** The same, in the section that is open. */
  readonly #stricterNow = new Set<Limit>();
  /** Casemate accepts what *break-before-make* refuses. */
  readonly #weaker = new Set<Limit>();
  /** Something was stored since the lock was taken, or since the last DSB. */
  #hasStored = false;

  constructor(cpus: number) {
    if (cpus > CASEMATE_CPUS) this.#stricter.add('too-many-cpus');
  }

  /**
   * A CPU stores an entry.
   *
   * @param entry - its address in the trace
   */
  store(cpu: number, entry: bigint, place: Place, before: StoredEntry, after: StoredEntry): void {
    if (this.#overlaps(place, before, after)) this.#stricter.add('stores-overlap');
    this.#hasStored = true;
    if (before.valid && after.valid) this.#changedInPlace(before, after);
    else if (before.valid) {
      this.#broken.set(entry, { ...place, cpu, before, step: 'stored', byIpa: false, byOthers: false });
    } else if (after.valid) this.#remade(entry, after);
  }

  /** A DSB. */
  barrier(cpu: number, kind: BarrierKind): void {
    this.#hasStored = false;
    for (const broken of this.#broken.values()) {
      if (broken.step === 'stored') advance(broken, cpu, 'dsb');
      else if (broken.step === 'tlbi' && kind === 'ish') advance(broken, cpu, 'flushed');
    }
  }

  /** The whole VMID is invalidated. */
  tlbiVmid(cpu: number): void {
    for (const broken of this.#broken.values()) if (broken.step === 'dsb') advance(broken, cpu, 'tlbi');
  }

  /** One IPA is invalidated; level 0 is no hint. */
  tlbiIpa(cpu: number, ipa: number, level: number): void {
    for (const broken of this.#broken.values()) {
      if (!isIn(ipa, broken)) continue;
      if (broken.before.table) {
        broken.byIpa = true;
        continue;
      }
      if (broken.step !== 'dsb') continue;
      if (level !== 0 && level !== broken.level) this.#weaker.add('level-hint');
      advance(broken, cpu, 'tlbi');
    }
  }

  /** A table page is given back. */
  free(level: number, ipa: number): void {
    for (const broken of this.#broken.values())
      if (broken.before.table && broken.level < level && isIn(ipa, broken)) this.#needsFlush(broken);
  }

  /** The lock is released. */
  endSection(): void {
    this.#hasStored = false;
    for (const limit of this.#stricterNow) this.#stricter.add(limit);
    this.#stricterNow.clear();
  }

  /**
   * Why Casemate's answer may not be ours. What it refuses of a table's flush in the section that breaks our rule is the
   * same mistake, seen earlier; what it refuses in a section before is another run's verdict.
   *
   * @param rule - the rule that the run breaks; none where it is accepted
   */
  limits(rule: RuleName | undefined): Limit[] {
    if (rule !== undefined && rule !== 'break-before-make' && rule !== 'walker-safety') return ['another-rule'];
    const apart = rule === undefined ? this.#stricterNow : rule === 'break-before-make' ? this.#weaker : NONE;
    return LIMITS.filter((limit) => this.#stricter.has(limit) || apart.has(limit));
  }

  /** Casemate wants a DSB between two stores that count, and nothing to happen below a table that is not flushed. */
  #overlaps(place: Place, before: StoredEntry, after: StoredEntry): boolean {
    const breaks = before.valid && !after.valid;
    if (breaks && this.#hasStored) return true;
    const changes = (before.valid || after.valid) && before.value !== after.value;
    return [...this.#broken.values()].some((broken) => {
      if (broken.step === 'flushed') return false;
      const isBelow = broken.before.table && broken.level < place.level && isIn(place.ipa, broken);
      const isAbove = breaks && before.table && place.level < broken.level && isIn(broken.ipa, place);
      return (isBelow && changes) || isAbove;
    });
  }

  #changedInPlace(before: StoredEntry, after: StoredEntry): void {
    if (before.table || after.table) {
      this.#stricterNow.add(before.value === after.value ? 'same-entry-again' : 'size-changed-in-place');
    } else if (hasAccessFlag(before) || hasAccessFlag(after)) {
      if (before.output !== after.output) this.#weaker.add('leaf-changed-in-place');
    } else if ((before.value & ~SOFTWARE_BITS) !== (after.value & ~SOFTWARE_BITS)) {
      this.#stricterNow.add('leaf-without-access-flag');
    }
  }

  #remade(entry: bigint, after: StoredEntry): void {
    const broken = this.#broken.get(entry);
    this.#broken.delete(entry);
    if (broken === undefined || this.#needsFlush(broken)) return;
    const { before } = broken;
    if (before.table === after.table && before.output === after.output) this.#stricterNow.add('same-entry-again');
    else if (!before.table && !hasAccessFlag(before)) this.#stricterNow.add('leaf-without-access-flag');
  }

  /** Whether an entry is flushed, as we see it. */
  #needsFlush({ step, byIpa, byOthers, before }: BrokenEntry): boolean {
    if (step === 'flushed') {
      if (byOthers) this.#stricterNow.add('flushed-by-another-cpu');
      return true;
    }
    if (!before.table || !byIpa) return false;
    this.#stricterNow.add('table-unlinked-by-ipa');
    return true;
  }
}

function advance(broken: BrokenEntry, cpu: number, step: BrokenEntry['step']): void {
  broken.step = step;
  broken.byOthers ||= cpu !== broken.cpu;
}

function isIn(ipa: number, place: Place): boolean {
  return ipa >= place.ipa && ipa < place.ipa + place.sizeBytes;
}

function hasAccessFlag({ value }: StoredEntry): boolean {
  return (value & ACCESS_FLAG) !== 0n;
}
