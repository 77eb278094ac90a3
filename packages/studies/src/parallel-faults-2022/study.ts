/** The series of August 2022 that lets stage-2 faults run in parallel: maps under the read side, tables freed after RCU. */
import { kernelVariants, seriesFigures, seriesCalibration } from '../series.ts';
import type { Preset, Study } from '../study.ts';
import table from './published.json' with { type: 'json' };

const WORKLOAD = 'dirty-log-perf';

const VARIANTS = kernelVariants(
  {
    kernel: 'v6.1',
    standsFor:
      'maps under the write side of mmu_lock; the model is of a stable release, which differs from the base of the series where it unmaps, and not at a fault',
  },
  {
    kernel: 'v6.2',
    standsFor:
      'maps under its read side, and tables that are freed after a grace period; the release, not the first version',
  },
);

const PRESET = {
  name: 'parallel-faults-2022',
  title: 'Stage-2 faults in parallel: the series of 2022, measured again in a model',
  summary: 'v6.1 and v6.2, 1 to 48 vCPUs that populate and dirty 4G each: maps share the lock',
  lists: {
    strategy: ['upstream'],
    vcpus: ['1', '4', '16', '48'],
    memory: ['4G'],
    granule: ['2M'],
    pageSize: ['4K'],
    backing: ['thp'],
    history: ['block-first'],
    profile: ['parallel-faults'],
    workload: [WORKLOAD],
    stages: ['POPULATE', 'DIRTY2'],
    seed: ['1'],
  },
  variants: VARIANTS,
  remarks: [
    'The dirty memory time is that of the pass after the first CLEAR: with manual protection nothing is protected before, and the write side bounds the published time before the series, so its faults map.',
    'The machine is not named: its costs are those that the figures of the series leave, and are nothing to be measured elsewhere.',
    'With four vCPUs a block takes 151 us to populate after the series, and 83 us with one, long before memory is what bounds them. What makes it so is not known, and the populate times of four vCPUs are the furthest off.',
  ],
} as const satisfies Preset;

/** The parallel faults of 2022. */
export const PARALLEL_FAULTS_2022 = {
  name: PRESET.name,
  summary: 'what it is worth that a map takes mmu_lock for reading',
  presets: [PRESET],
  figures: seriesFigures(table, VARIANTS, () => WORKLOAD),
  calibration: async () =>
    seriesCalibration((await import('./parallel-faults.plan.json', { with: { type: 'json' } })).default),
} as const satisfies Study;
