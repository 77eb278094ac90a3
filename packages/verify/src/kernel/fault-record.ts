/** A fault in flight as a value: what a vCPU knows of its own abort, apart from anything shared. */
import type { FaultKind } from '@s2bench/core/stage2';
import type { FaultOutcome, Memslot, VirtualMachine } from '@s2bench/kernel';
import { GuestFault } from '@s2bench/kernel';

/** The phase of a fault that has ended. */
export const DONE = 'done';

/** The fields of a {@link GuestFault} that decide what it does next. */
export interface FaultRecord {
  readonly ipa: number;
  readonly write: boolean;
  readonly execute: boolean;
  readonly kind: FaultKind;
  readonly level: number;
  /** Name of the phase that comes next; {@link DONE} where the vCPU is back in the guest. */
  readonly phase: string;
  readonly outcome: FaultOutcome;
  readonly mapIpa: number;
  readonly mapBytes: number;
  readonly physAddress: number;
  readonly writable: boolean;
  readonly forcePages: boolean;
  /** Table pages left in the vCPU's memory cache. */
  readonly cachePages: number;
  /** What a phase noted down for a later one; the stock ones note nothing. */
  readonly note: number;
}

/** Whether the phase that comes next is the notifier's, which the fault has called through its copy of the zero page. */
export function isNotifierPhase({ phase }: FaultRecord): boolean {
  return phase === 'start-invalidation' || phase === 'change-pte' || phase === 'end-invalidation';
}

/** A fault that was just raised. */
export function raisedFault(
  ipa: number,
  write: boolean,
  execute: boolean,
  kind: FaultKind,
  level: number,
  cachePages: number,
): FaultRecord {
  return {
    ipa,
    write,
    execute,
    kind,
    level,
    cachePages,
    note: 0,
    phase: 'prepare',
    outcome: 'spurious',
    mapIpa: 0,
    mapBytes: 0,
    physAddress: 0,
    writable: false,
    forcePages: false,
  };
}

/** Makes the object that the abort handler works on. */
export function faultFrom(
  record: FaultRecord,
  vm: VirtualMachine,
  slot: Memslot | undefined,
  notifierSequence: number,
): GuestFault {
  const fault = new GuestFault();
  vm.raise(fault, record.ipa, record.write, record.execute, record.kind, record.level);
  fault.phase = vm.phases.fault[record.phase];
  fault.note = record.note;
  fault.outcome = record.outcome;
  fault.slot = slot;
  fault.mapIpa = record.mapIpa;
  fault.mapBytes = record.mapBytes;
  fault.physAddress = record.physAddress;
  fault.writable = record.writable;
  fault.forcePages = record.forcePages;
  fault.notifierSequence = notifierSequence;
  fault.cache.topUp(record.cachePages);
  return fault;
}

/** What the handler left in the object. A fault that is done keeps nothing but its memory cache. */
export function recordOf(fault: GuestFault): FaultRecord {
  return {
    ipa: fault.ipa,
    write: fault.write,
    execute: fault.execute,
    kind: fault.kind,
    level: fault.level,
    phase: fault.phase?.name ?? DONE,
    outcome: fault.outcome,
    mapIpa: fault.mapIpa,
    mapBytes: fault.mapBytes,
    physAddress: fault.physAddress,
    writable: fault.writable,
    forcePages: fault.forcePages,
    cachePages: fault.cache.pagesLeft,
    note: fault.note,
  };
}

/** Gives equal values equal small numbers, from 0. */
export class Interned<T> {
  readonly values: T[] = [];
  readonly #ids = new Map<string, number>();

  /** The number of a value; a new one where no equal value was seen. */
  idOf(value: T, key: string = JSON.stringify(value)): number {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.values.length);
    return this.values.push(value) - 1;
  }

  /** The value of a number that was given out. */
  valueOf(id: number): T {
    const value = this.values[id];
    if (value === undefined) throw new RangeError(`no value has the number ${id}`);
    return value;
  }
}
