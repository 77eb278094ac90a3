/** Runs guests and writes down who did what from when to when. */
import type { GuestFault, Phase } from '@s2bench/kernel';
import { overridePhases } from '@s2bench/kernel';
import { CacheState } from '../src/cache-state.ts';
import { StageCounters } from '../src/counters.ts';
import { GuestRunner } from '../src/guest-runner.ts';
import { GuestWalks } from '../src/guest-walk.ts';
import { LoopPlanner } from '../src/loop-plan.ts';
import { BusyHostPages } from '../src/host-pages.ts';
import { MachineEffects } from '../src/machine-effects.ts';
import type { GuestStep } from '../src/machine.ts';
import { accessTimes, latencyNs } from '../src/memory-contention.ts';
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
  /** Of all vCPUs, each until it had ended. */
  readonly vcpusNs: number;
  /** Nanoseconds of an access by number of vCPUs that run. */
  readonly accessNs: Float64Array;
}

/** A phase of a fault, in time. */
interface WatchedPhase {
  readonly fault: GuestFault;
  readonly locked: boolean;
  readonly fromNs: number;
  readonly toNs: number;
}

/** Puts a clock around what the abort handler does without the lock, phase by phase, and around each lock section. */
function watchPhases(vm: Guest['vm'], nowNs: () => number): { momentsNs: number[]; watched: WatchedPhase[] } {
  const momentsNs: number[] = [];
  const watched: WatchedPhase[] = [];
  const begunNs = new Map<GuestFault, number>();
  const stock = Object.entries<Phase<GuestFault>>(vm.phases.fault);
  const clocked = stock.map(([name, phase]): [string, Phase<GuestFault>] => {
    const locked = phase.lock !== 'none';
    const run = (fault: GuestFault): Phase<GuestFault> | undefined => {
      const fromNs = begunNs.get(fault) ?? nowNs();
      if (!begunNs.has(fault)) momentsNs.push(fromNs);
      begunNs.set(fault, fromNs);
      const next = phase.run(fault);
      if (locked && next?.lock === phase.lock && next.relocks !== true) return next;
      begunNs.delete(fault);
      watched.push({ fault, locked, fromNs, toNs: nowNs() });
      if (locked) momentsNs.push(nowNs());
      return next;
    };
    return [name, { ...phase, run }];
  });
  overridePhases(vm.phases.fault, Object.fromEntries(clocked));
  return { momentsNs, watched };
}

/** Runs a step to its end, from time zero on. */
export function watch({ vm, slot, shape }: Guest, step: GuestStep): WatchedRun {
  const { costs, vcpus } = shape;
  const counters = new StageCounters();
  const idle = { nowNs: 0, passed: () => {}, tookAway: () => {}, cachesChange: () => {} };
  const effects = new MachineEffects(
    {
      costs,
      pageSizeBytes: PAGE,
      granuleBytes: vm.table.geometry.granuleBytes,
    },
    new CacheState(slot.backing.physAddress, slot.backing.sizeBytes, PAGE),
    new BusyHostPages(),
    idle,
    counters,
  );
  vm.effects = effects;
  const { momentsNs, watched } = watchPhases(vm, () => effects.timeline.nowNs);
  const accesses: Accesses[] = [];
  const accessNs = accessTimes(latencyNs(costs, vcpus), costs.memoryService, vcpus);
  const runner: GuestRunner = new GuestRunner(
    {
      vm,
      effects,
      lock: new MmuLock(costs),
      counters,
      accounts: undefined,
      accessNs,
      loops: new LoopPlanner(vm.table, new GuestWalks(vm.table.geometry, costs, vcpus)),
      tlbs: undefined,
      caches: {
        accessed: (loop, _index, count) => {
          const vcpu = runner.vcpus.findIndex(({ run }) => run === loop);
          momentsNs.push(runner.nowNs);
          accesses.push({ vcpu, count, byNs: runner.nowNs });
        },
      },
      startNs: 0,
    },
    Array.from({ length: vcpus }, (_, id) => step.programOf(id)),
  );
  while (runner.step()) momentsNs.push(runner.nowNs);
  const phases = watched.map(({ fault, ...phase }) => ({
    vcpu: runner.vcpus.findIndex((vcpu) => vcpu.fault === fault),
    ...phase,
  }));
  const vcpusNs = runner.vcpus.reduce((sum, vcpu) => sum + vcpu.finishedNs, 0);
  return { momentsNs, phases, accesses, counters, finishedNs: runner.finishedNs, vcpusNs, accessNs };
}
