/** Blocks that CLEAR splits, in chunks of a size, beside blocks that the next write splits: 64 GiB under 128 vCPUs. */
import type { Preset, Study } from '../study.ts';
import { LETTER } from './letter.ts';

const PASS = 'dirty-log-perf';

/** The test of KVM, 512M for each vCPU, which writes each page in a pass. Blocks are split at the first CLEAR, since all pages are dirty at first. */
const PRESET = {
  name: 'eager-split',
  title: 'Eager splits: chunks of a page, of 2M and of 1G, beside splits at faults',
  summary: 'what CLEAR pays and what the next pass saves: 128 vCPUs on 64G of 2M blocks, by the size of a chunk',
  lists: {
    strategy: ['upstream'],
    vcpus: ['128'],
    memory: ['512M'],
    granule: ['2M'],
    pageSize: ['4K'],
    backing: ['hugetlb'],
    history: ['block-first'],
    profile: ['ampereone'],
    kernel: ['v6.12'],
    workload: [PASS, `${PASS}?split-chunk=4K`, `${PASS}?split-chunk=2M`, `${PASS}?split-chunk=1G`],
    stages: ['CLEAR1', 'DIRTY2'],
    seed: ['1'],
  },
  seeAlso: ['eager-split-2023'],
  letter: LETTER,
} satisfies Preset;

/** Eager splits. */
export const EAGER_SPLIT = {
  name: PRESET.name,
  summary: 'what it costs the host and gains the guest that blocks are split before they are written',
  presets: [PRESET],
} as const satisfies Study;
