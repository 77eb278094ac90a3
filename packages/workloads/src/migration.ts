/** Pre-copy: rounds in which what was dirty is sent over a link while guests write, until they stop or it is given up. */
import { z } from '@s2bench/core';
import { defineWorkload } from './define-workload.ts';
import { BLOCK_FIRST } from './histories.ts';
import { adjustStage } from './page-table-test.ts';
import { randomWrites, seedOf } from './programs.ts';
import { sizeBytesOf, sizeOption } from './size-option.ts';
import { createBlocks, PLAIN_SLOT } from './steps.ts';
import type { ActionBeside, WorkloadBehaviour, WorkloadSetting, WorkloadStage, WorkloadStep } from './workload.ts';

const OPTIONS = z.object({
  'link-gbit': z.number().min(0.1).max(1000).default(10).describe('what the link takes in a second'),
  'dirty-mib': z
    .number()
    .min(1)
    .max(1_000_000)
    .default(256)
    .describe('what all vCPUs together write in a second, at most'),
  'hot-percent': z.int().min(1).max(100).default(100).describe('part of the memory that is written, from its begin on'),
  rounds: z.int().min(1).max(100).default(4).describe('rounds of sending, at most'),
  'downtime-ms': z
    .number()
    .min(1)
    .max(60_000)
    .default(300)
    .describe('what is left may take so long to be sent at the end'),
  end: z
    .enum(['cancelled', 'finished'])
    .default('cancelled')
    .describe('cancelled: after all rounds, the guest runs on; finished: it stops, and its machine ends'),
  'manual-protect': z
    .enum(['on', 'off'])
    .default('on')
    .describe('GET and CLEAR, and all pages dirty at first; off: GET does both'),
  'split-chunk': sizeOption(['none'], 'none', 'what is split eagerly at a time'),
});
type Values = z.output<typeof OPTIONS>;

const NS_PER_S = 1e9;
const BITS_PER_BYTE = 8;
/** Writes of each vCPU for which the host is beside: simulated one by one, so no more than it takes to be met. */
const WRITES_BESIDE = 1024;

/** A round of sending. */
interface Round {
  readonly sentPages: number;
  /** What each vCPU writes meanwhile. */
  readonly writes: number;
}

function hotPagesOf({ memoryBytes, pageSizeBytes }: WorkloadSetting, { 'hot-percent': hot }: Values): number {
  return Math.max(1, Math.round((memoryBytes / pageSizeBytes) * (hot / 100)));
}

/**
 * The rounds. The first sends all memory, each other one what is expected to be dirty after writes that are drawn with
 * replacement: of n pages, after w writes, n (1 - (1 - 1/n)^w).
 */
function roundsOf(setting: WorkloadSetting, values: Values): Round[] {
  const { memoryBytes, pageSizeBytes, vcpus } = setting;
  const bytesPerS = (values['link-gbit'] * 1e9) / BITS_PER_BYTE;
  const writesPerS = (values['dirty-mib'] * 2 ** 20) / pageSizeBytes;
  const hotPages = hotPagesOf(setting, values);
  const isFinished = values.end === 'finished';
  const rounds: Round[] = [];
  for (let sentPages = memoryBytes / pageSizeBytes; rounds.length < values.rounds;) {
    const sendingS = (sentPages * pageSizeBytes) / bytesPerS;
    if (isFinished && rounds.length > 0 && sendingS * 1000 <= values['downtime-ms']) break;
    const writes = Math.max(1, Math.round((sendingS * writesPerS) / vcpus));
    rounds.push({ sentPages, writes });
    sentPages = Math.max(1, Math.round(hotPages * (1 - (1 - 1 / hotPages) ** (writes * vcpus))));
  }
  return rounds;
}

