/** RCU: what sections that share mmu_lock have unlinked, until those that may still be in it have ended. */

/** Tables that one section has unlinked. */
interface Batch {
  readonly tables: number;
  readonly unlinkedNs: number;
}

/** Tables that wait, in the order in which they were unlinked. */
export class GracePeriods {
  readonly #batches: Batch[] = [];

  /** A section has unlinked tables. */
  unlinked(tables: number, nowNs: number): void {
    if (tables > 0) this.#batches.push({ tables, unlinkedNs: nowNs });
  }

  /**
   * How many of the tables that have waited longest nobody can be in any more.
   *
   * @param oldestNs - when the section began that is under way the longest; Infinity where none is
   */
  freeable(oldestNs: number): number {
    let tables = 0;
    for (const batch of this.#batches) {
      if (batch.unlinkedNs > oldestNs) break;
      tables += batch.tables;
    }
    return tables;
  }

  /** So many of them have been freed, in batches that are whole. */
  freed(tables: number): void {
    let left = tables;
    while (left > 0) left -= this.#batches.shift()?.tables ?? left;
  }
}
