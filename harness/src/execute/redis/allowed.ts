/** The strategies that a worker runs: those that it was started with, with the code that they had then. */
import { UsageError } from '../../cli/errors.ts';
import { splitList } from '../../options/run-flags.ts';
import { fingerprintStrategy } from '../../plan/fingerprints.ts';
import { discoverStrategies, locateStrategy, type StrategyLocation } from '../../plugins/locate.ts';
import { baseOf } from '../../plugins/strategy-text.ts';

/** Where a worker looks for strategies. */
export interface WorkerPlace {
  readonly cwd: string;
  /** More strategies, from the config file, absolute. */
  readonly strategyPaths: readonly string[];
}

/** A strategy that a worker may run. */
export interface AllowedStrategy {
  /** Name or path, as a command writes it. */
  readonly base: string;
  readonly location: StrategyLocation;
  /** Of its code when the worker was started. */
  readonly fingerprint: string;
}

/**
 * Finds the strategies of `--allow`; without it those that have a name here.
 *
 * @throws UsageError where one that is named is not there
 */
export function allowedStrategies(text: string | undefined, { cwd, strategyPaths }: WorkerPlace): AllowedStrategy[] {
  const known = discoverStrategies(cwd, strategyPaths);
  const origin = '--allow';
  const locate = (base: string): AllowedStrategy => {
    const location = locateStrategy(base, known, cwd, origin);
    return { base: location.spec, location, fingerprint: fingerprintStrategy(location) };
  };
  if (text !== undefined) {
    return splitList(text).map((base) => {
      if (base === '') throw new UsageError(`${origin} ${text}: an empty name; name strategies, joined by commas`);
      if (baseOf(base) !== base)
        throw new UsageError(`${origin} ${base}: a strategy is allowed with all options; leave out what follows the ?`);
      return locate(base);
    });
  }
  return [...known.keys()].flatMap((base) => {
    try {
      return [locate(base)];
    } catch (error) {
      // Nobody has asked for it: a package of that name that holds no strategy is not run, and that is all.
      if (error instanceof UsageError) return [];
      throw error;
    }
  });
}
