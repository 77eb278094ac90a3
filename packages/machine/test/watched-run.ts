/** Runs guests and writes down who did what from when to when. */
import type { GuestFault } from '@s2bench/core';
import { FaultHandler } from '@s2bench/core';
import { CacheState } from '../src/cache-state.ts';
import { StageCounters } from '../src/counters.ts';
import { GuestRunner } from '../src/guest-runner.ts';
import { BusyHostPages } from '../src/host-pages.ts';
import type { GuestStep } from '../src/machine.ts';
import { MachineEffects } from '../src/machine-effects.ts';
import { accessTimes } from '../src/memory-contention.ts';
import { MmuLock } from '../src/mmu-lock.ts';
import type { Guest } from './cell.ts';
import { PAGE } from './cell.ts';

/** A phase of the abort handler that a vCPU was in. */
export interface HostPhase {
  readonly vcpu: number;
  readonly locked: boolean;
  readonly fromNs: number;
  readonly toNs: number;
}

/** Accesses of a vCPU that were done by a time, since its last phase in the host or its last such entry. */
export interface Accesses {
  readonly vcpu: number;
  readonly count: number;
  readonly byNs: number;
}

/** What a run was seen to do. */
export interface WatchedRun {
  /** Moments in the order in which the runner came to them. */
  readonly momentsNs: readonly number[];
  readonly phases: readonly HostPhase[];
  readonly accesses: readonly Accesses[];
  readonly counters: StageCounters;
  readonly finishedNs: number;
  /** Nanoseconds of an access by number of vCPUs that run. */
  readonly accessNs: Float64Array;
}

class WatchedHandler extends FaultHandler {
  readonly phases: { fault: GuestFault; locked: boolean; fromNs: number; toNs: number }[] = [];
  readonly momentsNs: number[] = [];
  readonly #nowNs: () => number;

  constructor(vm: Guest['vm'], nowNs: () => number) {
    super(vm);
    this.#nowNs = nowNs;
  }

  override runUnlocked(fault: GuestFault): boolean {
    const fromNs = this.#begin();
    const wantsLock = super.runUnlocked(fault);
    this.phases.push({ fault, locked: false, fromNs, toNs: this.#nowNs() });
    return wantsLock;
  }

  override runLocked(fault: GuestFault): void {
    const fromNs = this.#begin();
    super.runLocked(fault);
    this.phases.push({ fault, locked: true, fromNs, toNs: this.#nowNs() });
    this.momentsNs.push(this.#nowNs());
  }

  #begin(): number {
    this.momentsNs.push(this.#nowNs());
    return this.#nowNs();
  }
}

/** Runs a step to its end, from time zero on. */
export function watch({ vm, slot, shape }: Guest, step: GuestStep): WatchedRun {
  const { costs, vcpus, cores } = shape;
  const counters = new StageCounters();
  const busyPages = new BusyHostPages();
  const idle = { nowNs: 0, passed: () => {}, tookAway: () => {}, cachesChange: () => {} };
  const effects = new MachineEffects(
    {
      costs,
      listeningCores: Math.min(vcpus, cores),
      pageSizeBytes: PAGE,
      granuleBytes: vm.table.geometry.granuleBytes,
    },
    new CacheState(slot.backing.physAddress, slot.backing.sizeBytes, PAGE),
    busyPages,
    idle,
    counters,
  );
  vm.effects = effects;
  const handler = new WatchedHandler(vm, () => effects.timeline.nowNs);
  const accesses: Accesses[] = [];
  const accessNs = accessTimes(costs.guestAccess, costs.memoryService, vcpus);
  const runner: GuestRunner = new GuestRunner(
    {
      vm,
      handler,
      effects,
      lock: new MmuLock(costs),
      counters,
      accounts: undefined,
      accessNs,
      caches: {
        accessed: (loop, _index, count) => {
          const vcpu = runner.vcpus.findIndex(({ run }) => run === loop);
          handler.momentsNs.push(runner.nowNs);
          accesses.push({ vcpu, count, byNs: runner.nowNs });
        },
      },
      busyPages,
      startNs: 0,
    },
    Array.from({ length: vcpus }, (_, id) => step.programOf(id)),
  );
  while (runner.step()) handler.momentsNs.push(runner.nowNs);
  const phases = handler.phases.map(({ fault, ...phase }) => ({
    vcpu: runner.vcpus.findIndex((vcpu) => vcpu.fault === fault),
    ...phase,
  }));
  return { momentsNs: handler.momentsNs, phases, accesses, counters, finishedNs: runner.finishedNs, accessNs };
}
