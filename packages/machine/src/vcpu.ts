/** One vCPU: where its program stands, and what it waits for. */
import { alignDown, type Ipa } from '@s2bench/core/stage2';
import type { AccessRun, GuestProgram } from '@s2bench/kernel';
import { GuestFault } from '@s2bench/kernel';
import type { Actor, ActorState } from './actor.ts';
import { FaultAccount } from './fault-accounts.ts';
import { LoopPlan } from './loop-plan.ts';

/** A vCPU of a {@link GuestRunner}. */
export class Vcpu implements Actor {
  readonly id: number;
  readonly fault = new GuestFault();
  readonly account = new FaultAccount();
  readonly run: AccessRun = { startIpa: 0, count: 0, strideBytes: 0, write: false };
  program: GuestProgram;
  state: ActorState = 'guest';

  /** Accesses of the current loop that were done when it was last looked at. */
  index = 0;
  /** Accesses from `index` on that the watcher of the caches has been told of already. */
  watched = 0;
  /** Accesses of finished loops. */
  doneBefore = 0;
  /** Where the common count of accesses stood at `index`, and where it will stand when the loop stops. */
  plannedAt = 0;
  stopAt = 0;
  /** What the accesses from `index` on take. */
  readonly plan = new LoopPlan();
  /** Accesses that it has done, in accesses of the profile. */
  units = 0;

  /** When a `host` or `granted` phase ends. */
  readyNs = Infinity;
  /** Whether the phase that ends then is followed by one under the lock. */
  wantsLock = false;
  raisedNs = 0;
  /** When it left the guest: where it has lost to another vCPU, before the faults that it lost. */
  stalledNs = 0;
  /** Its last fault came to nothing, since another vCPU was at work on what it found undone. */
  lost = false;
  /** What it waits for is no phase: it tries its access again then. */
  retries = false;
  /** What had become visible to all when its last section began; -1 where that did more than to lose. */
  lostSince = -1;
  lockRequestedNs = 0;
  /** When it got the lock that it shares. */
  sectionBeganNs = 0;
  handedOver = false;
  sharesLock = false;
  readsLock = false;
  lineNs = 0;
  finishedNs = 0;

  constructor(id: number, program: GuestProgram) {
    this.id = id;
    this.program = program;
  }

  /** Accesses done since the program began. */
  get accesses(): number {
    return this.doneBefore + this.index;
  }

  /** Accesses that are done or begun where the common count stands; 0 once it has ended. */
  begunAt(count: number): number {
    if (this.state === 'done') return 0;
    return this.accesses + (this.state === 'guest' ? this.#begun(count) : 1);
  }

  /** Goes to the next loop of the program that accesses anything; `false` when there is none. */
  nextRun(): boolean {
    this.doneBefore += this.index;
    this.index = 0;
    while (this.program.next(this.run)) if (this.run.count > 0) return true;
    return false;
  }

  /**
   * Stops its loop at the first access from now on that lies in a range. Where that hits all the same, it goes on.
   *
   * @param count - where the common count stands
   * @returns whether it stops earlier now
   */
  cut(count: number, from: Ipa, end: Ipa): boolean {
    // Its TLBs have the translations of this loop: it runs on until they are flushed.
    if (this.plan.held) return false;
    const { startIpa, strideBytes } = this.run;
    const { entryBytes } = this.plan;
    const begun = this.#begun(count);
    let least = from;
    // What it needs for the page that it is in, it has.
    if (begun > 0 && strideBytes < entryBytes) {
      least = Math.max(from, alignDown(this.addressAt(this.index + begun - 1), entryBytes) + entryBytes);
    }
    const first = Math.max(this.index + begun, Math.ceil((least - startIpa) / strideBytes));
    const address = startIpa + first * strideBytes;
    if (address >= end) return false;
    return this.#stopBefore(first - this.index);
  }

  /**
   * A TLBI of its VMID is complete: what it has used is flushed, and the next access asks the table.
   *
   * @param count - where the common count stands
   * @returns whether it stops earlier now
   */
  flushed(count: number): boolean {
    const begun = this.#begun(count);
    this.plan.flushed = begun;
    return this.plan.outlivesBreaks(this.run) && this.#stopBefore(begun);
  }

  /** Stops its loop behind so many accesses, unless it stops earlier; whether that is so. */
  #stopBefore(accesses: number): boolean {
    const stopAt = this.plannedAt + accesses * this.plan.each;
    if (stopAt >= this.stopAt) return false;
    this.stopAt = stopAt;
    return true;
  }

  /** Accesses from `index` on that are done or begun where the common count stands. */
  #begun(count: number): number {
    return Math.ceil((count - this.plannedAt) / this.plan.each);
  }

  /** Guest address of the access at an index of the current loop. */
  addressAt(index: number): number {
    return this.run.startIpa + index * this.run.strideBytes;
  }
}
