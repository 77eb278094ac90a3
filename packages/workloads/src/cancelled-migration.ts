/** A live migration that is cancelled: pages are dirtied at random in rounds of logging, then the blocks come back. */
import { HISTORIES, KERNEL_IMAGE_BYTES, LOGGING_FIRST } from './histories.ts';
import { adjustStage, createStage } from './page-table-test.ts';
import { randomWrites, seedOf } from './programs.ts';
import { defineWorkload } from './define-workload.ts';
import type { WorkloadPlan, WorkloadSetting, WorkloadStage, WorkloadStep } from './workload.ts';

/** Passes over the dirty bitmap before the migration is given up. */
const ROUNDS = 3;
/** A round writes this part of the pages, all vCPUs together: a guest that dirties faster than it is copied. */
const WRITTEN_PART = 1 / 16;

function dirtyingRound(setting: WorkloadSetting, round: number): WorkloadStep[] {
  const { memoryBytes, pageSizeBytes, vcpus } = setting;
  const writes = Math.max(1, Math.round((memoryBytes / pageSizeBytes / vcpus) * WRITTEN_PART));
  return [
    {
      kind: 'guest',
      classOf: (vcpu) => vcpu,
      periodAccesses: 1,
      programOf: (vcpu) => randomWrites(setting, writes, seedOf(setting.seed, round, vcpu)),
    },
    { kind: 'host', do: 'collect-log' },
  ];
}

function plan(setting: WorkloadSetting): WorkloadPlan {
  const loggingFirst = setting.history === LOGGING_FIRST.name;
  const rounds = Array.from({ length: ROUNDS }, (_, round) => dirtyingRound(setting, round));
  const loggingOn: WorkloadStage = { name: 'LOG_ON', steps: [{ kind: 'host', do: 'log-on' }] };
  return {
    bornWithLogging: loggingFirst,
    hostImageBytes: loggingFirst ? Math.min(KERNEL_IMAGE_BYTES, setting.memoryBytes) : 0,
    guestCaches: !loggingFirst,
    stages: [
      ...(loggingFirst ? [] : [createStage(setting), loggingOn]),
      { name: 'UPDATE', steps: rounds.flat() },
      { name: 'LOG_OFF', steps: [{ kind: 'host', do: 'log-off' }] },
      adjustStage(setting),
    ],
  };
}

/** A migration that does not come to its end. */
export const CANCELLED_MIGRATION = defineWorkload({
  name: 'cancelled-migration',
  summary: `a live migration that is cancelled after ${ROUNDS} rounds of random dirtying: few pages of each block are mapped`,
  source: 'the case that the seed thread names for coalescing: dirty logging that stops while the guest goes on',
  histories: HISTORIES,
  stages: ['CREATE', 'LOG_ON', 'UPDATE', 'LOG_OFF', 'ADJUST'],
  plan,
});
