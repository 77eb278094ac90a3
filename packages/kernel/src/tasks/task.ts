/**
 * Tasks: all that KVM does to a stage-2 table, under mmu_lock or around it, as phases that name the lock they need.
 *
 * A task knows no driver. The machine runs tasks in time, the explorer in every order; what lies between two phases,
 * who gets the lock and who has to wait is theirs.
 */
import type { Origin } from '@s2bench/core/stage2';

/** The lock that a phase runs under: mmu_lock, its read side, or none. A spinlock (until v5.17) is always exclusive. */
export type Lock = 'none' | 'shared' | 'exclusive';

/**
 * Whom a phase waits for before it begins, beside its lock. `old-slot`: the faults that looked up a memslot before the
 * phase before this one replaced it (synchronize_srcu()). `slot`: all faults that hold a memslot.
 */
export type Wait = 'old-slot' | 'slot';

/** What a driver has to know of a phase. */
export interface PhaseHead {
  readonly name: string;
  readonly lock: Lock;
  /** The lock is given back before this phase and taken again for it. Left out: a phase keeps the lock of the one before. */
  readonly relocks?: boolean;
  readonly waits?: Wait;
}

/** One phase of a task of type `T`. */
export interface Phase<T> extends PhaseHead {
  /** Does it, and says what follows; `undefined` where the task has ended. */
  readonly run: (task: T) => Phase<T> | undefined;
}

/** Phases by name. */
export type Phases<Name extends string, T> = Readonly<Record<Name, Phase<T>>>;

/**
 * What stands in for a phase: another run of it, which may call the stock one, or a phase as a whole, also of a new name.
 * For machines that are broken, or changed, on purpose.
 */
export type PhaseOverride<T> = ((task: T, stock: (task: T) => Phase<T> | undefined) => Phase<T> | undefined) | Phase<T>;

/** A task in progress. */
export interface Task {
  readonly name: string;
  /** What comes next; `undefined` once the task has ended. */
  readonly phase: PhaseHead | undefined;
  /** Its last lock section has returned and left mmu_lock taken, as no kernel should. */
  readonly keepsLock: boolean;
  /** Does the next phase. */
  advance(): void;
}

/**
 * Runs what the next phase's lock covers: without a lock that phase alone, else all phases up to where the lock is
 * given back. The driver holds the lock meanwhile.
 */
export function runSection(task: Task, origin: Origin): void {
  let next = task.phase;
  if (next === undefined) throw new Error(`the task ${task.name} has ended and was run again`);
  const { lock } = next;
  origin.task = task.name;
  do {
    origin.phase = next.name;
    task.advance();
    next = task.phase;
  } while (next !== undefined && next.lock === lock && lock !== 'none' && next.relocks !== true);
}

/** Whether a task's next phase needs mmu_lock. */
export function needsLock({ phase }: Task): boolean {
  return phase !== undefined && phase.lock !== 'none';
}

/**
 * Puts overrides in the place of stock phases.
 *
 * @param phases - filled by the caller, whose phases go on through this same object, so that they meet the overrides
 */
export function overridePhases<T>(
  phases: Record<string, Phase<T>>,
  overrides: Readonly<Record<string, PhaseOverride<T>>>,
): void {
  for (const [name, override] of Object.entries(overrides)) {
    if (typeof override !== 'function') {
      phases[name] = override;
      continue;
    }
    const stock = phases[name];
    if (stock === undefined)
      throw new RangeError(`no phase is called ${name}; the phases are ${Object.keys(phases).join(', ')}`);
    phases[name] = { ...stock, run: (task) => override(task, stock.run) };
  }
}
