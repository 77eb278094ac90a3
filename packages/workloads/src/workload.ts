/** The contract of a workload: what guests do, stage by stage, and what the host does between and beside them. */
import type { Ipa } from '@s2bench/core/stage2';
import type { DirtyLogSettings, GuestProgram } from '@s2bench/kernel';

/** The version of this contract. It rises when a workload that was written for it would have to change. */
export const WORKLOAD_CONTRACT_VERSION = 1;

/**
 * What the host can be asked to do, on every memslot: switch logging on or off; read the dirty log (GET); take back what
 * was read and protect it (CLEAR); unmap the slot; or, once, end the virtual machine.
 */
export type HostAction = 'log-on' | 'log-off' | 'collect-log' | 'clear-log' | 'unmap' | 'destroy';

/** Something that the host does while guests run, after what it did before. */
export interface ActionBeside {
  readonly do: HostAction;
  /** Simulated nanoseconds of the step before which it does not begin. */
  readonly afterNs: number;
}

/** What happens in a stage, one after the other. A guest step ends when the last vCPU has ended its program. */
export type WorkloadStep =
  | {
      readonly kind: 'guest';
      programOf(vcpu: number): GuestProgram;
      /** vCPUs of one class run the same program: what one of them does to the tables, all do. */
      classOf(vcpu: number): number;
      /** Accesses after which a vCPU's program repeats itself elsewhere: what a sample has to cover. */
      readonly periodAccesses: number;
      /** Nanoseconds that a vCPU computes between two accesses, whoever else runs. Left out: none. */
      readonly computeNs?: number;
      /** What the host does meanwhile. A step that has this is simulated access by access, never extrapolated. */
      readonly host?: readonly ActionBeside[];
    }
  /** What the host does while no guest runs. */
  | { readonly kind: 'host'; readonly do: HostAction };

/** A stage: a span of time that a result reports. */
export interface WorkloadStage {
  /** In capitals: `ADJUST`, `LOG_ON`, `CLEAR2`. */
  readonly name: string;
  readonly steps: readonly WorkloadStep[];
}

/** What a workload is planned for. */
export interface WorkloadSetting {
  readonly baseIpa: Ipa;
  /** Of the memslot, all vCPUs together. */
  readonly memoryBytes: number;
  /** Block that the backing gives; the page size if it gives none. */
  readonly granuleBytes: number;
  readonly pageSizeBytes: number;
  readonly vcpus: number;
  /** One of the workload's histories. */
  readonly history: string;
  readonly seed: number;
}

/** A workload for one setting. */
export interface WorkloadPlan {
  /** The memslot is created with dirty logging on. */
  readonly bornWithLogging: boolean;
  /** Bytes at the start of the slot that the host has written before the guest runs: a kernel image. */
  readonly hostImageBytes: number;
  /** Whether the guest runs with its caches on. */
  readonly guestCaches: boolean;
  /** What user space has asked of the dirty log. Left out: GET tells and protects, nothing is split eagerly. */
  readonly dirtyLog?: DirtyLogSettings;
  readonly stages: readonly WorkloadStage[];
}

/** A history that a workload offers, and what it means there. */
export interface WorkloadHistory {
  /** One of `HISTORIES` of the kernel where it is that history, so that a verdict of it applies; else a name of its own. */
  readonly name: string;
  readonly summary: string;
}

/** What a workload may need of a kernel: that it splits blocks eagerly (from v6.5 on). */
export type WorkloadNeed = 'eager-split';

/** What follows from a workload's options. */
export interface WorkloadBehaviour {
  /** All stages that it may have, in the order in which they happen. With some histories a few of them are missing. */
  readonly stages: readonly string[];
  /** What a kernel must be able to do. */
  readonly needs?: readonly WorkloadNeed[];
  /** Builds the programs and the host's steps. It knows no strategy and no cost. */
  plan(setting: WorkloadSetting): WorkloadPlan;
}

/** What a workload says of itself. */
export interface WorkloadHead {
  /** With the options that it was given, as in `dirty-log-perf?iterations=3`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Where it comes from: a selftest, a report, a message. */
  readonly source: string;
  readonly contractVersion: number;
  readonly histories: readonly WorkloadHistory[];
  /** What a matrix's memory is the size of: the slot, or the part of each vCPU, so that the slot is as many times larger. */
  readonly memoryOf: 'slot' | 'vcpu';
}

/** A workload plugin. */
export interface Workload extends WorkloadHead, WorkloadBehaviour {}
