/** The RFC series of February 2021 that makes a block before it takes the old table down, and the thread about it. */
import type { Preset, Study } from '../study.ts';
import figures from './published.json' with { type: 'json' };

/** The experiment of the series, with the history that its authors did not measure. */
const PRESET = {
  name: 'thread-2021',
  title: 'Coalescing stage-2 pages into blocks: the 2021 thread, measured again in a model',
  summary: 'four orders of a coalesce, 20 to 60 vCPUs on 20G of 1G blocks, before and after the slot was mapped',
  lists: {
    strategy: ['baseline', 'install-first-no-cmo', 'install-first-uniform-cmo', 'full-population-check'],
    vcpus: ['20', '40', '60'],
    memory: ['20G'],
    granule: ['1G'],
    pageSize: ['4K'],
    backing: ['hugetlb'],
    history: ['block-first', 'logging-first'],
    profile: ['kunpeng920'],
    kernel: ['v5.12p1'],
    workload: ['page-table-test'],
    stages: ['ADJUST'],
    seed: ['1'],
  },
  verify: true,
  seeAlso: ['rwlock-2022', 'parallel-faults-2022', 'eager-split-2023', 'tlbi-range-2023'],
  comparisons: [
    {
      from: 'baseline',
      to: 'install-first-uniform-cmo',
      factor: 'order of install',
      role: 'part',
      whereNothing: {
        workload: 'page-table-test',
        because:
          'every vCPU next needs a page that is not mapped, so all of them wait for mmu_lock by the time that the block stands, and the lock is held until the old tables are freed',
      },
    },
    { from: 'install-first-uniform-cmo', to: 'install-first-no-cmo', factor: 'missing clean', role: 'part' },
    {
      from: 'install-first-uniform-cmo',
      to: 'full-population-check',
      factor: 'clean only where a leaf is missing',
      role: 'alternative',
      whereNothing: {
        workload: 'page-table-test',
        because: 'a fault on a page that is not mapped brings each block back, so a leaf is always missing',
      },
    },
  ],
} satisfies Preset;

/** The 2021 thread. */
export const THREAD_2021 = {
  name: PRESET.name,
  summary: 'whether a coalesce may make the block first, and without a clean',
  presets: [PRESET],
  questions: async () => (await import('./questions.ts')).QUESTIONS,
  figures,
  calibration: async () => (await import('./calibration.ts')).calibration,
} as const satisfies Study;
