/** Steps that several workloads are made of. */
import { once } from './programs.ts';
import type { WorkloadSetting, WorkloadStage, WorkloadStep } from './workload.ts';

/** The blocks of a slot that a vCPU has: equal parts, the first vCPU the lowest, but for what does not divide. */
export function blocksOf(
  { granuleBytes, memoryBytes, vcpus }: WorkloadSetting,
  vcpu: number,
): { readonly first: number; readonly count: number } {
  const blocks = memoryBytes / granuleBytes;
  const first = Math.floor((blocks * vcpu) / vcpus);
  return { first, count: Math.floor((blocks * (vcpu + 1)) / vcpus) - first };
}

/** All memory is written once, in steps of `strideBytes`: every vCPU writes its blocks. */
export function writeAll(setting: WorkloadSetting, strideBytes: number): WorkloadStep {
  const { baseIpa, granuleBytes } = setting;
  return {
    kind: 'guest',
    classOf: (vcpu) => vcpu,
    periodAccesses: granuleBytes / strideBytes,
    programOf: (vcpu) => {
      const { first, count } = blocksOf(setting, vcpu);
      return once({
        startIpa: baseIpa + first * granuleBytes,
        count: (count * granuleBytes) / strideBytes,
        strideBytes,
        write: true,
      });
    },
  };
}

/** Every block is mapped by a write. */
export function createBlocks(setting: WorkloadSetting): WorkloadStage {
  return { name: 'CREATE', steps: [writeAll(setting, setting.granuleBytes)] };
}

/** Logging is switched on while no guest runs. */
export const LOG_ON: WorkloadStage = { name: 'LOG_ON', steps: [{ kind: 'host', do: 'log-on' }] };

/** Logging is switched off while no guest runs. */
export const LOG_OFF: WorkloadStage = { name: 'LOG_OFF', steps: [{ kind: 'host', do: 'log-off' }] };

/** How a slot is set up for a guest that runs with its caches on, on memory that nobody has touched. */
export const PLAIN_SLOT = { bornWithLogging: false, hostImageBytes: 0, guestCaches: true } as const;
