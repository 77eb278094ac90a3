/** The end of a virtual machine: its memory is unmapped and its tables go, block by block or page by page. */
import { z } from '@s2bench/core';
import { defineWorkload } from './define-workload.ts';
import { BLOCK_FIRST } from './histories.ts';
import { once } from './programs.ts';
import type { WorkloadBehaviour, WorkloadSetting, WorkloadStage, WorkloadStep } from './workload.ts';

const OPTIONS = z.object({
  mapped: z
    .enum(['blocks', 'pages'])
    .default('blocks')
    .describe('how memory is mapped at the end; pages: logging has split all blocks'),
  first: z
    .enum(['unmap', 'destroy'])
    .default('unmap')
    .describe('destroy: the machine ends with all its memory mapped, and nothing is unmapped before'),
});

/** All memory is written once, in steps, by all vCPUs: each has an equal part of the blocks, but for what does not divide. */
function writeAll(setting: WorkloadSetting, strideBytes: number): WorkloadStep {
  const { baseIpa, granuleBytes, memoryBytes, vcpus } = setting;
  const blocks = memoryBytes / granuleBytes;
  const firstOf = (vcpu: number): number => Math.floor((blocks * vcpu) / vcpus);
  return {
    kind: 'guest',
    classOf: (vcpu) => vcpu,
    periodAccesses: granuleBytes / strideBytes,
    programOf: (vcpu) =>
      once({
        startIpa: baseIpa + firstOf(vcpu) * granuleBytes,
        count: ((firstOf(vcpu + 1) - firstOf(vcpu)) * granuleBytes) / strideBytes,
        strideBytes,
        write: true,
      }),
  };
}

function behaviour({ mapped, first }: z.output<typeof OPTIONS>): WorkloadBehaviour {
  const stagesOf = (setting: WorkloadSetting): WorkloadStage[] => {
    const split: WorkloadStage[] = [
      { name: 'LOG_ON', steps: [{ kind: 'host', do: 'log-on' }] },
      { name: 'UPDATE', steps: [writeAll(setting, setting.pageSizeBytes)] },
      { name: 'LOG_OFF', steps: [{ kind: 'host', do: 'log-off' }] },
    ];
    return [
      { name: 'CREATE', steps: [writeAll(setting, setting.granuleBytes)] },
      ...(mapped === 'pages' ? split : []),
      ...(first === 'unmap' ? [{ name: 'UNMAP', steps: [{ kind: 'host', do: 'unmap' } as const] }] : []),
      { name: 'DESTROY', steps: [{ kind: 'host', do: 'destroy' }] },
    ];
  };
  return {
    stages: [
      'CREATE',
      ...(mapped === 'pages' ? ['LOG_ON', 'UPDATE', 'LOG_OFF'] : []),
      ...(first === 'unmap' ? ['UNMAP'] : []),
      'DESTROY',
    ],
    plan: (setting) => ({ bornWithLogging: false, hostImageBytes: 0, guestCaches: true, stages: stagesOf(setting) }),
  };
}

/** A virtual machine that ends. */
export const TEARDOWN = defineWorkload({
  name: 'teardown',
  summary:
    'the end of a virtual machine: its memory is unmapped, its tables are destroyed, and how long the lock is held',
  source: 'linux 5994bc9e05c2, which lets others have the lock between, and the series of July 2025 about destruction',
  histories: [BLOCK_FIRST],
  options: OPTIONS,
  behaviour,
});
