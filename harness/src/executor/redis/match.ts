/** Whether a worker can work for a run: it must have the run's simulator and strategies, to the last character. */
import { UsageError } from '../../cli/errors.ts';
import { toolVersion } from '../../cli/installation.ts';
import { fingerprintCode, fingerprintTool } from '../../plan/fingerprints.ts';
import { discoverStrategies, locateStrategy, type StrategyLocation } from '../../plugins/locate.ts';
import type { HeardRun } from './find-runs.ts';
import type { Announcement } from './payload.ts';

/** Where a worker looks for strategies. */
export interface WorkerPlace {
  readonly cwd: string;
  /** More strategies, from the config file, absolute. */
  readonly strategyPaths: readonly string[];
}

/** A run, and where its strategies are here, by their names. */
export interface MatchedRun {
  readonly run: Announcement;
  readonly locations: ReadonlyMap<string, StrategyLocation>;
}

/**
 * Finds a run's strategies here.
 *
 * @returns where they are; or, in one line, why the run is refused
 */
export function matchRun(run: HeardRun, place: WorkerPlace): MatchedRun | { readonly problem: string } {
  if (run === 'not understood')
    return { problem: `this is s2bench ${toolVersion()}, and another version started the run` };
  const { version, fingerprint } = run.tool;
  if (version !== toolVersion()) return { problem: `this is s2bench ${toolVersion()}, the run's is ${version}` };
  if (fingerprint !== fingerprintTool()) {
    return {
      problem: `this s2bench ${version} simulates with other code than the run's; bring both to one commit or package`,
    };
  }
  const known = discoverStrategies(place.cwd, place.strategyPaths);
  const found = new Map<string, StrategyLocation>();
  for (const { name, spec, fingerprint: wanted } of run.strategies) {
    try {
      const location = locateStrategy(spec, known, place.cwd, 'strategy');
      if (fingerprintCode(location.sourcePath) !== wanted)
        return { problem: `strategy ${spec}: its code here is not that of the run` };
      found.set(name, location);
    } catch (error) {
      if (error instanceof UsageError) return { problem: error.message };
      throw error;
    }
  }
  return { run, locations: found };
}