/** Random writes of the hot pages at the rate that was asked for. */
function writing(
  setting: WorkloadSetting,
  values: Values,
  writes: number,
  draw: number,
): WorkloadStep & { kind: 'guest' } {
  const { baseIpa, pageSizeBytes, seed, vcpus } = setting;
  const hot = { baseIpa, pageSizeBytes, memoryBytes: hotPagesOf(setting, values) * pageSizeBytes };
  return {
    kind: 'guest',
    classOf: (vcpu) => vcpu,
    periodAccesses: 1,
    computeNs: (vcpus * pageSizeBytes * NS_PER_S) / (values['dirty-mib'] * 2 ** 20),
    programOf: (vcpu) => randomWrites(hot, writes, seedOf(seed, draw, vcpu)),
  };
}

/** Guests write; at the begin the host is beside them, and once it is done they go on alone. */
function besideHost(
  setting: WorkloadSetting,
  values: Values,
  {
    writes,
    draw,
    actions,
  }: { readonly writes: number; readonly draw: number; readonly actions: readonly ActionBeside['do'][] },
): WorkloadStep[] {
  const beside = Math.min(writes, WRITES_BESIDE);
  const host = actions.map((action) => ({ do: action, afterNs: 0 }));
  return [
    { ...writing(setting, values, beside, 2 * draw), host },
    ...(writes > beside ? [writing(setting, values, writes - beside, 2 * draw + 1)] : []),
  ];
}

function stagesOf(setting: WorkloadSetting, values: Values): WorkloadStage[] {
  const isManual = values['manual-protect'] === 'on';
  const rounds = roundsOf(setting, values);
  const writes = WRITES_BESIDE;
  const sending = rounds.map((round, index): WorkloadStage => {
    // Without manual protection all is protected, and has to be sent, since logging began.
    const first: ActionBeside['do'][] = isManual || index > 0 ? ['collect-log'] : [];
    const actions: ActionBeside['do'][] = isManual ? [...first, 'clear-log'] : first;
    return { name: `ROUND${index + 1}`, steps: besideHost(setting, values, { ...round, draw: index + 1, actions }) };
  });
  const cancelled: WorkloadStage[] = [
    { name: 'LOG_OFF', steps: besideHost(setting, values, { writes, draw: rounds.length + 1, actions: ['log-off'] }) },
    adjustStage(setting),
  ];
  const finished: WorkloadStage[] = [
    { name: 'STOP', steps: [{ kind: 'host', do: 'collect-log' }] },
    { name: 'LOG_OFF', steps: [{ kind: 'host', do: 'log-off' }] },
    { name: 'DESTROY', steps: [{ kind: 'host', do: 'destroy' }] },
  ];
  return [
    createBlocks(setting),
    { name: 'LOG_ON', steps: besideHost(setting, values, { writes, draw: 0, actions: ['log-on'] }) },
    ...sending,
    ...(values.end === 'cancelled' ? cancelled : finished),
  ];
}

function behaviour(values: Values): WorkloadBehaviour {
  const isManual = values['manual-protect'] === 'on';
  const splitChunkBytes = sizeBytesOf(values['split-chunk']) ?? 0;
  return {
    stages: [
      'CREATE',
      'LOG_ON',
      ...Array.from({ length: values.rounds }, (_, index) => `ROUND${index + 1}`),
      ...(values.end === 'cancelled' ? ['LOG_OFF', 'ADJUST'] : ['STOP', 'LOG_OFF', 'DESTROY']),
    ],
    ...(splitChunkBytes > 0 && { needs: ['eager-split' as const] }),
    plan: (setting) => ({
      ...PLAIN_SLOT,
      dirtyLog: { manualProtect: isManual, initiallySet: isManual, splitChunkBytes },
      stages: stagesOf(setting, values),
    }),
  };
}

/** A live migration, round by round. */
export const MIGRATION = defineWorkload({
  name: 'migration',
  summary:
    'pre-copy rounds: guests write at a rate while what was dirty is sent over a link, until it is given up or done',
  source: 'pre-copy as QEMU and others do it: GET, CLEAR, send, again; Clark et al., NSDI 2005',
  histories: [BLOCK_FIRST],
  options: OPTIONS,
  behaviour,
});
