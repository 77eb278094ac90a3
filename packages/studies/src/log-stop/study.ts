/** Blocks back when logging stops: by faults, or by the ioctl. With FWB and without, all else alike. */
import type { Preset, Study } from '../study.ts';
import { LETTER } from './letter.ts';

const PRESET = {
  name: 'log-stop',
  title: 'Blocks back when logging stops: nothing, zap, collapse, collapse with one flush',
  summary: 'what the log stop may do with split tables, beside 4 and 32 running vCPUs, with FWB and without',
  lists: {
    strategy: ['upstream'],
    logStop: ['upstream', 'recover-zap', 'recover-collapse', 'recover-collapse-batched'],
    vcpus: ['4', '32'],
    memory: ['4G'],
    granule: ['2M'],
    pageSize: ['4K'],
    backing: ['hugetlb'],
    history: ['block-first'],
    profile: ['kunpeng920', 'assumed-fwb'],
    kernel: ['v6.12'],
    workload: ['log-stop'],
    stages: ['RUN', 'LOG_OFF'],
    seed: ['1'],
  },
  verify: true,
  // Where map faults share mmu_lock no world of a real strategy ends in minutes.
  mostStates: 20_000,
  letter: LETTER,
} satisfies Preset;

/** The question of the list: who brings blocks back to a table that no fault visits any more. */
export const LOG_STOP = {
  name: PRESET.name,
  summary: 'what brings blocks back where nothing faults any more, and what it costs',
  presets: [PRESET],
} as const satisfies Study;
