/** Plans a run: the strategies and profiles loaded, the matrix spanned, a job for every cell that can exist. */
import { lackingFeatures } from '@s2bench/core';
import { type KernelModel, kernelModelOf, whyNotWritten } from '@s2bench/kernel';
import type { Profile } from '@s2bench/machine';
import type { Cell, StageName } from '@s2bench/report/schema';
import { UsageError } from '../cli/errors.ts';
import { commandText, type RunRequest } from '../options/run-request.ts';
import { discoverStrategies, locateStrategy, type StrategyLocation } from '../plugins/locate.ts';
import type { KnownStrategy } from '../plugins/probe.ts';
import { type KnownProfile, loadProfiles } from '../plugins/profiles.ts';
import { requireWritten, UPSTREAM, upstreamOf, upstreamOn } from '../options/kernels.ts';
import { locateHooks, NO_HOOK, spanHooks } from '../plugins/hooks.ts';
import { type KnownWorkload, whyNoSplit } from '../plugins/workloads.ts';
import { expandMatrix, type MatrixPoint, sideBySide } from './matrix.ts';
import { shardPlaces } from './shards.ts';

/** What was found before anything runs. */
export interface Sources {
  /** How the command writes the strategies. */
  readonly specs: readonly string[];
  /** Names of strategies that stand there as `upstream` alone: each is for the kernel models that do the same. */
  readonly upstream: ReadonlySet<string>;
  /** How the command writes hooks. */
  readonly hookSpecs: { readonly logStart?: readonly string[]; readonly logStop?: readonly string[] };
  /** Each strategy with each choice of hooks. */
  readonly locations: readonly StrategyLocation[];
  readonly profiles: readonly KnownProfile[];
}

/** A cell to be simulated. Everything that its result depends on is here. */
export interface CellJob {
  /** Its place in the matrix. */
  readonly index: number;
  readonly cell: Cell;
  readonly strategyUrl: string;
  readonly strategyVersion?: string;
  readonly profile: Profile;
  /** Of the module of a workload that does not come with s2bench. */
  readonly workloadUrl?: string;
  readonly stages: readonly StageName[];
  readonly exact: boolean;
}

/** A run that is ready. */
export interface RunPlan {
  readonly command: string;
  readonly strategies: readonly KnownStrategy[];
  readonly workloads: readonly KnownWorkload[];
  readonly profiles: readonly KnownProfile[];
  readonly points: readonly MatrixPoint[];
  /** Which of the points this run takes, in order: all, or those of its shard. */
  readonly places: readonly number[];
  /** Those of them that can exist; a job's index is its place among all points. */
  readonly jobs: readonly CellJob[];
}

/** Finds strategies and profiles. Runs no foreign code. */
export function findSources({ axes, given, strategyPaths }: RunRequest, cwd: string): Sources {
  const known = discoverStrategies(cwd, strategyPaths);
  const { origin } = given.strategy;
  const named = axes.strategy.filter((text) => text !== UPSTREAM);
  const isUpstream = named.length < axes.strategy.length;
  const upstream = isUpstream ? upstreamOn(axes.kernel).filter((name) => !named.includes(name)) : [];
  const hooksOf = (key: 'logStart' | 'logStop'): (StrategyLocation | undefined)[] =>
    locateHooks(axes[key], known, cwd, given[key]?.origin ?? '');
  const specOf = (text: string): string =>
    text === UPSTREAM ? UPSTREAM : locateStrategy(text, known, cwd, origin).spec;
  const starts = hooksOf('logStart');
  const stops = hooksOf('logStop');
  const strategies = [...named, ...upstream].map((text) => locateStrategy(text, known, cwd, origin));
  const specsOf = (hooks: typeof starts): string[] => hooks.map((hook) => hook?.spec ?? NO_HOOK);
  return {
    specs: axes.strategy.map(specOf),
    hookSpecs: {
      ...(axes.logStart && { logStart: specsOf(starts) }),
      ...(axes.logStop && { logStop: specsOf(stops) }),
    },
    upstream: new Set(upstream),
    locations: spanHooks(strategies, starts, stops),
    profiles: loadProfiles(axes.profile, cwd, given.profile.origin),
  };
}

/**
 * Spans the matrix.
 *
 * @param strategies - what those of the sources say of themselves
 */
