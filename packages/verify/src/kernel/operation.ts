/** What runs under mmu_lock, as a value. */
import type { HostRequest, HostTaskName, Memslot } from '@s2bench/kernel';
import type { FaultRecord } from './fault-record.ts';

/** One lock section. */
export type Operation =
  /** Phases of the abort handler. `stale`: the notifier's sequence has changed since the fault read it. */
  | { readonly do: 'fault'; readonly fault: FaultRecord; readonly stale: boolean }
  | { readonly do: 'notifier-start'; readonly offset: number; readonly sizeBytes: number }
  | { readonly do: 'notifier-end' }
  /** Logging was switched on: the slot is write-protected. */
  | { readonly do: 'write-protect' }
  /** The blocks of a slot that begins to log are split eagerly, where user space has asked for it. */
  | { readonly do: 'split' }
  /** The dirty bitmap is read and cleared; a bit per page of the slot. */
  | { readonly do: 'collect'; readonly dirtyPages: number }
  /** A chunk of a phase of a hook where logging changes: after so many others. */
  | { readonly do: 'hook'; readonly task: HookTask; readonly phase: string; readonly doneChunks: number }
  | { readonly do: 'move'; readonly baseIpa: number }
  | { readonly do: 'delete-slot' };

/** A task in which logging changes, so that it may have a hook. */
export type HookTask = 'log-on' | 'log-off';

/** A lock section of the host. */
export type HostOperation = Exclude<Operation, { readonly do: 'fault' }>;

/** Which task of the kernel a lock section of the host is of, and which of its phases: tasks share sections. */
const TASK_PHASES = {
  'notifier-start': { task: 'invalidate', phase: 'start' },
  'notifier-end': { task: 'invalidate', phase: 'end' },
  'write-protect': { task: 'log-on', phase: 'write-protect' },
  split: { task: 'log-on', phase: 'split' },
  collect: { task: 'collect-log', phase: 'collect' },
  move: { task: 'move-slot', phase: 'unmap' },
  'delete-slot': { task: 'delete-slot', phase: 'unmap' },
} as const satisfies Record<Exclude<HostOperation['do'], 'hook'>, { task: HostTaskName; phase: string }>;

/** The phase that a lock section of the host begins with. */
export function phaseOf(operation: HostOperation): { readonly task: HostTaskName; readonly phase: string } {
  return operation.do === 'hook' ? operation : TASK_PHASES[operation.do];
}

/** The name of the lock section that a phase of a task begins, which the notifier's tasks share. */
export function sectionName(task: HostTaskName, phase: string): keyof typeof TASK_PHASES | undefined {
  const owner = task === 'collapse' ? 'invalidate' : task;
  for (const [name, of] of Object.entries(TASK_PHASES)) {
    if (of.task === owner && of.phase === phase) return name as keyof typeof TASK_PHASES;
  }
  return undefined;
}

/** What the kernel is asked for by the task that a lock section is of. */
export function requestOf(operation: HostOperation, slot: Memslot): HostRequest {
  switch (operation.do) {
    case 'notifier-start':
      return { do: 'invalidate', slot, offset: operation.offset, sizeBytes: operation.sizeBytes };
    case 'notifier-end':
      return { do: 'invalidate', slot, offset: 0, sizeBytes: 0 };
    case 'write-protect':
    case 'split':
      return { do: 'log-on', slot };
    case 'hook':
      return { do: operation.task, slot };
    case 'collect':
      return { do: 'collect-log', slot };
    case 'delete-slot':
      return { do: 'delete-slot', slot };
    case 'move':
      return { do: 'move-slot', slot, toIpa: operation.baseIpa };
  }
}
