/** A machine that runs one virtual machine: time, lock, caches, vCPUs. */
import type { EffectSink } from '@s2bench/core/stage2';
import { teeEffects } from '@s2bench/core/stage2';
import type { GuestProgram, HostRequest, Memslot, VirtualMachine } from '@s2bench/kernel';
import { needsLock, runSection } from '@s2bench/kernel';
import { CacheState } from './cache-state.ts';
import type { CacheWatch } from './cache-watch.ts';
import { NOTHING_STALE, StaleReadCounter } from './cache-watch.ts';
import { chargesByName } from './charges.ts';
import { costsOf } from './costs.ts';
import { StageCounters } from './counters.ts';
import { beginning, fastForward } from './fast-forward.ts';
import { FaultAccounts } from './fault-accounts.ts';
import { GuestRunner } from './guest-runner.ts';
import { GuestWalks } from './guest-walk.ts';
import type { PlannedTask } from './host-actor.ts';
import { BusyHostPages } from './host-pages.ts';
import type { Timeline } from './machine-effects.ts';
import { MachineEffects } from './machine-effects.ts';
import { AccessSums, LoopPlanner } from './loop-plan.ts';
import { mappedPages } from './mapped-pages.ts';
import { accessTimes, latencyNs } from './memory-contention.ts';
import { MmuLock } from './mmu-lock.ts';
import type { AnyCostName, Profile } from './profile.ts';
import { firstOfEachClass } from './program-classes.ts';
import { QuietFaults, SkippedFaults } from './quiet-faults.ts';
import type { QuietRest } from './sampling.ts';
import { StageSampler } from './sampling.ts';
import { Tlbs } from './tlbs.ts';
import type { Vcpu } from './vcpu.ts';
import type { MachineWatch } from './watch.ts';
import { WatchedCounters } from './watch.ts';

/** Faults of a stage that are simulated one by one before the rest is extrapolated. */
export const FAULT_BUDGET = 60_000;

/** What a machine is made for. */
export interface MachineOptions {
  readonly profile: Profile;
  readonly vm: VirtualMachine;
  /** The slot under test: what stale reads are looked for in. */
  readonly slot: Memslot;
  readonly vcpus: number;
  /** Whether the guest runs with its caches on. */
  readonly guestCaches: boolean;
  /** Simulates every fault one by one. */
  readonly exact: boolean;
  /** Faults of a stage that are simulated one by one before the rest is extrapolated: {@link FAULT_BUDGET}. */
  readonly faultBudget?: number;
  /** Others who listen. */
  readonly listen?: (clock: Clock) => Listeners;
}

/** Who listens to a machine besides its clock. */
export interface Listeners {
  /** Each hears an effect after the clock: what they are told of has been paid for. */
  readonly sinks: readonly EffectSink[];
  /** Hears what actors do beside their effects. */
  readonly watch?: MachineWatch;
}

/** The time of whoever acts. */
export interface Clock {
  readonly nowNs: number;
}

/** A task of the host: on every memslot, or once on the virtual machine. What needs a range gets all of the slot. */
export interface HostStep {
  readonly do: 'log-on' | 'log-off' | 'collect-log' | 'clear-log' | 'unmap' | 'destroy';
}

/** What the vCPUs of a step run. */
export interface GuestStep {
  programOf(vcpu: number): GuestProgram;
  /** vCPUs of one class run the same program. */
  classOf(vcpu: number): number;
  /** Accesses after which a program repeats itself elsewhere. */
  readonly periodAccesses: number;
  /** Nanoseconds that a vCPU computes between two accesses. Charged as a part of them. */
  readonly computeNs?: number;
  /** What the host does while the guests run. Such a step is simulated access by access, never extrapolated. */
  readonly host?: readonly ConcurrentStep[];
}

/** A step of a stage. */
export type Step = ({ readonly kind: 'guest' } & GuestStep) | ({ readonly kind: 'host' } & HostStep);

/** What the host does beside running guests, after what it did before. */
export interface ConcurrentStep extends HostStep {
  /** Simulated time of the step before which it does not begin. */
  readonly afterNs: number;
}

/** A stage that was timed. */
export interface StageMeasurement {
  readonly timeNs: number;
  readonly counters: StageCounters;
  /**
   * What everybody spent on each cost, also at the same time: the time of each vCPU until it had finished, and of the
   * host, without what they waited for one another.
   */
  readonly chargedNs: Readonly<Record<AnyCostName, number>>;
  /** Set where a part was extrapolated: the part of the accesses that was simulated, and the error bound. */
  readonly sampled?: { readonly fraction: number; readonly errorBound: number };
}

