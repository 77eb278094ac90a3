/**
 * What the host does to a guest's stage 2: user space's ioctls, the MMU notifier, khugepaged. Each is a task, so that
 * guests can run beside it.
 */
import { type LogHooks, OK } from '@s2bench/core';
import type { Ipa } from '@s2bench/core/stage2';
import { alignDown, leafSizes } from '@s2bench/core/stage2';
import { HOOK_PREFIX, type HookRange, runChunk } from '../hooks/hook-step.ts';
import type { Memslot } from '../memslot.ts';
import type { Stage2Mmu } from '../stage2-mmu.ts';
import { splitTablePages } from '../v6/split.ts';
import type { Lock, Phase, Task, Wait } from './task.ts';

/** Pages of one word of the dirty bitmap: what KVM write-protects in one go. */
const PAGES_PER_WORD = 64;

/** Behind the dirty bitmap lies one as large, for what is handed to user space (`kvm_alloc_dirty_bitmap()`). */
const BITMAPS = 2;

/** What the host may be asked for. Offsets are in the slot's backing, all sizes in bytes. */
export type HostRequest =
  /** KVM_MEM_LOG_DIRTY_PAGES is set. */
  | { readonly do: 'log-on'; readonly slot: Memslot }
  | { readonly do: 'log-off'; readonly slot: Memslot }
  /** KVM_GET_DIRTY_LOG: reads the dirty bitmap, and without manual protection clears it. */
  | { readonly do: 'collect-log'; readonly slot: Memslot }
  /** KVM_CLEAR_DIRTY_LOG: takes back what was told of a range of the slot, and write-protects it. */
  | { readonly do: 'clear-log'; readonly slot: Memslot; readonly offset: number; readonly sizeBytes: number }
  /** The MMU notifier takes a range away. */
  | { readonly do: 'invalidate'; readonly slot: Memslot; readonly offset: number; readonly sizeBytes: number }
  /** khugepaged makes a huge page of the block at an offset. */
  | { readonly do: 'collapse'; readonly slot: Memslot; readonly offset: number }
  | { readonly do: 'move-slot'; readonly slot: Memslot; readonly toIpa: Ipa }
  | { readonly do: 'delete-slot'; readonly slot: Memslot }
  /** Unmaps a range of the guest's addresses. */
  | { readonly do: 'unmap'; readonly ipa: Ipa; readonly sizeBytes: number }
  /** The virtual machine ends. */
  | { readonly do: 'destroy' };

/** A task of the host, by name. */
export type HostTaskName = HostRequest['do'];

/** A task of the host in progress. */
export class HostTask implements Task {
  readonly name: HostTaskName;
  readonly request: HostRequest;
  phase: Phase<HostTask> | undefined;
  keepsLock = false;
  /** How far a phase that gives the lock up now and then has come, in bytes. 0 at its begin. */
  doneBytes = 0;
  /** Chunks of a hook's phase that are done. 0 at its begin. */
  doneChunks = 0;
  /** Pages that were dirty: the result of `collect-log`. */
  dirtyPages = 0;

  constructor(request: HostRequest, first: Phase<HostTask>) {
    this.name = request.do;
    this.request = request;
    this.phase = first;
  }

  advance(): void {
    this.phase = this.phase?.run(this);
  }
}

/** A phase as it is declared: it follows the one before, unless that one says that the task has ended. */
interface Step {
  readonly name: string;
  readonly lock: Lock;
  readonly waits?: Wait;
  // eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- a phase with nothing to say goes on
  readonly act: (task: HostTask) => 'ended' | 'again' | void;
}

/** The phases of a task of the host by name, in the order in which they run. */
export type HostPhaseTable = Readonly<Record<string, Phase<HostTask>>>;

/** The phases of the host's tasks on one virtual machine. */
export class HostPhases {
  readonly byName: Readonly<Record<HostTaskName, Record<string, Phase<HostTask>>>>;
  readonly #mmu: Stage2Mmu;

