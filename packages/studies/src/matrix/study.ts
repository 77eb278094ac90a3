/** What was asked for in the first place: which order of a coalesce, over vCPUs, memory, block size, page size and FWB. */
import type { Preset, Study } from '../study.ts';
import { LETTER } from './letter.ts';

/** The thread's four, and the three that are best of those that came after. A machine without FWB, and one with it. */
const PRESET = {
  name: 'matrix',
  title: 'Which order of a coalesce, where: vCPUs, memory, block size, page size, FWB',
  summary:
    'the four orders of the 2021 thread and three new ones, 1 to 64 vCPUs, 4G and 20G, each block size, FWB or not',
  lists: {
    strategy: [
      'baseline',
      'install-first-no-cmo',
      'install-first-uniform-cmo',
      'full-population-check',
      'clean-before-break',
      'clean-holes',
      'by-tables',
    ],
    vcpus: ['1', '20', '64'],
    memory: ['4G', '20G'],
    granule: ['2M', '32M', '512M', '1G'],
    pageSize: ['4K', '16K', '64K'],
    backing: ['hugetlb'],
    history: ['block-first'],
    profile: ['kunpeng920', 'assumed-fwb'],
    kernel: ['v5.12p1'],
    workload: ['page-table-test'],
    stages: ['ADJUST'],
    seed: ['1'],
  },
  verify: true,
  letter: LETTER,
} satisfies Preset;

/** The matrix. */
export const MATRIX = {
  name: PRESET.name,
  summary: 'which order of a coalesce is the fastest that is safe, and where',
  presets: [PRESET],
} as const satisfies Study;
