/** The change of 2020 that leaves pages writable when logging starts, and protects them when the log is taken back. */
import { seriesFigures, type SeriesRow } from '../series.ts';
import type { Preset, Study, Variant } from '../study.ts';
import table from './published.json' with { type: 'json' };

const AT_ONCE = 'dirty-log-perf?iterations=1&manual-protect=off';
const INITIALLY_SET = 'dirty-log-perf?iterations=1';

const VARIANTS: readonly [Variant, Variant] = [
  {
    name: 'before',
    lists: { kernel: ['v5.11'], workload: [AT_ONCE] },
    standsFor:
      'write protection of the whole slot when logging starts; v5.11, the oldest release that is modelled, in the place of v5.7',
  },
  {
    name: 'after',
    lists: { kernel: ['v5.11'], workload: [INITIALLY_SET] },
    standsFor: 'KVM_DIRTY_LOG_INITIALLY_SET with manual protection: the same release, asked for it',
  },
];

const PRESET = {
  name: 'log-on-2020',
  title: 'Logging starts without write protection: the change of 2020, measured again in a model',
  summary: 'v5.11, a guest of 128G in pages, 2M and 1G blocks: what it takes to switch logging on',
  lists: {
    strategy: ['upstream'],
    vcpus: ['1'],
    memory: ['128G'],
    granule: ['4K', '2M', '1G'],
    pageSize: ['4K'],
    backing: ['anonymous', 'hugetlb'],
    history: ['block-first'],
    profile: ['kunpeng920'],
    workload: [AT_ONCE],
    stages: ['LOG_ON'],
    seed: ['1'],
  },
  variants: VARIANTS,
  remarks: [
    'The published guest ran under QEMU, whose own work for a memory slot is in the 1.8 ms that nothing protects.',
  ],
} as const satisfies Preset;

/** The start of logging, 2020. */
export const LOG_ON_2020 = {
  name: PRESET.name,
  summary: 'what it takes to switch logging on, with and without write protection',
  presets: [PRESET],
  figures: seriesFigures(table, VARIANTS, (_row: SeriesRow, { lists }) => lists.workload?.[0] ?? ''),
} as const satisfies Study;
