/** Where the verdict of Casemate on a run may differ from ours though both are right. */

/** Why a run is out of Casemate's reach. */
export type Limit =
  /** The rule is not about break-before-make: Casemate knows no caches, counts, guests or logs. */
  | 'another-rule'
  /** A valid leaf changes in place, other than in size or output address: Arm allows that, Casemate does not. */
  | 'leaf-changed-in-place'
  /** An empty table is unlinked by IPA alone, as the stock unmap does: Casemate wants the whole VMID. */
  | 'table-unlinked-by-ipa'
  /** A TLBI by IPA names a level at which the entry is not: Casemate does not look at levels. */
  | 'level-hint';

/** Our verdict on a run. */
export type RunVerdict = 'accepted' | 'rejected';

interface BrokenEntry {
  readonly level: number;
  readonly wasTable: boolean;
  readonly ipa: number;
  readonly sizeBytes: number;
  byIpa: boolean;
}

/** What a store changes. Valid or not, and what it leads to. */
export interface StoredEntry {
  readonly valid: boolean;
  readonly table: boolean;
  readonly output: number;
  /** All of the descriptor. */
  readonly value: bigint;
}

/** Follows a run and notes what Casemate sees otherwise. */
export class Reach {
  readonly #broken = new Map<number, BrokenEntry>();
  /** Casemate refuses what we accept. */
  readonly #stricter = new Set<Limit>();
  /** The same, in the section that is open. */
  readonly #stricterNow = new Set<Limit>();
  /** Casemate accepts what we refuse. */
  readonly #weaker = new Set<Limit>();

  /** An entry is stored. */
  store(
    entry: number,
    place: { readonly level: number; readonly ipa: number; readonly sizeBytes: number },
    before: StoredEntry,
    after: StoredEntry,
  ): void {
    if (before.valid && after.valid) {
      const sameMapping = !before.table && !after.table && before.output === after.output;
      if (sameMapping && before.value !== after.value) this.#stricterNow.add('leaf-changed-in-place');
    } else if (before.valid) this.#broken.set(entry, { ...place, wasTable: before.table, byIpa: false });
    else if (after.valid) this.#remade(entry);
  }

  /** The whole VMID is invalidated. */
  tlbiVmid(): void {
    this.#broken.clear();
  }

  /** One IPA is invalidated; level 0 is no hint. */
  tlbiIpa(ipa: number, level: number): void {
    for (const [entry, broken] of this.#broken) {
      if (ipa < broken.ipa || ipa >= broken.ipa + broken.sizeBytes) continue;
      if (level !== 0 && level !== broken.level) this.#weaker.add('level-hint');
      if (broken.wasTable) broken.byIpa = true;
      else this.#broken.delete(entry);
    }
  }

  /** The lock is released. */
  endSection(): void {
    for (const entry of [...this.#broken.keys()]) this.#remade(entry);
    for (const limit of this.#stricterNow) this.#stricter.add(limit);
    this.#stricterNow.clear();
  }

  /**
   * Why Casemate's verdict may not be ours. What it refuses in the section that breaks our rule it may refuse for any
   * reason; what it refuses earlier is another run's verdict.
   */
  limits(verdict: RunVerdict): Limit[] {
    return verdict === 'accepted' ? [...this.#stricter, ...this.#stricterNow] : [...this.#stricter, ...this.#weaker];
  }

  #remade(entry: number): void {
    if (this.#broken.get(entry)?.byIpa === true) this.#stricterNow.add('table-unlinked-by-ipa');
    this.#broken.delete(entry);
  }
}