export function planRun(
  request: RunRequest,
  { specs, hookSpecs, upstream, profiles }: Sources,
  strategies: readonly KnownStrategy[],
): RunPlan {
  const { axes, exact, filter, given, spans, workloads, shard = { index: 1, count: 1 } } = request;
  const strategyOf = new Map(strategies.map((strategy) => [strategy.name, strategy]));
  const names = {
    strategy: strategies.map(({ name, parts: { strategy: _, ...hooks } }) => ({ strategy: name, ...hooks })),
    profile: profiles.map(({ profile }) => profile.name),
  };
  const isMeant = ({ cell }: MatrixPoint): boolean => {
    const own = strategyOf.get(cell.strategy)?.parts.strategy ?? cell.strategy;
    return !upstream.has(own) || upstreamOf(kernelModelOf(cell.kernel)) === own;
  };
  const whole = sideBySide(
    spans.map(({ variant, axes: own }) =>
      expandMatrix({ ...own, ...names }, workloads, given.granule?.origin ?? '--granule')
        .filter(isMeant)
        .map((point) => (variant === undefined ? point : { ...point, cell: { ...point.cell, variant } })),
    ),
  );
  filter?.requireKnown(whole.map(({ cell }) => cell));
  const profileOf = new Map(profiles.map(({ profile }) => [profile.name, profile]));
  const wanted = filter === undefined ? whole : whole.filter(({ cell }) => filter.wants(cell));
  const points = wanted.map((point): MatrixPoint => {
    const strategy = strategyOf.get(point.cell.strategy);
    const skipReason =
      point.skipReason ??
      whyNotBy(workloads, point.cell, axes.stages) ??
      whyNotUnder(strategy, kernelModelOf(point.cell.kernel)) ??
      whyNotFor(strategy, profileOf.get(point.cell.profile));
    return skipReason === undefined ? point : { ...point, skipReason };
  });
  if (points.length === 0)
    throw new UsageError(`--filter ${filter?.text ?? ''}: leaves none of the ${whole.length} cells of the matrix`);
  for (const strategy of strategies) requireSomeKernel(strategy, points);
  for (const workload of workloads) requireSplitting(workload, points, given.workload.origin);
  const places = shardPlaces(
    points.map(({ cell }) => cell),
    shard,
  );
  const mine = new Set(places);
  const jobs = points.flatMap(({ cell, skipReason }, index): CellJob[] => {
    if (!mine.has(index)) return [];
    const location = strategyOf.get(cell.strategy)?.location;
    const profile = profileOf.get(cell.profile);
    if (skipReason !== undefined || location === undefined || profile === undefined) return [];
    const { entryUrl, version } = location;
    const parts = { index, cell, strategyUrl: entryUrl, profile, stages: axes.stages, exact };
    const workloadUrl = workloads.find(({ name }) => name === cell.workload)?.location?.entryUrl;
    const optional = {
      ...(version !== undefined && { strategyVersion: version }),
      ...(workloadUrl !== undefined && { workloadUrl }),
    };
    return [{ ...parts, ...optional }];
  });
  const command = commandText(
    request,
    specs,
    hookSpecs,
    profiles.map(({ spec }) => spec),
  );
  return { command, strategies, workloads, profiles, points, places, jobs };
}

/**
 * A matrix over both walkers has strategies of one of them: their other cells are skipped. One that none of its kernel
 * models can run is a mistake.
 */
function requireSomeKernel(strategy: KnownStrategy, points: readonly MatrixPoint[]): void {
  const own = points.filter(({ cell }) => cell.strategy === strategy.name);
  const kernels = [...new Set(own.map(({ cell }) => cell.kernel))].map((name) => kernelModelOf(name));
  if (kernels.some((kernel) => whyNotWritten(strategy, kernel) === undefined)) return;
  for (const kernel of kernels) requireWritten(strategy, kernel, strategy.location.label);
}

/** A workload that none of its kernel models can do is a mistake; what only some of them cannot is skipped. */
function requireSplitting(workload: KnownWorkload, points: readonly MatrixPoint[], origin: string): void {
  const own = points.filter(({ cell }) => cell.workload === workload.name);
  const reasons = own.map(({ cell }) => whyNoSplit(workload, cell.kernel));
  const [reason] = reasons;
  if (reason !== undefined && !reasons.includes(undefined))
    throw new UsageError(`${origin} ${workload.name}: ${reason}`);
}

function whyNotBy(workloads: readonly KnownWorkload[], cell: Cell, stages: readonly StageName[]): string | undefined {
  const workload = workloads.find(({ name }) => name === cell.workload);
  if (workload === undefined) return undefined;
  if (!workload.stages.some((name) => stages.includes(name)))
    return `workload ${workload.name} has no stage ${stages.join(', ')}`;
  return whyNoSplit(workload, cell.kernel);
}

/** Why a strategy is not timed under a kernel model: it is written for another walker. */
function whyNotUnder(strategy: KnownStrategy | undefined, kernel: KernelModel): string | undefined {
  return strategy === undefined ? undefined : whyNotWritten(strategy, kernel);
}

/** Why a strategy is not timed on a machine: a feature that it needs is not there. */
function whyNotFor(strategy: KnownStrategy | undefined, profile: Profile | undefined): string | undefined {
  const lacking = lackingFeatures(strategy?.needs, profile?.features ?? {});
  if (strategy === undefined || profile === undefined || lacking.length === 0) return undefined;
  return `strategy ${strategy.name} needs ${lacking.join(' and ')}, which machine profile ${profile.name} does not have`;
}
