/** Workloads: what guests do. */
import { CANCELLED_MIGRATION } from './cancelled-migration.ts';
import { PAGE_TABLE_TEST } from './page-table-test.ts';
import type { Workload } from './workload.ts';

export { CANCELLED_MIGRATION, PAGE_TABLE_TEST };
export * from './histories.ts';
export * from './programs.ts';
export * from './workload.ts';

/** The workloads that come with s2bench. */
export const WORKLOADS: readonly Workload[] = [PAGE_TABLE_TEST, CANCELLED_MIGRATION];

/** The workload of a name, or `undefined`. */
export function findWorkload(name: string): Workload | undefined {
  return WORKLOADS.find((workload) => workload.name === name);
}
