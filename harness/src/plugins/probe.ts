/**
 * What a strategy says of itself: each is loaded once, in a worker, before the matrix is spanned, since names come from
 * the plugins themselves.
 */
import { LOG_HOOKS, type Strategy } from '@s2bench/core';
import { oneLine, UsageError } from '../cli/errors.ts';
import { partsOf, type StrategyParts } from './hooks.ts';
import { inLanes } from './lanes.ts';
import { loadStrategy } from './load.ts';
import type { StrategyLocation } from './locate.ts';
import { settle, takeRealmFault } from './realm-guard.ts';
import { baseOf } from './strategy-text.ts';
import { LOAD_LATE, LOAD_LIMIT_S } from './thread-task.ts';
import type { Threads } from './threads.ts';

/** What a strategy says of itself. */
export type StrategyMetadata = Pick<Strategy, 'name' | 'summary' | 'source' | 'walkers' | 'needs' | 'expects'>;

/** What a strategy says of itself, or why it cannot be used. */
export type StrategyProbe =
  | ({ readonly ok: true; readonly parts: StrategyParts; readonly hasHooks: boolean } & StrategyMetadata)
  | { readonly ok: false; readonly problem: string };

/** A strategy that was loaded. */
export interface KnownStrategy extends StrategyMetadata {
  readonly location: StrategyLocation;
  /** Its name without the hooks that others give it, and the names of those. */
  readonly parts: StrategyParts;
  /** It does something where logging starts or stops, by itself or by the hooks that it was given. */
  readonly hasHooks: boolean;
}

/**
 * Loads each strategy in its threads, so many at the same time.
 *
 * @throws UsageError for the first that cannot be loaded or is no strategy, or where two bear one name
 */
export async function probeStrategies(
  threads: Threads,
  locations: readonly StrategyLocation[],
  jobs: number,
): Promise<KnownStrategy[]> {
  const probes = new Map<StrategyLocation, StrategyProbe>();
  await inLanes(
    locations,
    ({ entryUrl }) => entryUrl,
    jobs,
    async (location) => {
      probes.set(location, await probeOne(threads, location));
    },
  );
  const known: KnownStrategy[] = [];
  for (const location of locations) {
    const { ok: _ok, parts, hasHooks, ...metadata } = requireUsable(location, probes.get(location));
    const { name } = metadata;
    const twin = known.find((other) => areTwins(other, name, location));
    if (twin !== undefined) {
      throw new UsageError(
        `${location.label}: is named ${name}, as ${twin.location.spec} is; give one of them another name`,
      );
    }
    known.push({ location, parts, hasHooks, ...metadata });
  }
  return known;
}

/** Whether two strategies would be taken for one: one name, or one name with different options but not of one source. */
function areTwins(known: KnownStrategy, name: string, { sourcePath }: StrategyLocation): boolean {
  return known.name === name || (baseOf(known.name) === baseOf(name) && known.location.sourcePath !== sourcePath);
}

async function probeOne(threads: Threads, { entryUrl }: StrategyLocation): Promise<StrategyProbe> {
  const pool = threads.of(entryUrl);
  // A worker's own start is not the plugin's fault: the clock runs from when it is ready.
  await pool.run(null, { name: 'ready' });
  const signal = AbortSignal.timeout(LOAD_LIMIT_S * 1000);
  try {
    return (await pool.run(entryUrl, { name: 'probe', signal })) as StrategyProbe;
  } catch (error) {
    const problem = signal.aborted ? LOAD_LATE : (threads.whyEnded(entryUrl) ?? oneLine(error));
    return { ok: false, problem };
  }
}

function requireUsable({ label }: StrategyLocation, probe: StrategyProbe | undefined): StrategyProbe & { ok: true } {
  if (probe?.ok === true) return probe;
  throw new UsageError(`${label}: ${probe?.problem ?? 'was not loaded'}`);
}

/** The worker's side of `probeStrategies`. */
export async function probe(entryUrl: string): Promise<StrategyProbe> {
  try {
    const strategy = await loadStrategy(entryUrl);
    const { name, summary, source, walkers, needs, expects } = strategy;
    await settle();
    const fault = takeRealmFault();
    if (fault !== undefined) return { ok: false, problem: fault };
    const head = {
      name,
      summary,
      source,
      ...(walkers !== undefined && { walkers }),
      ...(needs !== undefined && { needs }),
    };
    const parts = partsOf(entryUrl, name);
    const hasHooks = LOG_HOOKS.some((hook) => strategy[hook] !== undefined);
    return { ok: true, parts, hasHooks, ...head, ...(expects !== undefined && { expects }) };
  } catch (error) {
    // What it has done to the realm may be why.
    return { ok: false, problem: takeRealmFault() ?? oneLine(error) };
  }
}
