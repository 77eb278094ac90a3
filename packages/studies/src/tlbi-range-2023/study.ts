/** The series of August 2023 that invalidates TLBs by range, and defers that to the end of an unmap. */
import { kernelVariants, seriesFigures, type SeriesRow, seriesCalibration } from '../series.ts';
import type { Preset, Study } from '../study.ts';
import table from './published.json' with { type: 'json' };

const BLOCKS = 'teardown';
const PAGES = 'teardown?mapped=pages';

const VARIANTS = kernelVariants(
  { kernel: 'v6.5', standsFor: 'a TLBI by address for each entry that an unmap takes away' },
  {
    kernel: 'v6.6',
    standsFor:
      'TLBIs by range, deferred to the end of each part of an unmap, since the CPU has FEAT_TLBIRANGE and FWB; the release defers them for tables too, as the measured version did',
  },
);

const PRESET = {
  name: 'tlbi-range-2023',
  title: 'TLBIs by range: the series of 2023, measured again in a model',
  summary: 'v6.5 and v6.6, the unmap of 1G to 64G in blocks and in pages, of a guest with 128 vCPUs',
  lists: {
    strategy: ['upstream'],
    vcpus: ['128'],
    memory: ['1G', '8G', '64G'],
    granule: ['2M'],
    pageSize: ['4K'],
    backing: ['hugetlb'],
    history: ['block-first'],
    profile: ['tlbi-range'],
    workload: [BLOCKS, PAGES],
    stages: ['UNMAP'],
    seed: ['1'],
  },
  variants: VARIANTS,
  remarks: [
    'Rows of the stage ADJUST are left out: the guest of the changed test reads up to 512 pages backwards at each step, so that most of its time is the guest’s own.',
    'The published times have one or two digits: 5 ms may be 4.5 ms, or 5.5 ms.',
    'Before, 1G and 8G in blocks take 3 to 5 ms longer than the model says, and in pages all sizes do by some 20 ms: the test has a memslot of its own, in pages, with the stacks of 128 vCPUs and the tables of its guest, which the model has not. Of about 1,800 such pages each would be invalidated by address before, which is as much.',
    'The machine is not named, and its FWB is taken from what it gains: without FWB an unmap defers nothing.',
  ],
} as const satisfies Preset;

/** The range TLBIs of 2023. */
export const TLBI_RANGE_2023 = {
  name: PRESET.name,
  summary: 'what it is worth to invalidate a range at the end of an unmap',
  presets: [PRESET],
  figures: seriesFigures(table, VARIANTS, ({ metric }: SeriesRow) => (metric.endsWith('pages') ? PAGES : BLOCKS)),
  calibration: async () =>
    seriesCalibration((await import('./tlbi-range.plan.json', { with: { type: 'json' } })).default),
} as const satisfies Study;
