/**
 * What vCPUs do under an mmu_lock that they share: each section is one call, ahead of everybody else's time, and what it has
 * stored becomes visible later (`dated-stores.ts`). Whoever loses an entry goes back to the guest and comes again.
 */
import type { VirtualMachine } from '@s2bench/kernel';
import type { StageCounters } from './counters.ts';
import { DatedStores } from './dated-stores.ts';
import type { FaultAccounts } from './fault-accounts.ts';
import { GracePeriods } from './grace-periods.ts';
import type { MachineEffects, Timeline } from './machine-effects.ts';
import type { MmuLock } from './mmu-lock.ts';
import type { Vcpu } from './vcpu.ts';

/** What sums of times lose by rounding, and more: who has waited less has not waited. */
const LEAST_WAIT_NS = 1e-3;

/** What sections work with. */
export interface SharedSectionsOptions {
  readonly vm: VirtualMachine;
  readonly effects: MachineEffects;
  readonly lock: MmuLock;
  readonly counters: StageCounters;
  readonly accounts: FaultAccounts | undefined;
}

/** The sections of one step that share the lock. */
export class SharedSections {
  readonly stores: DatedStores;
  readonly #options: SharedSectionsOptions;
  readonly #vcpus: readonly Vcpu[];
  readonly #gracePeriods = new GracePeriods();
  #unlinkedTables = 0;

  constructor(options: SharedSectionsOptions, vcpus: readonly Vcpu[]) {
    this.#options = options;
    this.#vcpus = vcpus;
    this.stores = new DatedStores(options.vm.table);
  }

  /**
   * Runs the section of a vCPU that has just got the lock, and keeps it until its own clock is reached.
   *
   * @param answer - does the section on a timeline
   */
  run(vcpu: Vcpu, nowNs: number, answer: (vcpu: Vcpu, timeline: Timeline) => void): void {
    const { counters, effects, vm } = this.#options;
    const { stores } = this;
    const { unlinkedTables } = vm.code;
    const { stores: storesBefore, timeline } = effects;
    const { tablesAllocated, tlbiIpa } = counters;
    vcpu.sectionBeganNs = nowNs;
    effects.stations.forget(nowNs);
    stores.begin(nowNs);
    answer(vcpu, stores);
    vcpu.lost = vcpu.fault.outcome === 'spurious' && stores.nextNs < Infinity;
    // Whoever loses to a vCPU that is at work comes back as often as it takes.
    if (vcpu.lost) vcpu.fault.excuse();
    const hasOnlyLost =
      effects.stores === storesBefore && counters.tablesAllocated === tablesAllocated && counters.tlbiIpa === tlbiIpa;
    vcpu.lostSince = vcpu.lost && hasOnlyLost ? stores.madeVisible : -1;
    stores.end();
    effects.timeline = timeline;
    this.#gracePeriods.unlinked(vm.code.unlinkedTables - unlinkedTables, stores.nowNs);
    vcpu.readyNs = stores.nowNs;
  }

  /**
   * Where another vCPU is at work for long, whoever needs what it makes faults on it again and again. As long as nobody
   * changes anything all of these faults are the same: where faults are accounted for they are counted at once, and not run.
   *
   * @returns whether the vCPU will try again later
   */
  loseAgain(vcpu: Vcpu, nowNs: number): boolean {
    const { accounts, counters, lock } = this.#options;
    if (accounts === undefined || vcpu.lostSince !== this.stores.madeVisible) return false;
    const { account, fault } = vcpu;
    const lastedNs = nowNs - vcpu.raisedNs;
    const waitedNs = lastedNs - account.ownNs - lock.shareNs.allNs;
    if (vcpu.handedOver || lock.wasAsked || waitedNs > LEAST_WAIT_NS) return false;
    const times = Math.ceil((this.stores.nextNs - nowNs) / lastedNs) - 1;
    if (!(times > 0 && times < Infinity)) return false;
    if (fault.kind === 'translation') counters.translationFaults += times;
    else counters.permissionFaults += times;
    counters.spuriousFaults += times;
    counters.lockWaitNs += times * lock.shareNs.takenNs;
    accounts.countedOtherwise(counters);
    accounts.add(fault.kind, account, times);
    vcpu.state = 'host';
    vcpu.wantsLock = false;
    vcpu.readyNs = nowNs + times * lastedNs;
    vcpu.retries = true;
    return true;
  }

  /** Says how many of the tables that were unlinked may be freed now. */
  look(): void {
    const { vm } = this.#options;
    this.#unlinkedTables = vm.code.unlinkedTables;
    if (this.#unlinkedTables > 0) vm.freeableTables = this.#gracePeriods.freeable(this.#oldestNs());
  }

  /** Those that are gone since then were freed. */
  looked(): void {
    this.#gracePeriods.freed(this.#unlinkedTables - this.#options.vm.code.unlinkedTables);
  }

  /** Nobody is in a table any more: what no fault has come back to free is freed, in nobody's time. */
  freeAll(timeline: Timeline): void {
    const { counters, effects, vm } = this.#options;
    vm.freeableTables = Infinity;
    effects.timeline = timeline;
    effects.charges = counters.charges;
    vm.code.endGracePeriod();
  }

  /** When the section began that is under way the longest. */
  #oldestNs(): number {
    let oldestNs = Infinity;
    for (const vcpu of this.#vcpus)
      if (vcpu.state === 'locked' && vcpu.sharesLock && vcpu.sectionBeganNs < oldestNs) oldestNs = vcpu.sectionBeganNs;
    return oldestNs;
  }
}
