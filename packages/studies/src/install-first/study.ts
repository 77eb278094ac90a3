/** When the order of the RFC of 2021 matters: which guests, which blocks, with FWB and without. */
import type { Preset, Study } from '../study.ts';
import { LETTER } from './letter.ts';

/** A guest that touches each page once, and one that uses a block while it is replaced; what a clean hides, and what not. */
const PRESET = {
  name: 'install-first',
  title: 'The block first, then the rest: when the order of the 2021 RFC matters',
  summary: 'the order of install by workload, block size and FWB, 8 vCPUs: page-table-test, and guests with hot TLBs',
  lists: {
    strategy: ['baseline', 'install-first-uniform-cmo', 'clean-before-break'],
    vcpus: ['8'],
    memory: ['2G'],
    granule: ['2M', '1G'],
    pageSize: ['4K'],
    backing: ['hugetlb'],
    history: ['block-first'],
    profile: ['assumed-fwb', 'kunpeng920'],
    kernel: ['v5.12p1'],
    workload: ['page-table-test', 'spread'],
    stages: ['ADJUST', 'SPREAD'],
    seed: ['1'],
  },
  verify: true,
  letter: LETTER,
} satisfies Preset;

/** The order of install. */
export const INSTALL_FIRST = {
  name: PRESET.name,
  summary: 'whom it helps that the block is there before the old table goes',
  presets: [PRESET],
} as const satisfies Study;
