/** Logging is switched off beside a running guest all of whose blocks are split: what the ioctl takes, and whom. */
import { z } from '@s2bench/core';
import type { GuestProgram } from '@s2bench/kernel';
import { defineWorkload } from './define-workload.ts';
import { BLOCK_FIRST } from './histories.ts';
import { repeated } from './programs.ts';
import { createBlocks, LOG_ON, PLAIN_SLOT, writeAll } from './steps.ts';
import type { WorkloadBehaviour, WorkloadSetting, WorkloadStep } from './workload.ts';

const OPTIONS = z.object({
  passes: z.int().min(1).max(10_000).default(4).describe('how often each vCPU reads all memory beside the ioctl'),
  'compute-ns': z.int().min(0).max(1_000_000).default(100).describe('what a vCPU computes between two accesses'),
});
type Values = z.output<typeof OPTIONS>;

function firstPageOf({ memoryBytes, pageSizeBytes, vcpus }: WorkloadSetting, vcpu: number): number {
  return Math.floor((memoryBytes / pageSizeBytes / vcpus) * vcpu);
}

/** Begins where the part of a vCPU begins, so that guests are everywhere, and goes round as often as it should. */
function passesOf(setting: WorkloadSetting, vcpu: number, passes: number): GuestProgram {
  const { baseIpa, memoryBytes, pageSizeBytes } = setting;
  const pages = memoryBytes / pageSizeBytes;
  const first = firstPageOf(setting, vcpu);
  const loopOf = (from: number, end: number) => ({
    startIpa: baseIpa + from * pageSizeBytes,
    count: end - from,
    strideBytes: pageSizeBytes,
    write: false,
  });
  return repeated(first === 0 ? [loopOf(0, pages)] : [loopOf(first, pages), loopOf(0, first)], passes, 0);
}

function runningGuests(
  setting: WorkloadSetting,
  { passes, 'compute-ns': computeNs }: Values,
): WorkloadStep & { kind: 'guest' } {
  return {
    kind: 'guest',
    classOf: (vcpu) => firstPageOf(setting, vcpu),
    periodAccesses: 1,
    computeNs,
    programOf: (vcpu) => passesOf(setting, vcpu, passes),
  };
}

function behaviour(values: Values): WorkloadBehaviour {
  return {
    stages: ['CREATE', 'LOG_ON', 'UPDATE', 'RUN', 'LOG_OFF'],
    plan: (setting) => {
      const guests = runningGuests(setting, values);
      // A quarter of the guests' own time: whatever an access takes beside, they run when the ioctl begins.
      const afterNs = (values.passes * (setting.memoryBytes / setting.pageSizeBytes) * values['compute-ns']) / 4;
      return {
        ...PLAIN_SLOT,
        stages: [
          createBlocks(setting),
          LOG_ON,
          { name: 'UPDATE', steps: [writeAll(setting, setting.pageSizeBytes)] },
          { name: 'RUN', steps: [guests] },
          { name: 'LOG_OFF', steps: [{ ...guests, host: [{ do: 'log-off', afterNs }] }] },
        ],
      };
    },
  };
}

/** Logging stops beside running guests. */
export const LOG_STOP = defineWorkload({
  name: 'log-stop',
  summary:
    'a running guest that is split to pages, whose logging is switched off: RUN is the guest alone, LOG_OFF beside the ioctl',
  source:
    'a live migration that is cancelled: KVM_SET_USER_MEMORY_REGION without KVM_MEM_LOG_DIRTY_PAGES, guests running',
  histories: [BLOCK_FIRST],
  options: OPTIONS,
  behaviour,
});
