/**
 * What the host does to a guest's stage 2: user space's ioctls, the MMU notifier, khugepaged. Each is a task, so that
 * guests can run beside it.
 */
import type { Ipa } from '@s2bench/core/stage2';
import { alignDown } from '@s2bench/core/stage2';
import type { Memslot } from '../memslot.ts';
import type { Stage2Mmu } from '../stage2-mmu.ts';
import type { Lock, Phase, Task, Wait } from './task.ts';

/** Pages of one word of the dirty bitmap: what KVM write-protects in one go. */
const PAGES_PER_WORD = 64;

/** What the host may be asked for. Offsets are in the slot's backing, all sizes in bytes. */
export type HostRequest =
  /** KVM_MEM_LOG_DIRTY_PAGES is set. */
  | { readonly do: 'log-on'; readonly slot: Memslot }
  | { readonly do: 'log-off'; readonly slot: Memslot }
  /** KVM_GET_DIRTY_LOG: reads and clears the dirty bitmap. */
  | { readonly do: 'collect-log'; readonly slot: Memslot }
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
  readonly act: (task: HostTask) => 'ended' | void;
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
      ]),
      'log-off': chain([
        { name: 'switch', lock: 'none', act: (task) => this.#switchLogging(task, false) },
        { name: 'drain', lock: 'none', waits: 'old-slot', act: () => undefined },
      ]),
      'collect-log': chain([{ name: 'collect', lock: 'exclusive', act: (task) => this.#collect(task) }]),
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

  /** The memslot is replaced by one that logs, or by one that does not; its bitmap is new, or gone. No entry is touched. */
  #switchLogging({ request }: HostTask, on: boolean): 'ended' | undefined {
    const slot = slotIn(request);
    if (slot.logging === on) return 'ended';
    slot.logging = on;
    slot.dirty.clear();
    return undefined;
  }

  #protect({ request }: HostTask): void {
    const slot = slotIn(request);
    this.#mmu.code.writeProtect(slot.baseIpa, slot.sizeBytes);
    this.#mmu.effects.tlbiVmid();
  }

  /** What was dirty is write-protected word by word, and the VMID flushed once if anything was. */
  #collect(task: HostTask): void {
    const slot = slotIn(task.request);
    const { pageSizeBytes } = slot.backing;
    let dirtyPages = 0;
    slot.dirty.forEachRun((firstPage, pages) => {
      dirtyPages += pages;
      for (let page = firstPage; page < firstPage + pages;) {
        const wordEnd = alignDown(page, PAGES_PER_WORD) + PAGES_PER_WORD;
        const end = Math.min(firstPage + pages, wordEnd);
        this.#mmu.code.writeProtect(slot.baseIpa + page * pageSizeBytes, (end - page) * pageSizeBytes);
        page = end;
      }
    });
    slot.dirty.clear();
    if (dirtyPages > 0) this.#mmu.effects.tlbiVmid();
    task.dirtyPages = dirtyPages;
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
  #moveSlot({ request }: HostTask): void {
    if (request.do !== 'move-slot') return;
    this.#mmu.unmap(request.slot.baseIpa, request.slot.sizeBytes);
    request.slot.baseIpa = request.toIpa;
  }

  #deleteSlot({ request }: HostTask): void {
    const slot = slotIn(request);
    this.#mmu.unmap(slot.baseIpa, slot.sizeBytes);
    this.#mmu.removeSlot(slot);
  }

  #unmap({ request }: HostTask): void {
    if (request.do === 'unmap') this.#mmu.unmap(request.ipa, request.sizeBytes);
  }
}

/** Phases that run one after the other, each under a lock of its own. */
function chain(steps: readonly Step[]): Record<string, Phase<HostTask>> {
  const phases: Record<string, Phase<HostTask>> = {};
  for (const [index, { name, lock, waits, act }] of steps.entries()) {
    const next = steps[index + 1]?.name;
    const run = (task: HostTask): Phase<HostTask> | undefined =>
      act(task) === 'ended' || next === undefined ? undefined : phases[next];
    phases[name] = { name, lock, relocks: true, run, ...(waits !== undefined && { waits }) };
  }
  return phases;
}

function slotIn(request: HostRequest): Memslot {
  if ('slot' in request) return request.slot;
  throw new Error(`the task ${request.do} has no memslot`);
}
