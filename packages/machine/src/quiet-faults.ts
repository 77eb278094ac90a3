/** Counts the faults of a program that runs alone and without a clock: the part of a stage that is not simulated. */
import { type AccessRun, type GuestFault, isCheck } from '@s2bench/kernel';
import type { CacheWatch } from './cache-watch.ts';
import type { StageCounters } from './counters.ts';
import type { FastForwardWatch } from './fast-forward.ts';
import { FaultAccount, FaultAccounts } from './fault-accounts.ts';
import { AccessSums, LoopPlan, type LoopPlanner } from './loop-plan.ts';
import type { MachineEffects } from './machine-effects.ts';
import type { Tlb } from './tlb.ts';

/** For a program that is run for the tables alone. */
export class SkippedFaults implements FastForwardWatch {
  readonly repeats: boolean = true;
  protected readonly effects: MachineEffects;
  readonly #loops: LoopPlanner;
  #tlb: Tlb | undefined;
  #sums = new AccessSums();
  readonly #plan = new LoopPlan();

  constructor(effects: MachineEffects, loops: LoopPlanner) {
    this.effects = effects;
    this.#loops = loops;
  }

  /**
   * The next program begins.
   *
   * @param tlb - of the vCPU that runs it; left out: TLBs are not modelled
   * @returns what its accesses come to
   */
  begins(tlb: Tlb | undefined): AccessSums {
    this.#tlb = tlb;
    this.#sums = new AccessSums();
    return this.#sums;
  }

  raised(): void {}

  operationBegins(_fault: GuestFault): void {}

  operationEnded(_fault: GuestFault): void {
    this.effects.operationEnded();
    this.effects.forgetBefore(this.effects.nowNs);
  }

  ended(_fault: GuestFault): void {}

  accessed(run: AccessRun, index: number, count: number): void {
    const tlb = this.#tlb;
    if (tlb === undefined) {
      this.#sums.add(this.#plan, count);
      return;
    }
    const end = index + count;
    for (let at = index; at < end;) {
      // That they hit is known.
      const accesses = this.#loops.plan(this.#plan, tlb, run, at, end - at) || end - at;
      this.#loops.done(this.#plan, tlb, run, at, accesses);
      this.#sums.add(this.#plan, accesses);
      at += accesses;
    }
  }
}

/** What faults come to when nobody else runs. The effects' timeline is that of the host, on which nothing waits. */
export class QuietFaults extends SkippedFaults {
  /** Each of them counts. */
  override readonly repeats = false;
  readonly accounts: FaultAccounts;
  longestStallNs = 0;
  readonly #caches: CacheWatch;
  readonly #counters: StageCounters;
  readonly #account = new FaultAccount();
  #raisedNs = 0;
  #stores = 0;
  #maps = false;

  /** @param counters - those of the effects */
  constructor(effects: MachineEffects, loops: LoopPlanner, caches: CacheWatch, counters: StageCounters) {
    super(effects, loops);
    this.accounts = new FaultAccounts(counters);
    this.#caches = caches;
    this.#counters = counters;
  }

  override raised(): void {
    this.#account.begin();
    this.effects.charges = this.#account.charges;
    this.#raisedNs = this.effects.timeline.nowNs;
  }

  override operationBegins(fault: GuestFault): void {
    this.#maps = isCheck(fault.phase);
    this.#stores = this.effects.stores;
  }

  override operationEnded(fault: GuestFault): void {
    super.operationEnded(fault);
    if (this.#maps) this.#counters.answered(fault.outcome);
    if (this.effects.stores > this.#stores) this.#account.changedTables = true;
    this.accounts.charge(this.#account, this.#counters);
  }

  override ended(fault: GuestFault): void {
    const stallNs = this.effects.timeline.nowNs - this.#raisedNs;
    this.#account.ran(stallNs);
    if (stallNs > this.longestStallNs) this.longestStallNs = stallNs;
    this.accounts.add(fault.kind, this.#account);
  }

  override accessed(run: AccessRun, index: number, count: number): void {
    super.accessed(run, index, count);
    this.#caches.accessed(run, index, count);
  }
}
