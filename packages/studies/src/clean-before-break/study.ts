/** What it is worth to clean before the break, where the guest still runs on the old table: in three releases. */
import type { Preset, Study } from '../study.ts';
import { LETTER } from './letter.ts';

/** The published workload, on blocks of both sizes, with and without company. What a kernel does itself comes first. */
const PRESET = {
  name: 'clean-before-break',
  title: 'Cleaning before the break: what it is worth in v5.12, v6.1 and v6.12',
  summary: 'the clean before the break beside what each kernel does, 1 and 20 vCPUs on 20G of 2M and 1G blocks',
  lists: {
    strategy: ['upstream', 'clean-before-break', 'clean-holes', 'by-tables', 'population-by-count'],
    vcpus: ['1', '20'],
    memory: ['20G'],
    granule: ['2M', '1G'],
    pageSize: ['4K'],
    backing: ['hugetlb'],
    history: ['block-first'],
    profile: ['kunpeng920'],
    kernel: ['v5.12p1', 'v6.1', 'v6.12'],
    workload: ['page-table-test'],
    stages: ['ADJUST'],
    seed: ['1'],
  },
  verify: true,
  // Where map faults share mmu_lock no world of a real strategy ends in minutes.
  mostStates: 20_000,
  letter: LETTER,
} satisfies Preset;

/** Clean before break. */
export const CLEAN_BEFORE_BREAK = {
  name: PRESET.name,
  summary: 'whether a clean may come before the break, and what it is worth',
  presets: [PRESET],
} as const satisfies Study;
