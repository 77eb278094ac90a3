/** The axes of a matrix: the texts of the options, read and checked. */
import { PAGE_SIZES } from '@s2bench/core/stage2';
import { inOneOrder, type StageName } from '@s2bench/report/schema';
import type { Workload } from '@s2bench/workloads';
import { knownNames, UsageError } from '../cli/errors.ts';
import { expandStrategy } from '../plugins/strategy-text.ts';
import { type KnownWorkload, type NameableWorkloads, parseWorkload } from '../plugins/workloads.ts';
import { type Backing, type GranuleChoice, parseGranule } from './granules.ts';
import { expandRange, type RangeKind } from './ranges.ts';
import type { GivenOptions, GivenTexts } from './run-flags.ts';
import { formatSize, type IntegerRange, parseChoice, parseInteger, parseKernel, parseSize } from './values.ts';

/** The backings that there are. */
export const BACKINGS = ['hugetlb', 'thp', 'anonymous'] as const satisfies readonly Backing[];

/** KVM/arm64 has no more: the vGICv3 ends there. */
const VCPU_RANGE: IntegerRange = { min: 1, max: 512, example: 20 };
const SEED_RANGE: IntegerRange = { min: 0, max: Number.MAX_SAFE_INTEGER, example: 1 };

/** Lists whose items may be ranges. Sizes are doubled, as most are a power of two. */
const VCPUS: RangeKind = {
  parse: (text, origin) => parseInteger(text, origin, VCPU_RANGE),
  step: '+1',
  example: '1..64:x2',
};
const SEEDS: RangeKind = {
  parse: (text, origin) => parseInteger(text, origin, SEED_RANGE),
  step: '+1',
  example: '1..8',
};
const MEMORY: RangeKind = { parse: parseSize, step: 'x2', example: '1G..64G:x4' };

/** The axes of a matrix. Strategies and profiles are still what the user wrote: names or paths, strategies with their options. */
export interface MatrixAxes {
  readonly strategy: readonly string[];
  /** Plugins with a hook where logging starts, or stops; left out: none. */
  readonly logStart?: readonly string[];
  readonly logStop?: readonly string[];
  readonly vcpus: readonly number[];
  readonly memory: readonly number[];
  /** Left out: each backing gives its largest block. */
  readonly granule?: readonly GranuleChoice[];
  readonly pageSize: readonly number[];
  readonly backing: readonly Backing[];
  readonly history: readonly string[];
  readonly profile: readonly string[];
  readonly kernel: readonly string[];
  readonly workload: readonly string[];
  readonly stages: readonly StageName[];
  readonly seed: readonly number[];
}

/** What axes are read by of the workloads that were found for them. */
type AxisWorkload = Pick<Workload, 'name' | 'histories' | 'stages'>;

/**
 * Finds the workloads of an axis, each once.
 *
 * @param workloads - those that can be named
 * @throws UsageError at the first that there is none of
 */
export function findWorkloads(given: GivenTexts, workloads: NameableWorkloads): KnownWorkload[] {
  const found = several(expanded(given), (text, origin) => [parseWorkload(text, origin, workloads)]);
  return [...new Map(found.map((workload) => [workload.name, workload])).values()];
}

/**
 * Reads the axes.
 *
 * @param workloads - those of the axis
 * @throws UsageError at the first value that cannot be
 */
export function parseAxes(given: GivenOptions, workloads: readonly AxisWorkload[]): MatrixAxes {
  const pageSize = each(given.pageSize, parsePageSize);
  const backing = each(given.backing, (text, origin) => parseChoice(text, origin, 'backing', BACKINGS));
  return {
    strategy: each(expanded(given.strategy), (text) => text),
    ...(given.logStart && { logStart: each(expanded(given.logStart), (text) => text) }),
    ...(given.logStop && { logStop: each(expanded(given.logStop), (text) => text) }),
    vcpus: ranged(given.vcpus, VCPUS),
    memory: ranged(given.memory, MEMORY),
    ...(given.granule && {
      granule: several(given.granule, (text, origin) => parseGranule(text, origin, backing, pageSize)),
    }),
    pageSize,
    backing,
    history: parseHistories(given, workloads),
    profile: each(given.profile, (text) => text),
    kernel: each(expanded(given.kernel), (text, origin) => parseKernel(text, origin).name),
    workload: workloads.map(({ name }) => name),
    stages: parseStages(given, workloads),
    seed: ranged(given.seed, SEEDS),
  };
}

/** Reads every text; equal values count once, the first place stays. */
function each<T>(given: GivenTexts, parse: (text: string, origin: string) => T): T[] {
  return several(given, (text, origin) => [parse(text, origin)]);
}

/** The same where a text stands for several values. */
function several<T>({ texts, origin }: GivenTexts, parse: (text: string, origin: string) => readonly T[]): T[] {
  if (texts.includes('')) throw new UsageError(`${origin}: an empty item in the list; write it as a,b`);
  return [...new Set(texts.flatMap((text) => parse(text, origin)))];
}

function ranged(given: GivenTexts, kind: RangeKind): number[] {
  return several(given, (text, origin) => expandRange(text, origin, kind));
}

/** A text whose options have lists of values stands for several. */
function expanded({ texts, origin, level }: GivenTexts): GivenTexts {
  return { texts: texts.flatMap((text) => expandStrategy(text, origin)), origin, level };
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

/**
 * Histories and stages are the workloads' own. Those that a lower layer gives than the workload are meant of a workload
 * that has some of them; of one that has none all are.
 */
function meantOf(names: readonly string[], lists: readonly (readonly string[])[]): string[][] {
  return lists.map((own) => {
    const meant = own.filter((name) => names.includes(name));
    return meant.length > 0 ? meant : [...own];
  });
}

function parseHistories({ history, workload }: GivenOptions, workloads: readonly AxisWorkload[]): string[] {
  const lists = workloads.map(({ histories }) => histories.map(({ name }) => name));
  const known = inOneOrder(lists);
  if (history.level < workload.level) return inOneOrder(meantOf(history.texts, lists));
  return each(history, (text, origin) => parseChoice(text, origin, 'history', known));
}

function parseStages(given: GivenOptions, workloads: readonly AxisWorkload[]): StageName[] {
  const { texts, origin, level } = given.stages;
  const names = texts.map((text) => text.toUpperCase());
  const lists = workloads.map(({ stages }) => stages);
  const known = inOneOrder(lists);
  if (names.includes('ALL')) return known;
  if (level < given.workload.level) names.splice(0, names.length, ...meantOf(names, lists).flat());
  for (const [index, name] of names.entries()) {
    if (known.includes(name)) continue;
    const text = texts[index] ?? '';
    const whose = workloads.map((workload) => workload.name).join(', ');
    throw new UsageError(
      `${origin} ${text}: unknown stage of ${whose}; ${knownNames(text.toUpperCase(), ['all', ...known])}`,
    );
  }
  return known.filter((name) => names.includes(name));
}
