/** Simulates one cell of the matrix: puts core, machine and workload together. */
import type { KernelModel, Strategy, VirtualMachine } from '@s2bench/core';
import { findKernelModel } from '@s2bench/core';
import type { Profile } from '@s2bench/machine';
import { Machine } from '@s2bench/machine';
import type { Cell, StageName, StageResult } from '@s2bench/report';
import type { Workload, WorkloadStage, WorkloadStep } from '@s2bench/workloads';
import { loadHostImage } from './host-image.ts';
import { ipaBitsFor, layOut } from './layout.ts';
import { stageResult } from './stage-result.ts';

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
}

/** Simulates a cell. Deterministic: the same cell gives the same result to the last digit. */
export function simulateCell(
  cell: Cell,
  plugins: CellPlugins,
  options: SimulateOptions,
): Partial<Record<StageName, StageResult>> {
  const { strategy, workload, profile } = plugins;
  const plan = workload.plan({ ...cell, baseIpa: 0 });
  const layout = layOut(cell, { strategy, kernel: kernelOf(cell), fwb: profile.features.fwb }, plan.bornWithLogging);
  const { vm, slot } = layout;
  const machine = new Machine({
    profile,
    vm,
    slot,
    vcpus: cell.vcpus,
    guestCaches: plan.guestCaches,
    exact: options.exact,
    ...(options.faultBudget !== undefined && { faultBudget: options.faultBudget }),
  });
  loadHostImage(slot, plan.hostImageBytes, vm.effects);
  const results: Partial<Record<StageName, StageResult>> = {};
  for (const stage of workload.plan({ ...cell, baseIpa: slot.baseIpa }).stages) {
    const timed = options.stages.includes(stage.name);
    machine.beginStage();
    runStage(machine, vm, stage, timed);
    if (timed) results[stage.name] = stageResult(machine.endStage());
  }
  return results;
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
  if (ipaBitsFor(cell) === undefined) return 'the memory does not fit into a guest address space of 48 bits';
  return undefined;
}

function kernelOf(cell: Cell): KernelModel {
  const kernel = findKernelModel(cell.kernel);
  if (kernel === undefined) throw new RangeError(`unknown kernel model ${cell.kernel}`);
  return kernel;
}

function runStage(machine: Machine, vm: VirtualMachine, stage: WorkloadStage, timed: boolean): void {
  for (const step of stage.steps) {
    if (step.kind !== 'guest') machine.runHost(() => runHostStep(vm, step));
    else if (timed) machine.runGuests(step);
    else machine.skipGuests(step);
  }
}

function runHostStep(vm: VirtualMachine, step: Exclude<WorkloadStep, { kind: 'guest' }>): void {
  for (const slot of vm.slots) {
    if (step.kind === 'logging') vm.setLogging(slot, step.on);
    else vm.collectDirtyLog(slot);
  }
}
