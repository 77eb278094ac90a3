/** The contract of a workload: what the guest does, stage by stage, and what the host does between. */
import type { Ipa } from '@s2bench/core/stage2';
import type { GuestProgram } from '@s2bench/kernel';

/** The stages of a workload, in the order in which they happen. Only those that it has appear. */
export type StageName = 'CREATE' | 'LOG_ON' | 'UPDATE' | 'LOG_OFF' | 'ADJUST';

/** What happens in a stage, one after the other. A guest step ends when the last vCPU has ended its program. */
export type WorkloadStep =
  | {
      readonly kind: 'guest';
      programOf(vcpu: number): GuestProgram;
      /** vCPUs of one class run the same program: what one of them does to the tables, all do. */
      classOf(vcpu: number): number;
      /** Accesses after which a vCPU's program repeats itself elsewhere: what a sample has to cover. */
      readonly periodAccesses: number;
    }
  /** A task of the host on every memslot, by the kernel's name for it. */
  | { readonly kind: 'host'; readonly do: 'log-on' | 'log-off' | 'collect-log' };

/** A stage: a span of time that a result reports. */
export interface WorkloadStage {
  readonly name: StageName;
  readonly steps: readonly WorkloadStep[];
}

/** What a workload is planned for. */
export interface WorkloadSetting {
  readonly baseIpa: Ipa;
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
  readonly stages: readonly WorkloadStage[];
}

/** A history that a workload offers, and what it means there. */
export interface WorkloadHistory {
  /** One of `HISTORIES` of the kernel where it is that history, so that a verdict of it applies; else a name of its own. */
  readonly name: string;
  readonly summary: string;
}

/** A workload plugin. */
export interface Workload {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly histories: readonly WorkloadHistory[];
  plan(setting: WorkloadSetting): WorkloadPlan;
}
