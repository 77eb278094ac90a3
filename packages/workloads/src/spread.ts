/** One vCPU makes blocks of tables while the others use what is mapped below: whom a coalesce stops, and for how long. */
import { z } from '@s2bench/core';
import type { AccessRun, GuestProgram } from '@s2bench/kernel';
import { defineWorkload } from './define-workload.ts';
import { BLOCK_FIRST } from './histories.ts';
import { type Loop, repeated, seedOf, uniform } from './programs.ts';
import { blocksOf, createBlocks, LOG_OFF, LOG_ON, PLAIN_SLOT } from './steps.ts';
import type { WorkloadBehaviour, WorkloadSetting, WorkloadStep } from './workload.ts';

const OPTIONS = z.object({
  populated: z.int().min(1).max(99).default(50).describe('percentage of the pages of a block that are mapped before'),
  holes: z
    .enum(['end', 'start', 'striped', 'random'])
    .default('end')
    .describe('where in each block the others are; random: the same in each block, drawn by the seed'),
  accesses: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(256)
    .describe('reads of each of the other vCPUs for each block that vCPU 0 coalesces'),
  lead: z
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe(
      'percentage of as many reads that vCPU 0 makes itself: below 100 the others end last, and their stalls are time',
    ),
  follow: z
    .int()
    .min(0)
    .max(100)
    .default(50)
    .describe('percentage of the reads that go to the block that vCPU 0 coalesces next; the others go anywhere'),
  'hot-pages': z
    .int()
    .min(1)
    .max(1_000_000)
    .default(16)
    .describe('mapped pages of a block that are read: what TLBs hold of them can be used until a flush is complete'),
  'working-set': z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe('percentage of the blocks, from the first on, that are read without following'),
  'compute-ns': z.int().min(0).max(1_000_000).default(1000).describe('what a vCPU computes between two accesses'),
});
type Values = z.output<typeof OPTIONS>;

/** Pages of a block: those that are mapped before, ascending, and the first that is not. */
interface Pattern {
  readonly mapped: Int32Array;
  /** Those of them that are read, as far apart as they can be. */
  readonly hot: Int32Array;
  readonly hole: number;
}

/** One page at least is mapped, and in a block of several one is not. */
function patternOf({ granuleBytes, pageSizeBytes, seed }: WorkloadSetting, values: Values): Pattern {
  const { populated, holes } = values;
  const pages = granuleBytes / pageSizeBytes;
  const count = Math.max(1, Math.min(pages - 1, Math.round((pages * populated) / 100)));
  const order = Int32Array.from({ length: pages }, (_, page) => page);
  if (holes === 'random') shuffle(order, uniform(seedOf(seed, 0, 0)));
  const mapped = Int32Array.from({ length: count }, (_, index) => {
    if (holes === 'start') return pages - count + index;
    return holes === 'striped' ? Math.floor((index * pages) / count) : (order[index] ?? 0);
  }).sort();
  const isMapped = new Uint8Array(pages);
  for (const page of mapped) isMapped[page] = 1;
  const hotPages = Math.min(count, values['hot-pages']);
  const hot = Int32Array.from({ length: hotPages }, (_, index) => mapped[Math.floor((index * count) / hotPages)] ?? 0);
  return { mapped, hot, hole: Math.max(0, isMapped.indexOf(0)) };
}

function shuffle(items: Int32Array, random: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const item = items[last] ?? 0;
    items[last] = items[other] ?? 0;
    items[other] = item;
  }
}

/** The pages that are mapped in the first block, as few loops as they make. */
function loopsOf({ mapped }: Pattern, startIpa: number, pageSizeBytes: number): Loop[] {
  const loops: { startIpa: number; count: number; strideBytes: number; write: boolean }[] = [];
  let next = -1;
  for (const page of mapped) {
    const last = loops.at(-1);
    if (page === next && last !== undefined) last.count++;
    else loops.push({ startIpa: startIpa + page * pageSizeBytes, count: 1, strideBytes: pageSizeBytes, write: true });
    next = page + 1;
  }
  return loops;
}