/** The host thread's time; nobody else runs meanwhile. */
class HostTimeline implements Timeline {
  nowNs = 0;
  passed(): void {}
  tookAway(): void {}
  cachesChange(): void {}
}

/** What a step asks the kernel for. */
function requestsOf({ do: action }: HostStep, { slots }: VirtualMachine): HostRequest[] {
  if (action === 'destroy') return [{ do: action }];
  return slots.map((slot): HostRequest => {
    const { baseIpa, sizeBytes } = slot;
    if (action === 'unmap') return { do: action, ipa: baseIpa, sizeBytes };
    return action === 'clear-log' ? { do: action, slot, offset: 0, sizeBytes } : { do: action, slot };
  });
}

/**
 * Runs stages on a virtual machine and measures them. The machine becomes the consumer of the virtual machine's
 * effects.
 */
export class Machine {
  readonly #options: MachineOptions;
  readonly #effects: MachineEffects;
  readonly #caches: CacheState;
  readonly #loops: LoopPlanner;
  readonly #tlbs: Tlbs | undefined;
  readonly #accessNs: Float64Array;
  readonly #timeline = new HostTimeline();
  readonly #watch: MachineWatch | undefined;
  #counters = new StageCounters();
  #startedNs = 0;
  // Of the guest steps of the stage: accesses of the slowest vCPU, and how far extrapolated time may be off.
  #accesses = 0;
  #simulatedAccesses = 0;
  #boundNs: number | undefined;

  constructor(options: MachineOptions) {
    const { profile, vm, slot, vcpus } = options;
    const { backing } = slot;
    const costs = costsOf(profile);
    const { geometry } = vm.table;
    this.#options = options;
    this.#caches = new CacheState(backing.physAddress, backing.sizeBytes, backing.pageSizeBytes);
    this.#accessNs = accessTimes(latencyNs(costs, vcpus), costs.memoryService, vcpus);
    this.#loops = new LoopPlanner(vm.table, new GuestWalks(geometry, costs, vcpus));
    const { entries = 0 } = profile.tlb ?? {};
    if (entries > 0) this.#tlbs = new Tlbs(vcpus, entries);
    this.#effects = new MachineEffects(
      {
        costs,
        pageSizeBytes: geometry.pageSizeBytes,
        granuleBytes: geometry.granuleBytes,
        dic: profile.features.dic ?? false,
        tlbs: this.#tlbs,
        agent: () => vm.origin.agent,
        mappedPages: (level) => mappedPages(vm.table, level),
      },
      this.#caches,
      new BusyHostPages(),
      this.#timeline,
      this.#counters,
    );
    const { sinks = [], watch } = options.listen?.(this.#effects) ?? {};
    this.#watch = watch;
    vm.effects = sinks.length === 0 ? this.#effects : teeEffects(this.#effects, ...sinks);
  }

