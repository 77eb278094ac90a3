/**
 * What a strategy says of itself: each is loaded once, in a worker, before the matrix is spanned, since names come from
 * the plugins themselves.
 */
import type { Strategy } from '@s2bench/core';
import type { Piscina } from 'piscina';
import { oneLine, UsageError } from '../cli/errors.ts';
import { loadStrategy } from './load.ts';
import { LOAD_LIMIT_S } from './load-limit.ts';
import type { StrategyLocation } from './locate.ts';
import { baseOf } from './strategy-text.ts';

/** What a strategy says of itself. */
export type StrategyMetadata = Pick<Strategy, 'name' | 'summary' | 'source' | 'expects'>;

/** What a strategy says of itself, or why it cannot be used. */
export type StrategyProbe =
  ({ readonly ok: true } & StrategyMetadata) | { readonly ok: false; readonly problem: string };

/** A strategy that was loaded. */
export interface KnownStrategy extends StrategyMetadata {
  readonly location: StrategyLocation;
}

/**
 * Loads the strategies in workers of the pool.
 *
 * @throws UsageError for the first that cannot be loaded or is no strategy, or where two bear one name
 */
export async function probeStrategies(pool: Piscina, locations: readonly StrategyLocation[]): Promise<KnownStrategy[]> {
  // A worker's own start is not the plugin's fault: the clock runs from when it is ready.
  await pool.run(null, { name: 'ready' });
  const known: KnownStrategy[] = [];
  for (const location of locations) {
    const { ok: _ok, ...metadata } = await probeOne(pool, location);
    const { name } = metadata;
    const twin = known.find((other) => areTwins(other, name, location));
    if (twin !== undefined) {
      throw new UsageError(
        `${location.label}: is named ${name}, as ${twin.location.spec} is; give one of them another name`,
      );
    }
    known.push({ location, ...metadata });
  }
  return known;
}

/** Whether two strategies would be taken for one: one name, or one name with different options but not of one source. */
function areTwins(known: KnownStrategy, name: string, { sourcePath }: StrategyLocation): boolean {
  return known.name === name || (baseOf(known.name) === baseOf(name) && known.location.sourcePath !== sourcePath);
}

async function probeOne(pool: Piscina, location: StrategyLocation): Promise<StrategyProbe & { ok: true }> {
  const signal = AbortSignal.timeout(LOAD_LIMIT_S * 1000);
  let probe: StrategyProbe;
  try {
    probe = (await pool.run(location.entryUrl, { name: 'probe', signal })) as StrategyProbe;
  } catch (error) {
    const problem = signal.aborted
      ? `not loaded within ${LOAD_LIMIT_S} s; its module must not run for long`
      : oneLine(error);
    throw new UsageError(`${location.label}: ${problem}`);
  }
  if (!probe.ok) throw new UsageError(`${location.label}: ${probe.problem}`);
  return probe;
}

/** The worker's side of `probeStrategies`. */
export async function probe(entryUrl: string): Promise<StrategyProbe> {
  try {
    const { name, summary, source, expects } = await loadStrategy(entryUrl);
    return { ok: true, name, summary, source, ...(expects !== undefined && { expects }) };
  } catch (error) {
    return { ok: false, problem: oneLine(error) };
  }
}
