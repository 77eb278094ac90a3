/**
 * Simulates one cell of the matrix: puts core, machine and workload together, and keeps what cells that are alike have
 * in common.
 */
import { type Strategy } from '@s2bench/core';
import type { Origin } from '@s2bench/core/stage2';
import { kernelModelOf } from '@s2bench/kernel';
import { type Clock, type Listeners, Machine, type Profile, programClasses } from '@s2bench/machine';
import type { Cell, StageName, StageResult } from '@s2bench/report';
import type { Workload, WorkloadStage } from '@s2bench/workloads';
import { ipaBitsFor, layOut, loadHostImage, placeSlot, slotBytesOf } from './layout.ts';
import { stageResult } from './stage-result.ts';

/**
 * Keeps the state that was built last. Cells that differ in their vCPUs or in their machine's costs alone come to the
 * same tables before the first timed stage, since nothing there depends on time: building them is most of the work.
 */
export class BuiltStates {
  #key: string | undefined;
  #machine: Machine | undefined;

  /** The machine of a key; `build` makes it if it is not the one that was built last. */
  get(key: string, build: () => Machine): Machine {
    if (this.#machine === undefined || this.#key !== key) {
      // Two large states at a time would be one too many.
      this.#machine = undefined;
      this.#machine = build();
      this.#key = key;
    }
    return this.#machine;
  }

  /** Lets go of what was built. */
  forget(): void {
    this.#machine = undefined;
    this.#key = undefined;
  }
}

/** What a cell is simulated with: the plugins that its names stand for, loaded. */
export interface CellPlugins {
  readonly strategy: Strategy;
  readonly workload: Workload;
  readonly profile: Profile;
}

/** How a cell is simulated. */
export interface SimulateOptions {
  /** Stages whose time is wanted; the others are built without being timed. */
  readonly stages: readonly StageName[];
  /** Simulates every fault one by one instead of extrapolating steady states. */
  readonly exact: boolean;
  /** Faults that are simulated one by one before a steady state is extrapolated; the machine's own choice if left out. */
  readonly faultBudget?: number;
  /** Makes those who listen to the simulation: it tells them who acts and what time it is. */
  readonly listen?: (origin: Readonly<Origin>, clock: Clock) => Listeners;
}

/**
 * Simulates a cell. Deterministic: the same cell gives the same result to the last digit.
 *
 * @param states - shared by calls for cells that are alike; without it nothing is kept
 */
export function simulateCell(
  cell: Cell,
  plugins: CellPlugins,
  options: SimulateOptions,
  states?: BuiltStates,
): Record<StageName, StageResult> {
  const simulation = new Simulation(cell, plugins, options);
  const { machine, stages } = simulation;
  const firstTimed = Math.max(
    0,
    stages.findIndex((stage) => options.stages.includes(stage.name)),
  );
  const untimed = stages.slice(0, firstTimed);
  if (states === undefined) simulation.skip(untimed);
  else {
    const build = (): Machine => {
      const template = new Simulation(cell, plugins, options);
      template.skip(untimed);
      return template.machine;
    };
    machine.copyFrom(states.get(stateKey(cell, plugins, untimed), build));
  }
  const results: Record<StageName, StageResult> = {};
  const lastTimed = stages.findLastIndex((stage) => options.stages.includes(stage.name));
  for (const stage of stages.slice(firstTimed, lastTimed + 1)) {
    const timed = options.stages.includes(stage.name);
    machine.beginStage();
    simulation.run(stage, timed);
    if (timed) results[stage.name] = stageResult(machine.endStage());
  }
  return results;
}

/** A cell's virtual machine on its machine, with the memory as it is before the guest runs. */
class Simulation {
  readonly machine: Machine;
  readonly stages: readonly WorkloadStage[];

  constructor(cell: Cell, { strategy, workload, profile }: CellPlugins, options: SimulateOptions) {
    const { exact, faultBudget, listen } = options;
    const placed = placeSlot(cell, slotBytesOf(cell, workload));
    const plan = workload.plan({ ...cell, memoryBytes: placed.sizeBytes, baseIpa: placed.baseIpa });
    const { fwb, rangeTlbi: tlbRange } = profile.features;
    const { vm, slot } = layOut(
      cell,
      placed,
      {
        strategy,
        kernel: kernelModelOf(cell.kernel),
        fwb,
        tlbRange,
        ...(plan.dirtyLog && { dirtyLog: plan.dirtyLog }),
      },
      plan.bornWithLogging,
    );
    this.stages = plan.stages;
    this.machine = new Machine({
      profile,
      vm,
      slot,
      vcpus: cell.vcpus,
      guestCaches: plan.guestCaches,
      exact,
      ...(faultBudget !== undefined && { faultBudget }),
      ...(listen && { listen: (clock) => listen(vm.origin, clock) }),
    });
    loadHostImage(slot, plan.hostImageBytes, vm.effects);
  }

  /** Brings the tables to where stages lead, without timing them. */
  skip(stages: readonly WorkloadStage[]): void {
    for (const stage of stages) this.run(stage, false);
  }

  run(stage: WorkloadStage, timed: boolean): void {
    for (const step of stage.steps) this.machine.run(step, timed);
  }
}

/** What the tables before the first timed stage depend on. */
function stateKey(cell: Cell, { profile, workload }: CellPlugins, untimed: readonly WorkloadStage[]): string {
  const { vcpus, profile: _, ...rest } = cell;
  const classes = untimed.flatMap((stage) =>
    stage.steps.map((step) => (step.kind === 'guest' ? programClasses(vcpus, (vcpu) => step.classOf(vcpu)) : [])),
  );
  return JSON.stringify([
    rest,
    slotBytesOf(cell, workload),
    profile.features,
    untimed.map((stage) => stage.name),
    classes,
  ]);
}

/** Why a corner of the matrix cannot exist, or `undefined` where it can. Bad values of one option are errors, not this. */
export function whyImpossible(cell: Cell, plugins: CellPlugins): string | undefined {
  const { histories, name } = plugins.workload;
  if (!histories.some((history) => history.name === cell.history)) {
    return `workload ${name} has no history ${cell.history}: it has ${histories.map((history) => history.name).join(', ')}`;
  }
  if (cell.memoryBytes % cell.granuleBytes !== 0) {
    return `memory is not a whole number of blocks: ${cell.memoryBytes} bytes in blocks of ${cell.granuleBytes}`;
  }
  if (ipaBitsFor(cell, slotBytesOf(cell, plugins.workload)) === undefined)
    return 'the memory does not fit into a guest address space of 48 bits';
  return undefined;
}
