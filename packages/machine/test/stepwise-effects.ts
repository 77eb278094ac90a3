/**
 * The consumer of effects of the {@link StepwiseMachine}: what each effect costs, and what guests and caches see of it,
 * written down as a list to be played later.
 */
import type { EntryId } from '@s2bench/core';
import type { FaultKind, Ipa, Pa } from '@s2bench/core/stage2';
import { AccessCheck, alignDown, findEntry, IgnoreEffects, levelOfEntry, outputAddress } from '@s2bench/core/stage2';
import type { VirtualMachine } from '@s2bench/kernel';
import type { Costs } from '../src/costs.ts';
import { BASE_IPA, PAGE } from './cell.ts';

const LINE = 64;

/** How a page answers an access: not at all, or with a fault. */
export type Answer = { readonly kind: FaultKind; readonly level: number } | undefined;

/** What guests see of a page. */
export interface PageView {
  readonly read: Answer;
  readonly write: Answer;
  /** The host page that it is, by number; of no meaning where nothing is mapped. */
  readonly hostPage: number;
}

/** Something that becomes true at a moment: a page that guests see differently, a range that caches hold or do not. */
export type Change =
  | { readonly atNs: number; readonly what: 'page'; readonly page: number; readonly view: PageView }
  | { readonly atNs: number; readonly what: 'clean'; readonly address: Pa; readonly sizeBytes: number };

/** Counts of a stage. */
export class StepwiseCounts {
  translationFaults = 0;
  permissionFaults = 0;
  spuriousFaults = 0;
  retriedFaults = 0;
  maps = 0;
  relaxed = 0;
  tlbiVmid = 0;
  tlbiIpa = 0;
  cleanedBytes = 0;
  icacheBytes = 0;
  tablesAllocated = 0;
  tablesFreed = 0;
  windows = 0;
  longestWindowNs = 0;
  totalWindowNs = 0;
  windowPageNs = 0;
  lockWaitNs = 0;
  staleReads = 0;
}

/** What a page of the slot answers now. */
export function viewOf(vm: VirtualMachine, page: number): PageView {
  const check = new AccessCheck();
  const address = BASE_IPA + page * PAGE;
  const answer = (write: boolean): Answer =>
    check.hits(vm.table, address, write) ? undefined : { kind: check.kind, level: check.level };
  return { read: answer(false), write: answer(true), hostPage: hostPageOf(vm, address) };
}

function hostPageOf({ table }: VirtualMachine, address: Ipa): number {
  const entry = findEntry(table, address) ?? 0;
  const leafBytes = table.geometry.granuleBytes[levelOfEntry(table, entry)] ?? PAGE;
  const output = outputAddress(table.low(entry), table.high(entry), table.geometry);
  return (alignDown(output, leafBytes) + address - alignDown(address, leafBytes)) / PAGE;
}

/** Gives each effect its cost, and remembers what it changes and when. */
export class StepwiseEffects extends IgnoreEffects {
  /** Now, for whoever acts. */
  nowNs = 0;
  changes: Change[] = [];
  counts = new StepwiseCounts();
  /** Host pages whose last store was not cleaned, by physical page number. */
  readonly dirtyPages = new Set<number>();

  readonly #vm: VirtualMachine;
  readonly #pages: number;
  readonly #costs: Costs;
  /** What the host is writing or has written: from where to where, and when it is done. */
  #written: { readonly from: Pa; readonly to: Pa; readonly doneNs: number }[] = [];
  /** The line of the tables that the operation has read last. */
  #lineRead = -1;
  readonly #brokenNs = new Map<EntryId, number>();
  /** Pages of the slot that the table maps, and since when those are gone that this operation took away. */
  readonly #mapped = new Set<number>();
  readonly #goneNs = new Map<number, number>();

  constructor(vm: VirtualMachine, slotPages: number, costs: Costs) {
    super();
    this.#vm = vm;
    this.#pages = slotPages;
    this.#costs = costs;
  }

  /** An operation begins: what an earlier one left invalid was unmapped. */
  operationBegins(nowNs: number): void {
    this.nowNs = nowNs;
    this.changes = [];
    this.#lineRead = -1;
    this.#brokenNs.clear();
    this.#goneNs.clear();
  }

  /** What was done until now took no time after all: the host is done with all that it writes. */
  forgetWritten(): void {
    this.#written = [];
  }

  /** Makes a clean come true. */
  clean(address: Pa, sizeBytes: number): void {
    for (let page = address / PAGE; page < (address + sizeBytes) / PAGE; page++) this.dirtyPages.delete(page);
  }

