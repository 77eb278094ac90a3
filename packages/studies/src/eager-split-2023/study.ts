/** The series of January 2023 that splits blocks in the CLEAR ioctl, not at the first write; relaxations flush locally. */
import { seriesFigures, type SeriesRow, seriesCalibration } from '../series.ts';
import type { Preset, Study, Variant } from '../study.ts';
import table from './published.json' with { type: 'json' };

/** The author's variant of the test, and the test: what a pass does, as options of the workload. */
const ONE_WRITE = 'stride=block';
const READS_MOSTLY = 'write-percent=10';

const before = [ONE_WRITE, READS_MOSTLY].map((pass) => `dirty-log-perf?${pass}`);
const after = before.map((workload) => `${workload}&split-chunk=2M`);

const VARIANTS: readonly [Variant, Variant] = [
  {
    name: 'before',
    lists: { kernel: ['v6.2'], workload: before },
    standsFor:
      'blocks that are split at faults, and a broadcast flush after each relaxation: v6.2-rc3, whose release is the same here',
  },
  {
    name: 'after',
    lists: { kernel: ['v6.5'], workload: after },
    standsFor:
      'blocks that CLEAR splits, in chunks of 2M, and a flush of the own core after a relaxation; the release, two later than the one that was measured',
  },
];

function workloadOf({ metric }: SeriesRow, { lists: { workload = [] } }: Variant): string {
  const [oneWrite = '', readsMostly = ''] = workload;
  return metric.endsWith('one write in each 2M') ? oneWrite : readsMostly;
}

const PRESET = {
  name: 'eager-split-2023',
  title: 'Blocks split eagerly: the series of 2023, measured again in a model',
  summary:
    'v6.2 and v6.5, 1 to 128 vCPUs that write 1G each, once in each block or in a tenth of its pages, after a CLEAR',
  lists: {
    strategy: ['upstream'],
    vcpus: ['1', '8', '32', '128'],
    memory: ['1G'],
    granule: ['2M'],
    pageSize: ['4K'],
    backing: ['hugetlb'],
    history: ['block-first'],
    profile: ['ampereone'],
    workload: before,
    stages: ['DIRTY2'],
    seed: ['1'],
  },
  variants: VARIANTS,
  remarks: [
    'The author saw flushes of milliseconds where several vCPUs broadcast at once. Broadcasts that queue one behind the other give some tenths of a millisecond at 128 vCPUs, so these milliseconds remain unexplained; no published row is of one flush.',
    'A tenth of the pages is written: in the published test each tenth page is, in the model each page with a chance of one in ten.',
    'What CLEAR itself takes, which splits then, was not published for these rows; --stages CLEAR1 gives it.',
  ],
} as const satisfies Preset;

/** The eager splits of 2023. */
export const EAGER_SPLIT_2023 = {
  name: PRESET.name,
  summary: 'what it is worth to a guest that CLEAR splits its blocks',
  presets: [PRESET],
  figures: seriesFigures(table, VARIANTS, workloadOf),
  calibration: async () =>
    seriesCalibration((await import('./ampereone.plan.json', { with: { type: 'json' } })).default),
} as const satisfies Study;
