/**
 * The workload of the published figures: the loops of the KVM selftest kvm_page_table_test.
 *
 * Every vCPU walks the whole slot, ascending, with one access at the start of each page that it touches.
 */
import { defineWorkload } from './define-workload.ts';
import { HISTORIES, KERNEL_IMAGE_BYTES, LOGGING_FIRST } from './histories.ts';
import { once, repeated } from './programs.ts';
import type { WorkloadPlan, WorkloadSetting, WorkloadStage } from './workload.ts';

/** Touches each large page once: even vCPUs write, odd ones read. */
export function createStage(setting: WorkloadSetting): WorkloadStage {
  const { baseIpa, granuleBytes } = setting;
  const count = setting.memoryBytes / granuleBytes;
  return {
    name: 'CREATE',
    steps: [
      {
        kind: 'guest',
        classOf: (vcpu) => vcpu % 2,
        periodAccesses: 1,
        programOf: (vcpu) => once({ startIpa: baseIpa, count, strideBytes: granuleBytes, write: vcpu % 2 === 0 }),
      },
    ],
  };
}

/** Reads each host page once. */
export function adjustStage(setting: WorkloadSetting): WorkloadStage {
  const { baseIpa, granuleBytes, pageSizeBytes } = setting;
  const count = setting.memoryBytes / pageSizeBytes;
  return {
    name: 'ADJUST',
    steps: [
      {
        kind: 'guest',
        classOf: () => 0,
        periodAccesses: granuleBytes / pageSizeBytes,
        programOf: () => once({ startIpa: baseIpa, count, strideBytes: pageSizeBytes, write: false }),
      },
    ],
  };
}

/** While writes are logged: without large pages writes every page, else the first page of each, and reads its half. */
function updateStage(setting: WorkloadSetting): WorkloadStage {
  const { baseIpa, granuleBytes, memoryBytes, pageSizeBytes } = setting;
  const hostPages = granuleBytes / pageSizeBytes;
  const write = { startIpa: baseIpa, count: 1, strideBytes: pageSizeBytes, write: true };
  const half = hostPages / 2;
  const read = { startIpa: baseIpa + granuleBytes / 2, count: half, strideBytes: pageSizeBytes, write: false };
  return {
    name: 'UPDATE',
    steps: [
      {
        kind: 'guest',
        classOf: () => 0,
        periodAccesses: hostPages === 1 ? 1 : half + 1,
        programOf: () =>
          hostPages === 1
            ? once({ ...write, count: memoryBytes / pageSizeBytes })
            : repeated([write, read], memoryBytes / granuleBytes, granuleBytes),
      },
    ],
  };
}

function plan(setting: WorkloadSetting): WorkloadPlan {
  const loggingFirst = setting.history === LOGGING_FIRST.name;
  const loggingOn: WorkloadStage = { name: 'LOG_ON', steps: [{ kind: 'host', do: 'log-on' }] };
  const before = loggingFirst ? [] : [createStage(setting), loggingOn];
  return {
    bornWithLogging: loggingFirst,
    hostImageBytes: loggingFirst ? Math.min(KERNEL_IMAGE_BYTES, setting.memoryBytes) : 0,
    guestCaches: !loggingFirst,
    stages: [
      ...before,
      updateStage(setting),
      { name: 'LOG_OFF', steps: [{ kind: 'host', do: 'log-off' }] },
      adjustStage(setting),
    ],
  };
}

/** The selftest of the published figures. */
export const PAGE_TABLE_TEST = defineWorkload({
  name: 'page-table-test',
  summary: 'kvm_page_table_test: map blocks, split them while logging, let them coalesce',
  source: '20210208090841.333724-1-wangyanan55@huawei.com (the selftest); linux tools/testing/selftests/kvm',
  histories: HISTORIES,
  stages: ['CREATE', 'LOG_ON', 'UPDATE', 'LOG_OFF', 'ADJUST'],
  plan,
});
