/** Workloads: what guests do. */
import type { Workload } from './workload.ts';

export * from './workload.ts';

/** The workloads that come with s2bench. */
export const WORKLOADS: readonly Workload[] = [];

/** The workload of a name, or `undefined`. */
export function findWorkload(name: string): Workload | undefined {
  return WORKLOADS.find((workload) => workload.name === name);
}
