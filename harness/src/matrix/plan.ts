/** Plans a run: the strategies and profiles loaded, the matrix spanned, a job for every cell that can exist. */
import type { Piscina } from 'piscina';
import type { Workload } from '@s2bench/workloads';
import { commandText, type RunRequest } from '../options/run-request.ts';
import { discoverStrategies, locateStrategy, type StrategyLocation } from '../plugins/locate.ts';
import { type KnownStrategy, probeStrategies } from '../plugins/probe.ts';
import { type KnownProfile, loadProfiles } from '../plugins/profiles.ts';
import type { CellJob } from '../pool/task.ts';
import { shardPlaces } from '../shard/assign.ts';
import { expandMatrix, type MatrixPoint } from './expand.ts';

/** What was found before anything runs. */
export interface Sources {
  readonly locations: readonly StrategyLocation[];
  readonly profiles: readonly KnownProfile[];
}

/** A run that is ready. */
export interface RunPlan {
  readonly command: string;
  readonly strategies: readonly KnownStrategy[];
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
  return {
    locations: axes.strategy.map((text) => locateStrategy(text, known, cwd, given.strategy.origin)),
    profiles: loadProfiles(axes.profile, cwd, given.profile.origin),
  };
}

/** Loads the strategies in the pool and spans the matrix. */
export async function planRun(
  request: RunRequest,
  { locations, profiles }: Sources,
  pool: Piscina,
  workloads: readonly Workload[],
): Promise<RunPlan> {
  const { axes, exact, given, shard = { index: 1, count: 1 } } = request;
  const strategies = await probeStrategies(pool, locations);
  const named = {
    ...axes,
    strategy: strategies.map(({ name }) => name),
    profile: profiles.map(({ profile }) => profile.name),
  };
  const points = expandMatrix(named, workloads, given.granule?.origin ?? '--granule');
  const strategyOf = new Map(strategies.map((strategy) => [strategy.name, strategy]));
  const profileOf = new Map(profiles.map(({ profile }) => [profile.name, profile]));
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
    return [{ ...parts, ...(version !== undefined && { strategyVersion: version }) }];
  });
  const command = commandText(
    request,
    locations.map(({ spec }) => spec),
    profiles.map(({ spec }) => spec),
  );
  return { command, strategies, profiles, points, places, jobs };
}
