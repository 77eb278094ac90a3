/** The sink of the benchmarks: as cheap as one can be that looks at every effect. */
import type { EffectSink, Ipa, Pa, PageTotals } from '@s2bench/core/stage2';

/** Sums up. What is measured must not be optimised away with its effects. */
export class TallyEffects implements EffectSink, PageTotals {
  readonly pageTotals = this;
  reads = 0;
  writes = 0;
  tlbis = 0;
  cleanedPages = 0;
  references = 0;

  pagesMapped(count: number, cleans: boolean): void {
    this.writes += count;
    this.references += count;
    if (cleans) this.cleanedPages += count;
  }

  pagesUnmapped(count: number, flushes: boolean, cleaned: number): void {
    this.writes += count;
    this.references -= count;
    if (flushes) this.tlbis += count;
    this.cleanedPages += cleaned;
  }

  descriptorsRead(count: number): void {
    this.reads += count;
  }

  entryInvalidated(): void {
    this.writes++;
  }

  leafInstalled(): void {
    this.writes++;
  }

  tableInstalled(): void {
    this.writes++;
  }

  leavesChanged(_entry: number, _address: Ipa, _level: number, count: number): void {
    this.writes += count;
  }

  tlbiVmid(): void {
    this.tlbis++;
  }

  tlbiIpa(): void {
    this.tlbis++;
  }

  tlbiIpaLocal(): void {
    this.tlbis++;
  }

  tlbiRange(): void {
    this.tlbis++;
  }

  entryLocked(): void {
    this.writes++;
  }

  entriesBuilt(_entry: number, _address: Ipa, _level: number, count: number): void {
    this.writes += count;
  }

  dcacheClean(_address: Pa, sizeBytes: number): void {
    this.cleanedPages += sizeBytes >>> 12;
  }

  referencesTaken(count: number): void {
    this.references += count;
  }

  referencesDropped(count: number): void {
    this.references -= count;
  }

  icacheInvalidate(): void {}
  tableAllocated(): void {}
  tableFreed(): void {}
  tableUnlinked(): void {}
  gracePeriodEnded(): void {}
  // The benchmarks call the stage-2 code alone: no abort handler, no host.
  guestExited(): void {}
  hostPagePinned(): void {}
  hostPageFaulted(): void {}
  hostWrote(): void {}
  dirtyMarked(): void {}
  memslotReplaced(): void {}
  guestEntered(): void {}
}
