/** Workloads: what guests do, and the host meanwhile. */
import { CANCELLED_MIGRATION } from './cancelled-migration.ts';
import { DIRTY_LOG_PERF } from './dirty-log-perf.ts';
import { LOG_STOP } from './log-stop.ts';
import { MIGRATION } from './migration.ts';
import { PAGE_TABLE_TEST } from './page-table-test.ts';
import { SPREAD } from './spread.ts';
import { TEARDOWN } from './teardown.ts';
import type { Workload } from './workload.ts';

export { CANCELLED_MIGRATION, DIRTY_LOG_PERF, LOG_STOP, MIGRATION, PAGE_TABLE_TEST, SPREAD, TEARDOWN };
export * from './define-workload.ts';
export * from './histories.ts';
export * from './programs.ts';
export * from './workload.ts';
export { z } from '@s2bench/core';

/** The workloads that come with s2bench. */
export const WORKLOADS: readonly Workload[] = [
  PAGE_TABLE_TEST,
  CANCELLED_MIGRATION,
  DIRTY_LOG_PERF,
  TEARDOWN,
  LOG_STOP,
  SPREAD,
  MIGRATION,
];

/** The workload of a name without options, or `undefined`. */
export function findWorkload(name: string): Workload | undefined {
  return WORKLOADS.find((workload) => workload.name === name);
}