/** Writes what is to be mapped while writes are logged: the first write to a block splits it, the rest stays unmapped. */
function populate(setting: WorkloadSetting, pattern: Pattern): WorkloadStep {
  const { baseIpa, granuleBytes, pageSizeBytes } = setting;
  return {
    kind: 'guest',
    classOf: (vcpu) => vcpu,
    periodAccesses: pattern.mapped.length,
    programOf: (vcpu) => {
      const { first, count } = blocksOf(setting, vcpu);
      return repeated(loopsOf(pattern, baseIpa + first * granuleBytes, pageSizeBytes), count, granuleBytes);
    },
  };
}

/** The block at which vCPU 0 is, as a variable in the guest's memory would tell the others. */
interface Front {
  block: number;
}

/**
 * Reads of mapped pages of the working set; the vCPU that coalesces reads the hole of a block now and then, block by block.
 * Others follow it by what it tells them, not by how far they have come themselves: they do not wait for it.
 */
class WorkingSetReads implements GuestProgram {
  readonly #setting: WorkloadSetting;
  readonly #values: Values;
  readonly #pattern: Pattern;
  readonly #front: Front;
  readonly #coalesces: boolean;
  /** Reads of mapped pages for each block. */
  readonly #reads: number;
  readonly #random: () => number;
  #block = 0;
  #access = 0;

  constructor(setting: WorkloadSetting, values: Values, pattern: Pattern, front: Front, vcpu: number) {
    this.#setting = setting;
    this.#values = values;
    this.#pattern = pattern;
    this.#front = front;
    this.#coalesces = vcpu === 0;
    this.#reads = this.#coalesces ? Math.round((values.accesses * values.lead) / 100) : values.accesses;
    this.#random = uniform(seedOf(setting.seed, 1, vcpu));
  }

  next(run: AccessRun): boolean {
    const { baseIpa, granuleBytes, memoryBytes, pageSizeBytes } = this.#setting;
    const blocks = memoryBytes / granuleBytes;
    if (this.#block === blocks) return false;
    if (this.#coalesces) this.#front.block = this.#block;
    const isLast = this.#access === this.#reads;
    let block = this.#block;
    let page = this.#pattern.hole;
    if (!isLast || !this.#coalesces) {
      const { hot } = this.#pattern;
      const follows = this.#random() * 100 < this.#values.follow;
      const drawn = this.#random();
      block = follows ? this.#front.block : Math.floor(drawn * Math.ceil((blocks * this.#values['working-set']) / 100));
      page = hot[Math.floor(this.#random() * hot.length)] ?? 0;
    }
    run.startIpa = baseIpa + block * granuleBytes + page * pageSizeBytes;
    run.count = 1;
    run.strideBytes = pageSizeBytes;
    run.write = false;
    this.#access = isLast ? 0 : this.#access + 1;
    if (isLast) this.#block++;
    return true;
  }
}

function spread(setting: WorkloadSetting, values: Values, pattern: Pattern): WorkloadStep {
  let front: Front = { block: 0 };
  return {
    kind: 'guest',
    classOf: (vcpu) => vcpu,
    periodAccesses: values.accesses + 1,
    computeNs: values['compute-ns'],
    programOf: (vcpu) => {
      if (vcpu === 0) front = { block: 0 };
      return new WorkingSetReads(setting, values, pattern, front, vcpu);
    },
  };
}

function behaviour(values: Values): WorkloadBehaviour {
  return {
    stages: ['CREATE', 'LOG_ON', 'UPDATE', 'LOG_OFF', 'SPREAD'],
    plan: (setting) => {
      const pattern = patternOf(setting, values);
      return {
        ...PLAIN_SLOT,
        stages: [
          createBlocks(setting),
          LOG_ON,
          { name: 'UPDATE', steps: [populate(setting, pattern)] },
          LOG_OFF,
          { name: 'SPREAD', steps: [spread(setting, values, pattern)] },
        ],
      };
    },
  };
}

/** Guests that use a block while it is coalesced. */
export const SPREAD = defineWorkload({
  name: 'spread',
  summary: 'vCPU 0 coalesces one block after the other while all vCPUs read what is mapped of a working set',
  source: 'what the published selftest does not do: other parts of a block are in use while it is replaced',
  histories: [BLOCK_FIRST],
  options: OPTIONS,
  behaviour,
});