  override descriptorsRead(count: number, entry: EntryId): void {
    const line = Math.floor(entry / 8);
    if (line !== this.#lineRead) this.nowNs += this.#costs.walkStep;
    this.#lineRead = line;
    this.nowNs += this.#costs.descriptorRead * count;
  }

  override entryInvalidated(entry: EntryId, address: Ipa, level: number): void {
    this.#brokenNs.set(entry, this.nowNs);
    this.#look(address, level, 1);
    this.nowNs += this.#costs.descriptorWrite;
  }

  override leafInstalled(entry: EntryId, address: Ipa, level: number): void {
    this.counts.maps += 1;
    this.#endWindow(this.#pagesOf(address, level, 1).filter((page) => this.#goneNs.has(page)));
    this.#made(entry, address, level);
  }

  override tableInstalled(entry: EntryId, address: Ipa, level: number): void {
    // Of a split block no page is missed any more that the table leaves to later faults.
    const brokenNs = this.#brokenNs.get(entry);
    const pages = brokenNs === undefined ? [] : this.#pagesOf(address, level, 1);
    this.#endWindow(pages.filter((page) => this.#goneNs.get(page) === brokenNs));
    this.#made(entry, address, level);
  }

  override leavesChanged(_entry: EntryId, address: Ipa, level: number, count: number): void {
    this.#look(address, level, count);
    this.nowNs += this.#costs.descriptorWrite * count;
  }

  override tlbiVmid(): void {
    this.counts.tlbiVmid += 1;
    this.nowNs += this.#costs.tlbiVmid;
  }

  override tlbiIpa(): void {
    this.counts.tlbiIpa += 1;
    this.nowNs += this.#costs.tlbiIpa;
  }

  override dcacheClean(address: Pa, sizeBytes: number): void {
    this.counts.cleanedBytes += sizeBytes;
    this.nowNs += this.#costs.cleanLine * (sizeBytes / LINE);
    this.changes.push({ atNs: this.nowNs, what: 'clean', address, sizeBytes });
  }

  override icacheInvalidate(_address: Pa, sizeBytes: number): void {
    this.counts.icacheBytes += sizeBytes;
    this.nowNs += this.#costs.icacheLine * (sizeBytes / LINE);
  }

  override tableAllocated(): void {
    this.counts.tablesAllocated += 1;
    this.nowNs += this.#costs.tableAllocate + this.#costs.hostWriteLine * (PAGE / LINE);
  }

  override tableFreed(): void {
    this.counts.tablesFreed += 1;
    this.nowNs += this.#costs.tableFree;
  }

  override referencesTaken(count: number): void {
    this.nowNs += this.#costs.reference * count;
  }

  override referencesDropped(count: number): void {
    this.nowNs += this.#costs.reference * count;
  }

  override guestExited(): void {
    this.nowNs += this.#costs.exit / 2;
  }

  override guestEntered(): void {
    this.nowNs += this.#costs.exit / 2;
  }

  override hostPageFaulted(): void {
    this.nowNs += this.#costs.hostPageFault;
  }

  override hostPagePinned(address: Pa): void {
    const doneNs = this.#written
      .filter(({ from, to }) => from <= address && address < to)
      .reduce((latest, written) => Math.max(latest, written.doneNs), 0);
    if (doneNs > this.nowNs) this.nowNs = doneNs + this.#costs.hostPageFault;
    this.nowNs += this.#costs.faultPrepare;
  }

  override hostWrote(address: Pa, sizeBytes: number): void {
    this.nowNs += this.#costs.hostWriteLine * (sizeBytes / LINE);
    this.#written.push({ from: address, to: address + sizeBytes, doneNs: this.nowNs });
    for (let page = address / PAGE; page < (address + sizeBytes) / PAGE; page++) this.dirtyPages.add(page);
  }

  override dirtyMarked(_address: Ipa, count: number): void {
    this.nowNs += this.#costs.markDirty * count;
  }

  #made(entry: EntryId, address: Ipa, level: number): void {
    this.#brokenNs.delete(entry);
    this.#look(address, level, 1);
    this.nowNs += this.#costs.descriptorWrite;
  }

  /** Pages that were gone are back. */
  #endWindow(pages: readonly number[]): void {
    if (pages.length === 0) return;
    const gone = pages.map((page) => this.nowNs - (this.#goneNs.get(page) ?? this.nowNs));
    for (const page of pages) this.#goneNs.delete(page);
    const windowNs = Math.max(...gone);
    this.counts.windows += 1;
    this.counts.totalWindowNs += windowNs;
    this.counts.windowPageNs += gone.reduce((sum, ns) => sum + ns, 0);
    this.counts.longestWindowNs = Math.max(this.counts.longestWindowNs, windowNs);
  }

  /** The table says something else of what `count` entries translate: looks at each of their pages. */
  #look(address: Ipa, level: number, count: number): void {
    for (const page of this.#pagesOf(address, level, count)) {
      const view = viewOf(this.#vm, page);
      this.changes.push({ atNs: this.nowNs, what: 'page', page, view });
      if (view.read === undefined) this.#mapped.add(page);
      else if (this.#mapped.delete(page)) this.#goneNs.set(page, this.nowNs);
    }
  }

  /** Pages of the slot that `count` entries cover. */
  #pagesOf(address: Ipa, level: number, count: number): number[] {
    const sizeBytes = this.#vm.table.geometry.granuleBytes[level] ?? 0;
    const from = Math.floor(address / sizeBytes) * sizeBytes - BASE_IPA;
    const first = Math.max(0, from / PAGE);
    const end = Math.min(this.#pages, (from + count * sizeBytes) / PAGE);
    return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
  }
}
