/** A virtual machine as KVM sees it: its stage-2 MMU, and the tasks that work on it. */
import type { FaultKind, Ipa, Origin } from '@s2bench/core/stage2';
import type { Stage2MmuOptions } from './stage2-mmu.ts';
import { Stage2Mmu } from './stage2-mmu.ts';
import { repeatFault } from './tasks/fault-run.ts';
import { FaultPhases } from './tasks/fault.ts';
import type { GuestFault } from './tasks/guest-fault.ts';
import type { HostRequest, HostTaskName } from './tasks/host.ts';
import { HostPhases, HostTask } from './tasks/host.ts';
import type { Phase, PhaseOverride } from './tasks/task.ts';
import { overridePhases } from './tasks/task.ts';

/** What stands in for phases of a machine's tasks, by task and name. */
export type PhaseOverrides = {
  readonly fault?: Readonly<Record<string, PhaseOverride<GuestFault>>>;
} & { readonly [Name in HostTaskName]?: Readonly<Record<string, PhaseOverride<HostTask>>> };

/** What a virtual machine is made with. */
export interface VirtualMachineOptions extends Stage2MmuOptions {
  /** Phases that are not the stock ones: for machines that are broken, or changed, on purpose. */
  readonly phases?: (vm: VirtualMachine) => PhaseOverrides;
}

/**
 * A virtual machine. What happens to it are tasks: guests' faults ({@link raise}) and what the host asks for
 * ({@link begin}). Who runs them, when, and who waits for whom is a driver's business.
 */
export class VirtualMachine extends Stage2Mmu {
  /** The phases of each task by name. */
  readonly phases: {
    readonly fault: FaultPhases['byName'];
    readonly host: HostPhases['byName'];
  };
  /** Who acts: drivers say so, whoever listens to the effects may ask. */
  readonly origin: Origin = { agent: 0, task: '', phase: '' };

  /** Every phase of its faults is the stock one. */
  readonly #hasStockFaults: boolean;

  constructor(options: VirtualMachineOptions) {
    super(options);
    this.phases = { fault: new FaultPhases(this).byName, host: new HostPhases(this).byName };
    const { fault, ...host } = options.phases?.(this) ?? {};
    this.#hasStockFaults = fault === undefined;
    if (fault !== undefined) overridePhases(this.phases.fault, fault);
    for (const [task, overrides] of Object.entries(host))
      overridePhases(this.phases.host[task as HostTaskName], overrides);
  }

  /** Begins a task of the host. */
  begin(request: HostRequest): HostTask {
    const [first] = Object.values(this.phases.host[request.do]);
    return new HostTask(request, first as Phase<HostTask>);
  }

  /** A guest access has aborted: the fault begins anew. */
  raise(fault: GuestFault, ipa: Ipa, write: boolean, execute: boolean, kind: FaultKind, level: number): void {
    fault.raise(this.phases.fault.prepare, ipa, write, execute, kind, level);
  }

  /**
   * Does at once what the same access to the next pages would come to, page by page, after a fault that has ended: see
   * `repeatFault`. Nothing where phases of the fault are not the stock ones.
   *
   * @param most - pages at most
   * @returns pages that are done
   */
  repeat(fault: GuestFault, most: number): number {
    return this.#hasStockFaults ? repeatFault(this, fault, most) : 0;
  }
}