  /** Takes over the state that another machine has come to, its virtual machine's included. Times begin anew. */
  copyFrom(other: Machine): void {
    this.#options.vm.copyFrom(other.#options.vm);
    this.#caches.copyFrom(other.#caches);
    if (other.#tlbs !== undefined) this.#tlbs?.copyFrom(other.#tlbs);
  }

  /** Starts a stage: counts and time begin anew. */
  beginStage(): void {
    const watch = this.#watch;
    this.#counters = watch === undefined ? new StageCounters() : new WatchedCounters(watch);
    this.#effects.countInto(this.#counters);
    this.#startedNs = this.#timeline.nowNs;
    this.#accesses = 0;
    this.#simulatedAccesses = 0;
    this.#boundNs = undefined;
  }

  /** Ends a stage. */
  endStage(): StageMeasurement {
    const timeNs = this.#timeline.nowNs - this.#startedNs;
    const counters = this.#counters;
    const chargedNs = chargesByName(counters.charges);
    if (this.#boundNs === undefined) return { timeNs, counters, chargedNs };
    const fraction = this.#simulatedAccesses / this.#accesses;
    return { timeNs, counters, chargedNs, sampled: { fraction, errorBound: this.#boundNs / timeNs } };
  }

  /** Runs a step. Where it need not be timed, it is only run for what it does to the tables, and takes no time. */
  run(step: Step, timed: boolean): void {
    const { nowNs } = this.#timeline;
    if (step.kind === 'host') this.#runTasks(step);
    else if (timed) this.runGuests(step);
    else this.skipGuests(step);
    if (timed) return;
    this.#timeline.nowNs = nowNs;
    this.#effects.stations.clear();
  }

  /** The host does something while no guest runs, as one operation under the lock. */
  runHost(action: () => void): void {
    this.#options.vm.origin.agent = this.#options.vcpus;
    action();
    this.#effects.operationEnded();
  }

  /**
   * Runs a task of the host while no guest runs.
   *
   * @param deletesSlot - it unmaps a memslot that is deleted: that is replaced by one that cannot be used before, and by none after
   */
  runTask(request: HostRequest, deletesSlot = false): void {
    const { vm } = this.#options;
    const task = vm.begin(request);
    const beganNs = this.#timeline.nowNs;
    if (deletesSlot) this.runHost(() => this.#effects.memslotReplaced(0));
    while (task.phase !== undefined) {
      const locks = needsLock(task);
      const sectionNs = this.#timeline.nowNs;
      this.runHost(() => runSection(task, vm.origin));
      if (locks) this.#counters.hostHeldLock(this.#timeline.nowNs - sectionNs);
    }
    if (deletesSlot) this.runHost(() => this.#effects.memslotReplaced(0));
    this.#counters.hostTaskEnded(task.name, this.#timeline.nowNs - beganNs);
  }

  #runTasks(step: HostStep): void {
    for (const request of requestsOf(step, this.#options.vm)) this.runTask(request, step.do === 'unmap');
  }

  /** Runs a program on every vCPU; the stage goes on when the last one has ended. */
  runGuests(step: GuestStep): void {
    const { vm, vcpus, profile, exact } = this.#options;
    this.#effects.stations.clear();
    const counters = this.#counters;
    const accessNs = this.#accessNsOf(step);
    const accounts = exact || step.host !== undefined ? undefined : new FaultAccounts(counters);
    const runner = new GuestRunner(
      {
        vm,
        effects: this.#effects,
        lock: new MmuLock(costsOf(profile)),
        counters,
        accounts,
        accessNs,
        caches: this.#cacheWatch(counters),
        loops: this.#loops,
        tlbs: this.#tlbs,
        startNs: this.#timeline.nowNs,
        watch: this.#watch,
      },
      Array.from({ length: vcpus }, (_, vcpu) => step.programOf(vcpu)),
      this.#planned(step.host ?? []),
    );
    if (accounts === undefined) while (runner.step());
    else if (this.#sample(step, runner, accounts)) return;
    this.#effects.timeline = this.#timeline;
    this.#effects.countInto(counters);
    this.#timeline.nowNs = runner.finishedNs;
    this.#accesses += runner.slowestAccesses;
    this.#simulatedAccesses += runner.slowestAccesses;
  }

  /** Of a guest that computes between its accesses the memory system sees less. */
  #accessNsOf({ computeNs = 0 }: GuestStep): Float64Array {
    if (computeNs === 0) return this.#accessNs;
    const { guestAccess, memoryService } = costsOf(this.#options.profile);
    return accessTimes(guestAccess + computeNs, memoryService, this.#options.vcpus);
  }

  /**
   * Brings the tables to where a step leads. That takes no time, and nothing of it is counted. One vCPU of each class
   * stands for all of it.
   */
  skipGuests(step: GuestStep): void {
    const { vm, vcpus } = this.#options;
    const { nowNs } = this.#timeline;
    this.#effects.countInto(new StageCounters());
    const skipped = new SkippedFaults(this.#effects, this.#loops);
    for (const vcpu of firstOfEachClass(vcpus, (id) => step.classOf(id)).values()) {
      skipped.begins(this.#tlbs?.of[vcpu]);
      fastForward(vm, beginning(step.programOf(vcpu)), skipped);
      this.#shareTlb(step, vcpu);
    }
    // Without a clock nothing is beside anything: the host comes after the guests.
    for (const host of step.host ?? []) this.#runTasks(host);
    this.#effects.forgetBefore(Infinity);
    this.#effects.countInto(this.#counters);
    this.#timeline.nowNs = nowNs;
  }

  /** One vCPU has run a program for all of its class: so their TLBs hold the same. */
  #shareTlb(step: GuestStep, runner: number): void {
    const tlbs = this.#tlbs?.of ?? [];
    const from = tlbs[runner];
    if (from === undefined) return;
    for (const [vcpu, tlb] of tlbs.entries()) {
      if (vcpu !== runner && step.classOf(vcpu) === step.classOf(runner)) tlb.copyFrom(from);
    }
  }

  #planned(steps: readonly ConcurrentStep[]): PlannedTask[] {
    const { vm } = this.#options;
    const startNs = this.#timeline.nowNs;
    return steps.flatMap((step) =>
      requestsOf(step, vm).map((request) => ({ begin: () => vm.begin(request), earliestNs: startNs + step.afterNs })),
    );
  }

  /** Runs a step until the rest can be extrapolated; `false` where it came to its end before. */
  #sample(step: GuestStep, runner: GuestRunner, accounts: FaultAccounts): boolean {
    const startNs = this.#timeline.nowNs;
    const sampler = new StageSampler(runner, this.#counters, accounts, {
      faultBudget: this.#options.faultBudget ?? FAULT_BUDGET,
      periodAccesses: step.periodAccesses,
      sharesLock: this.#options.vm.kernel.mapLock === 'shared',
      programs: firstOfEachClass(this.#options.vcpus, (vcpu) => step.classOf(vcpu)).size,
    });
    for (;;) {
      if (!runner.step()) return false;
      if (sampler.seenEnough()) break;
    }
    runner.drain();
    while (runner.step());
    this.#effects.timeline = this.#timeline;
    this.#timeline.nowNs = runner.finishedNs;
    const rest = this.#finishQuietly(step, runner);
    const estimate = sampler.extrapolate(rest, this.#accessNsOf(step));
    estimate.addTo(this.#counters);
    this.#timeline.nowNs = startNs + estimate.timeNs;
    this.#effects.stations.clear();
    this.#accesses += estimate.accesses;
    this.#simulatedAccesses += estimate.simulated;
    this.#boundNs = (this.#boundNs ?? 0) + estimate.boundNs;
    return true;
  }

  /** Brings the tables to the end of the step: one vCPU of each class goes on alone. */
  #finishQuietly(step: GuestStep, runner: GuestRunner): QuietRest {
    const { vm } = this.#options;
    const measured = this.#counters;
    const counters = new StageCounters();
    this.#effects.countInto(counters);
    this.#effects.stations.clear();
    const slowestByClass = new Map<number, Vcpu>();
    const members = new Map<number, number>();
    for (const vcpu of runner.vcpus) {
      const id = step.classOf(vcpu.id);
      members.set(id, (members.get(id) ?? 0) + 1);
      const other = slowestByClass.get(id);
      if (other === undefined || vcpu.accesses < other.accesses) slowestByClass.set(id, vcpu);
    }
    const quiet = new QuietFaults(this.#effects, this.#loops, this.#cacheWatch(counters), counters);
    let slowest: Vcpu | undefined;
    let remaining = new AccessSums();
    const allRemaining = new AccessSums();
    let staleReads = 0;
    for (const [id, vcpu] of slowestByClass) {
      const stale = counters.staleReads;
      const sums = quiet.begins(this.#tlbs?.of[vcpu.id]);
      fastForward(vm, vcpu, quiet);
      this.#shareTlb(step, vcpu.id);
      staleReads += (counters.staleReads - stale) * (members.get(id) ?? 1);
      allRemaining.addTimes(sums, members.get(id) ?? 1);
      if (slowest !== undefined && vcpu.accesses >= slowest.accesses) continue;
      slowest = vcpu;
      remaining = sums;
    }
    this.#effects.countInto(measured);
    counters.staleReads = staleReads;
    const { accounts, longestStallNs } = quiet;
    return {
      accesses: (slowest?.accesses ?? 0) + remaining.accesses,
      units: (slowest?.units ?? 0) + remaining.units,
      remainingNs: this.#loops.timeOf(allRemaining, this.#accessNs[1] ?? 0),
      accounts,
      counters,
      longestStallNs,
    };
  }

  #cacheWatch(counters: StageCounters): CacheWatch {
    const { guestCaches, vm, slot } = this.#options;
    if (guestCaches || vm.table.fwb) return NOTHING_STALE;
    return new StaleReadCounter(this.#caches, slot, counters);
  }
}
