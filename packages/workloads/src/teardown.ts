/** The end of a virtual machine: its memory is unmapped and its tables go, block by block or page by page. */
import { z } from '@s2bench/core';
import { defineWorkload } from './define-workload.ts';
import { BLOCK_FIRST } from './histories.ts';
import { createBlocks, LOG_OFF, LOG_ON, PLAIN_SLOT, writeAll } from './steps.ts';
import type { WorkloadBehaviour, WorkloadSetting, WorkloadStage } from './workload.ts';

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

function behaviour({ mapped, first }: z.output<typeof OPTIONS>): WorkloadBehaviour {
  const stagesOf = (setting: WorkloadSetting): WorkloadStage[] => {
    const split = [LOG_ON, { name: 'UPDATE', steps: [writeAll(setting, setting.pageSizeBytes)] }, LOG_OFF];
    return [
      createBlocks(setting),
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
    plan: (setting) => ({ ...PLAIN_SLOT, stages: stagesOf(setting) }),
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
