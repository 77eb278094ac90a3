/** The series of January 2022 that makes mmu_lock an rwlock, and lets faults that only relax a permission share it. */
import { kernelVariants, seriesFigures, seriesCalibration } from '../series.ts';
import type { Preset, Study } from '../study.ts';
import table from './published.json' with { type: 'json' };

/** Without manual protection all is protected when logging starts, the first pass splits, and the second one relaxes. */
const WORKLOAD = 'dirty-log-perf?manual-protect=off';

const VARIANTS = kernelVariants(
  {
    kernel: 'v5.14',
    standsFor:
      'a spinlock, taken by every fault; the measured kernel was of January 2022, between this release and the other',
  },
  {
    kernel: 'v5.18',
    standsFor:
      'an rwlock, whose read side is enough for a write permission fault of a page in a slot that logs; the release, not the version that was measured',
  },
);

const PRESET = {
  name: 'rwlock-2022',
  title: 'mmu_lock becomes an rwlock: the series of 2022, measured again in a model',
  summary: 'v5.14 and v5.18, 1 to 64 vCPUs that dirty 2G each: faults that relax a permission share the lock',
  lists: {
    strategy: ['upstream'],
    vcpus: ['1', '4', '16', '64'],
    memory: ['2G'],
    granule: ['2M'],
    pageSize: ['4K'],
    backing: ['hugetlb'],
    history: ['block-first'],
    profile: ['altra'],
    workload: [WORKLOAD],
    stages: ['DIRTY2'],
    seed: ['1'],
  },
  variants: VARIANTS,
  remarks: [
    'The source does not say which pass its times are of. Only faults on pages that are mapped and protected share the lock, so the second pass of a guest without manual protection is timed: its first one splits blocks, under the write side before and after.',
    'The lock is contended about six times a page in the published counts, and once a page in a pass of the model: the published count is of more than one pass, and is not compared.',
  ],
} as const satisfies Preset;

/** The rwlock of 2022. */
export const RWLOCK_2022 = {
  name: PRESET.name,
  summary: 'what it is worth that a relaxation takes mmu_lock for reading',
  presets: [PRESET],
  figures: seriesFigures(table, VARIANTS, () => WORKLOAD),
  calibration: async () => seriesCalibration((await import('./altra.plan.json', { with: { type: 'json' } })).default),
} as const satisfies Study;