  constructor(mmu: Stage2Mmu) {
    this.#mmu = mmu;
    const start: Step = { name: 'start', lock: 'exclusive', act: (task) => this.#startInvalidation(task) };
    const end: Step = { name: 'end', lock: 'exclusive', act: () => mmu.notifier.end() };
    this.byName = {
      'log-on': chain([
        { name: 'switch', lock: 'none', act: (task) => this.#switchLogging(task, true) },
        { name: 'write-protect', lock: 'exclusive', waits: 'old-slot', act: (task) => this.#protect(task) },
        ...(this.#hook('logStart', slotOf) ?? this.#splits('slot')),
      ]),
      'log-off': chain([
        { name: 'switch', lock: 'none', act: (task) => this.#switchLogging(task, false) },
        { name: 'drain', lock: 'none', waits: 'old-slot', act: () => mmu.splitCache.empty() },
        ...(this.#hook('logStop', slotOf) ?? []),
      ]),
      'collect-log': chain([{ name: 'collect', lock: 'exclusive', act: (task) => this.#collect(task) }]),
      'clear-log': chain([
        { name: 'clear', lock: 'exclusive', act: (task) => this.#clear(task) },
        ...(this.#hook('logClear', rangeOf) ?? this.#splits('request')),
      ]),
      invalidate: chain([start, end]),
      collapse: chain([start, { name: 'collapse', lock: 'none', act: (task) => this.#collapse(task) }, end]),
      'move-slot': chain([{ name: 'unmap', lock: 'exclusive', waits: 'slot', act: (task) => this.#moveSlot(task) }]),
      'delete-slot': chain([
        { name: 'unmap', lock: 'exclusive', waits: 'slot', act: (task) => this.#deleteSlot(task) },
      ]),
      unmap: chain([{ name: 'unmap', lock: 'exclusive', act: (task) => this.#unmap(task) }]),
      destroy: chain([{ name: 'destroy', lock: 'exclusive', act: () => mmu.code.destroy() }]),
    };
  }

  /** The phases of the strategy's own hook; `undefined` where it has none. */
  #hook(hook: keyof LogHooks, range: (task: HostTask) => HookRange): Step[] | undefined {
    return this.#mmu.hooks[hook]?.map((phase) => ({
      name: `${HOOK_PREFIX}${phase.name}`,
      lock: 'exclusive',
      act: (task) => {
        // At CLEAR nothing is due where logging has started by protecting the slot.
        if (hook === 'logClear' && !this.#isPutOff) return 'ended';
        if (runChunk(this.#mmu, phase, range(task), task)) return undefined;
        task.doneChunks++;
        return 'again';
      },
    }));
  }

  /** What is due where logging starts is put off to CLEAR: all pages are dirty at first. */
  get #isPutOff(): boolean {
    const { manualProtect, initiallySet } = this.#mmu.dirtyLog;
    return manualProtect && initiallySet;
  }

  /** The memslot is replaced by one that logs, or by one that does not; its bitmap is new, or gone. No entry is touched. */
  #switchLogging({ request }: HostTask, on: boolean): 'ended' | undefined {
    const slot = slotIn(request);
    if (slot.logging === on) return 'ended';
    slot.logging = on;
    slot.dirty.clear();
    this.#mmu.effects.memslotReplaced(on ? BITMAPS * slot.dirty.sizeBytes : 0);
    return undefined;
  }

  #protect({ request }: HostTask): 'ended' | undefined {
    const slot = slotIn(request);
    const { code } = this.#mmu;
    if (this.#isPutOff) {
      // Nothing is protected, or split, before it is asked for page by page.
      slot.dirty.fill();
      return 'ended';
    }
    code.writeProtect(slot.baseIpa, slot.sizeBytes);
    code.flushTlb(slot.baseIpa, slot.sizeBytes);
    return undefined;
  }

  /** The phase that splits blocks eagerly, where the release can: of the whole slot, or of what CLEAR was asked for. */
  #splits(range: 'slot' | 'request'): Step[] {
    if (!this.#mmu.kernel.splits) return [];
    return [{ name: 'split', lock: 'exclusive', act: (task) => this.#split(task, range) }];
  }

  /** One chunk; then the lock is given up, and the cache filled again. Where the cache runs short, the rest is left to faults. */
  #split(task: HostTask, range: 'slot' | 'request'): 'again' | undefined {
    const { code, dirtyLog, splitCache, table } = this.#mmu;
    const { splitChunkBytes } = dirtyLog;
    if (splitChunkBytes === 0 || (range === 'request' && !this.#isPutOff)) return undefined;
    const slot = slotIn(task.request);
    const { offset, sizeBytes } = range === 'slot' ? { offset: 0, sizeBytes: slot.sizeBytes } : rangeIn(task.request);
    splitCache.topUp(splitTablePages(table.geometry, splitChunkBytes));
    const begin = slot.baseIpa + offset + task.doneBytes;
    const end = Math.min(alignDown(begin, splitChunkBytes) + splitChunkBytes, slot.baseIpa + offset + sizeBytes);
    const rc = code.split(begin, end - begin, splitCache);
    task.doneBytes += end - begin;
    return rc === OK && task.doneBytes < sizeBytes ? 'again' : undefined;
  }

  /** What GET told of the range is written protected, word by word from its first page to its last, and is dirty no more. */
  #clear({ request }: HostTask): void {
    const slot = slotIn(request);
    const { offset, sizeBytes } = rangeIn(request);
    const { pageSizeBytes } = slot.backing;
    const { code } = this.#mmu;
    const end = (offset + sizeBytes) / pageSizeBytes;
    let cleared = 0;
    for (let word = alignDown(offset / pageSizeBytes, PAGES_PER_WORD); word < end; word += PAGES_PER_WORD) {
      let first = -1;
      let last = -1;
      for (let page = Math.max(word, offset / pageSizeBytes); page < Math.min(word + PAGES_PER_WORD, end); page++) {
        if (!slot.reported.isDirty(page)) continue;
        slot.reported.unmark(page);
        slot.dirty.unmark(page);
        if (first < 0) first = page;
        last = page;
        cleared++;
      }
      if (first >= 0) code.writeProtect(slot.baseIpa + first * pageSizeBytes, (last + 1 - first) * pageSizeBytes);
    }
    if (cleared > 0) code.flushTlb(slot.baseIpa, slot.sizeBytes);
  }

  /** What was dirty is write-protected word by word, and the VMID flushed once if anything was. */
  #collect(task: HostTask): void {
    const slot = slotIn(task.request);
    const { pageSizeBytes } = slot.backing;
    const { manualProtect } = this.#mmu.dirtyLog;
    let dirtyPages = 0;
    slot.dirty.forEachRun((firstPage, pages) => {
      dirtyPages += pages;
      if (manualProtect) return;
      for (let page = firstPage; page < firstPage + pages;) {
        const wordEnd = alignDown(page, PAGES_PER_WORD) + PAGES_PER_WORD;
        const end = Math.min(firstPage + pages, wordEnd);
        this.#mmu.code.writeProtect(slot.baseIpa + page * pageSizeBytes, (end - page) * pageSizeBytes);
        page = end;
      }
    });
    task.dirtyPages = dirtyPages;
    if (manualProtect) {
      slot.reported.copyFrom(slot.dirty);
      return;
    }
    slot.dirty.clear();
    if (dirtyPages > 0) this.#mmu.code.flushTlb(slot.baseIpa, slot.sizeBytes);
  }

  #startInvalidation({ request }: HostTask): void {
    const slot = slotIn(request);
    if (request.do === 'invalidate') this.#mmu.notifierStart(slot, request.offset, request.sizeBytes);
    else if (request.do === 'collapse') this.#mmu.notifierStart(slot, request.offset, slot.backing.blockBytes);
  }

  /** The pages of the block are copied into the huge page. */
  #collapse({ request }: HostTask): void {
    if (request.do !== 'collapse') return;
    const { backing } = slotIn(request);
    const start = backing.blockStart(request.offset);
    backing.collapse(start);
    this.#mmu.effects.hostWrote(backing.physAddress + start, backing.blockBytes);
  }

  /** What the slot mapped is unmapped, nothing is mapped in its place. */
  #moveSlot(task: HostTask): 'again' | undefined {
    const { request } = task;
    if (request.do !== 'move-slot') return undefined;
    const { slot } = request;
    if (!this.#unmapChunk(task, slot.baseIpa, slot.sizeBytes)) return 'again';
    slot.baseIpa = request.toIpa;
    return undefined;
  }

  #deleteSlot(task: HostTask): 'again' | undefined {
    const slot = slotIn(task.request);
    if (!this.#unmapChunk(task, slot.baseIpa, slot.sizeBytes)) return 'again';
    this.#mmu.removeSlot(slot);
    return undefined;
  }

  #unmap(task: HostTask): 'again' | undefined {
    const { request } = task;
    if (request.do !== 'unmap') return undefined;
    return this.#unmapChunk(task, request.ipa, request.sizeBytes) ? undefined : 'again';
  }

  /**
   * Unmaps what is done in one hold of the lock, and says whether that was the last of it. Releases of the older walker give
   * the lock up between root entries, which slots seldom reach across: there it is one hold.
   */
  #unmapChunk(task: HostTask, ipa: Ipa, sizeBytes: number): boolean {
    const begin = ipa + task.doneBytes;
    const end = ipa + sizeBytes;
    let next = end;
    if (this.#mmu.kernel.chunksByBlock) {
      const { geometry } = this.#mmu.table;
      const chunkBytes = leafSizes(geometry)[0] ?? geometry.pageSizeBytes;
      next = Math.min(alignDown(begin, chunkBytes) + chunkBytes, end);
    }
    this.#mmu.unmap(begin, next - begin);
    task.doneBytes += next - begin;
    return next === end;
  }
}

/** Phases that run one after the other, each under a lock of its own. */
function chain(steps: readonly Step[]): Record<string, Phase<HostTask>> {
  const phases: Record<string, Phase<HostTask>> = {};
  for (const [index, { name, lock, waits, act }] of steps.entries()) {
    const next = steps[index + 1]?.name;
    const run = (task: HostTask): Phase<HostTask> | undefined => {
      const result = act(task);
      if (result === 'again') return phases[name];
      task.doneBytes = 0;
      task.doneChunks = 0;
      return result === 'ended' || next === undefined ? undefined : phases[next];
    };
    phases[name] = { name, lock, relocks: true, run, ...(waits !== undefined && { waits }) };
  }
  return phases;
}

function slotOf({ request }: HostTask): HookRange {
  const slot = slotIn(request);
  return { slot, offset: 0, sizeBytes: slot.sizeBytes };
}

function rangeOf({ request }: HostTask): HookRange {
  return { slot: slotIn(request), ...rangeIn(request) };
}

function slotIn(request: HostRequest): Memslot {
  if ('slot' in request) return request.slot;
  throw new Error(`the task ${request.do} has no memslot`);
}

function rangeIn(request: HostRequest): { readonly offset: number; readonly sizeBytes: number } {
  if (request.do === 'clear-log') return { offset: request.offset, sizeBytes: request.sizeBytes };
  throw new Error(`the task ${request.do} has no range of a slot`);
}
