/** The small matrix of `s2bench watch`. */
import type { Cell } from '@s2bench/report/schema';

const MIB = 2 ** 20;
/** Histories of the small matrix. */
export const HISTORIES = ['block-first', 'logging-first'];
/** The setting of the small matrix. */
export const CELL: Omit<Cell, 'strategy' | 'history'> = {
  vcpus: 4,
  memoryBytes: 64 * MIB,
  granuleBytes: 2 * MIB,
  pageSizeBytes: 4096,
  backing: 'hugetlb',
  profile: 'kunpeng920',
  kernel: 'v5.12p1',
  workload: 'page-table-test',
  seed: 1,
};

/** The setting in words. */
export const SETTING = `ADJUST, ${CELL.memoryBytes / MIB}M of ${CELL.granuleBytes / MIB}M blocks, ${CELL.vcpus} vCPUs, ${CELL.profile}`;
