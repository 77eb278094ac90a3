/** The axes of a matrix: the texts of the options, read and checked. */
import { PAGE_SIZES } from '@s2bench/core/stage2';
import { type Cell, STAGE_NAMES, type StageName } from '@s2bench/report/schema';
import type { Workload } from '@s2bench/workloads';
import { knownNames, UsageError } from '../cli/errors.ts';
import { expandStrategy } from '../plugins/strategy-text.ts';
import type { GivenOptions, GivenTexts } from './run-flags.ts';
import { formatSize, type IntegerRange, parseChoice, parseInteger, parseKernel, parseSize } from './values.ts';

/** Host backing of the memslot. */
export type Backing = Cell['backing'];
/** The backings that there are. */
export const BACKINGS = ['hugetlb', 'thp', 'anonymous'] as const satisfies readonly Backing[];

/** KVM/arm64 has no more: the vGICv3 ends there. */
const VCPU_RANGE: IntegerRange = { min: 1, max: 512, example: 20 };
const SEED_RANGE: IntegerRange = { min: 0, max: Number.MAX_SAFE_INTEGER, example: 1 };

/** The axes of a matrix. Strategies and profiles are still what the user wrote: names or paths, strategies with their options. */
export interface MatrixAxes {
  readonly strategy: readonly string[];
  readonly vcpus: readonly number[];
  readonly memory: readonly number[];
  /** Left out: each backing gives its largest block. */
  readonly granule?: readonly number[];
  readonly pageSize: readonly number[];
  readonly backing: readonly Backing[];
  readonly history: readonly string[];
  readonly profile: readonly string[];
  readonly kernel: readonly string[];
  readonly workload: readonly string[];
  readonly stages: readonly StageName[];
  readonly seed: readonly number[];
}

/**
 * Reads the axes.
 *
 * @param workloads - those that there are
 * @throws UsageError at the first value that cannot be
 */
export function parseAxes(given: GivenOptions, workloads: readonly Workload[]): MatrixAxes {
  const workload = each(given.workload, (text, origin) =>
    parseChoice(
      text,
      origin,
      'workload',
      workloads.map(({ name }) => name),
    ),
  );
  const histories = workloads.filter(({ name }) => workload.includes(name)).flatMap((one) => one.histories);
  const historyNames = [...new Set(histories.map(({ name }) => name))];
  return {
    strategy: each(expanded(given.strategy), (text) => text),
    vcpus: each(given.vcpus, (text, origin) => parseInteger(text, origin, VCPU_RANGE)),
    memory: each(given.memory, parseSize),
    ...(given.granule && { granule: each(given.granule, parseSize) }),
    pageSize: each(given.pageSize, parsePageSize),
    backing: each(given.backing, (text, origin) => parseChoice(text, origin, 'backing', BACKINGS)),
    history: each(given.history, (text, origin) => parseChoice(text, origin, 'history', historyNames)),
    profile: each(given.profile, (text) => text),
    kernel: each(expanded(given.kernel), (text, origin) => parseKernel(text, origin).name),
    workload,
    stages: parseStages(given.stages),
    seed: each(given.seed, (text, origin) => parseInteger(text, origin, SEED_RANGE)),
  };
}

/** Reads every text; equal values count once, the first place stays. */
function each<T>({ texts, origin }: GivenTexts, parse: (text: string, origin: string) => T): T[] {
  if (texts.includes('')) throw new UsageError(`${origin}: an empty item in the list; write it as a,b`);
  return [...new Set(texts.map((text) => parse(text, origin)))];
}

/** A text whose options have lists of values stands for several. */
function expanded({ texts, origin }: GivenTexts): GivenTexts {
  return { texts: texts.flatMap((text) => expandStrategy(text, origin)), origin };
}

/** Reads a page size: one that Arm has. */
export function parsePageSize(text: string, origin: string): number {
  const sizeBytes = parseSize(text, origin);
  if (!(PAGE_SIZES as readonly number[]).includes(sizeBytes)) {
    throw new UsageError(
      `${origin} ${text}: not a page size of Arm; these are ${PAGE_SIZES.map(formatSize).join(', ')}`,
    );
  }
  return sizeBytes;
}

function parseStages({ texts, origin }: GivenTexts): StageName[] {
  const names = texts.map((text) => text.toUpperCase());
  if (names.includes('ALL')) return [...STAGE_NAMES];
  for (const [index, name] of names.entries()) {
    if ((STAGE_NAMES as readonly string[]).includes(name)) continue;
    const text = texts[index] ?? '';
    throw new UsageError(`${origin} ${text}: unknown stage; ${knownNames(text, ['all', ...STAGE_NAMES])}`);
  }
  return STAGE_NAMES.filter((name) => names.includes(name));
}
