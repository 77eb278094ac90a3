/**
 * The KVM selftest dirty_log_perf_test: every vCPU has a region of its own, populates it, and dirties it again and again
 * while the host reads the log, and takes it back, between.
 */
import { z } from '@s2bench/core';
import { defineWorkload } from './define-workload.ts';
import { BLOCK_FIRST } from './histories.ts';
import { mixedDraws, mixedWalk, once, seedOf } from './programs.ts';
import { sizeBytesOf, sizeOption } from './size-option.ts';
import { LOG_OFF, LOG_ON, PLAIN_SLOT } from './steps.ts';
import type { WorkloadBehaviour, WorkloadSetting, WorkloadStage, WorkloadStep } from './workload.ts';

const OPTIONS = z.object({
  iterations: z.int().min(1).max(1000).default(2).describe('passes over the memory while it is logged (-i)'),
  'write-percent': z.int().min(0).max(100).default(100).describe('chance of each access of a pass to be a write (-w)'),
  order: z
    .enum(['sequential', 'random'])
    .default('sequential')
    .describe('random (-a): as many accesses, to pages that are drawn'),
  stride: sizeOption(['page', 'block'], 'page', 'from one access of a pass to the next; the test has page'),
  'manual-protect': z
    .enum(['on', 'off'])
    .default('on')
    .describe('CLEAR protects what GET tells, and all pages are dirty at first; off (-g): GET does both, no CLEAR'),
  'split-chunk': sizeOption(['none'], 'none', 'what is split eagerly at a time; the test has none'),
});
type Values = z.output<typeof OPTIONS>;

/** One region of memory. */
interface Region {
  readonly startIpa: number;
  readonly sizeBytes: number;
}

/** Every vCPU has its part, the first vCPU the lowest. */
function regionOf({ baseIpa, memoryBytes, vcpus }: WorkloadSetting, vcpu: number): Region {
  const sizeBytes = memoryBytes / vcpus;
  return { startIpa: baseIpa + vcpu * sizeBytes, sizeBytes };
}

/** Writes every page, in order, whatever the options say. */
function populate(setting: WorkloadSetting): WorkloadStep {
  const { granuleBytes, pageSizeBytes } = setting;
  return {
    kind: 'guest',
    classOf: (vcpu) => vcpu,
    periodAccesses: granuleBytes / pageSizeBytes,
    programOf: (vcpu) => {
      const { startIpa, sizeBytes } = regionOf(setting, vcpu);
      return once({ startIpa, count: sizeBytes / pageSizeBytes, strideBytes: pageSizeBytes, write: true });
    },
  };
}

function dirty(setting: WorkloadSetting, values: Values, pass: number): WorkloadStep {
  const { granuleBytes, pageSizeBytes } = setting;
  const { stride, order, 'write-percent': writePercent } = values;
  const strideBytes = Math.max(pageSizeBytes, sizeBytesOf(stride) ?? (stride === 'block' ? granuleBytes : 0));
  const isPlain = order === 'sequential' && (writePercent === 100 || writePercent === 0);
  return {
    kind: 'guest',
    classOf: (vcpu) => vcpu,
    // Draws repeat themselves in kind only.
    periodAccesses: isPlain ? Math.max(1, granuleBytes / strideBytes) : 1,
    programOf: (vcpu) => {
      const { startIpa, sizeBytes } = regionOf(setting, vcpu);
      const loop = { startIpa, count: Math.ceil(sizeBytes / strideBytes), strideBytes, write: writePercent > 0 };
      if (isPlain) return once(loop);
      const seed = seedOf(setting.seed, pass, vcpu);
      return order === 'random'
        ? mixedDraws(loop, writePercent / 100, seed)
        : mixedWalk(loop, writePercent / 100, seed);
    },
  };
}

function behaviour(values: Values): WorkloadBehaviour {
  const { iterations, 'manual-protect': manualProtect, 'split-chunk': splitChunk } = values;
  const isManual = manualProtect === 'on';
  const splitChunkBytes = sizeBytesOf(splitChunk) ?? 0;
  const passes = Array.from({ length: iterations }, (_, index) => index + 1);
  const stagesOf = (setting: WorkloadSetting): WorkloadStage[] => [
    { name: 'POPULATE', steps: [populate(setting)] },
    LOG_ON,
    ...passes.flatMap((pass): WorkloadStage[] => [
      { name: `DIRTY${pass}`, steps: [dirty(setting, values, pass)] },
      { name: `GET${pass}`, steps: [{ kind: 'host', do: 'collect-log' }] },
      ...(isManual ? [{ name: `CLEAR${pass}`, steps: [{ kind: 'host', do: 'clear-log' } as const] }] : []),
    ]),
    LOG_OFF,
  ];
  return {
    stages: [
      'POPULATE',
      'LOG_ON',
      ...passes.flatMap((pass) => [`DIRTY${pass}`, `GET${pass}`, ...(isManual ? [`CLEAR${pass}`] : [])]),
      'LOG_OFF',
    ],
    ...(splitChunkBytes > 0 && { needs: ['eager-split' as const] }),
    plan: (setting) => ({
      ...PLAIN_SLOT,
      dirtyLog: { manualProtect: isManual, initiallySet: isManual, splitChunkBytes },
      stages: stagesOf(setting),
    }),
  };
}

/** The selftest that later series were measured with. */
export const DIRTY_LOG_PERF = defineWorkload({
  name: 'dirty-log-perf',
  summary:
    'dirty_log_perf_test: each vCPU dirties a region of its own, the host reads the log between; memory is each vCPU’s',
  source: 'linux tools/testing/selftests/kvm/dirty_log_perf_test.c and lib/memstress.c',
  histories: [BLOCK_FIRST],
  memoryOf: 'vcpu',
  options: OPTIONS,
  behaviour,
});
