/** Works for all runs that come, until it is stopped. */
import { setTimeout } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { oneLine } from '../../cli/errors.ts';
import type { PoolOptions } from '../pool.ts';
import { leaveServer, type RedisLink } from './link.ts';
import { Refusals, watchLink } from './link-watch.ts';
import { findRuns, type HeardRun, POLL_MS, PREFIX, queueName, refusalsKey, RUN_SILENCE_MS } from './protocol.ts';
import type { AllowedStrategy } from './allowed.ts';
import type { Seal } from './seal.ts';
import { matchRun, ServedRun } from './served-run.ts';

/** Why a worker goes from a run that goes on. */
const LEFT = 'left';

/** How a worker works. */
export interface ServeOptions {
  /** As messages on the run's side name it. */
  readonly name: string;
  readonly pool: PoolOptions;
  readonly allowed: readonly AllowedStrategy[];
  readonly seal: Seal;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Works for all runs that come, until the signal. */
export async function serve(link: RedisLink, options: ServeOptions): Promise<void> {
  const { signal, say } = options;
  const served = new Map<string, { run: ServedRun; heardAt: number }>();
  const refused = new Set<string>();
  const leave = async (id: string, run: ServedRun, why: string): Promise<void> => {
    served.delete(id);
    await run.close();
    if (why !== LEFT) await clearAway(link, id);
    say(`${nameOf(run.announcement)}: ${why}; cells finished here: ${run.finished}`);
  };
  const over = new AbortController();
  void watchLink(link, say, over.signal);
  const refusals = new Refusals(link, say);
  try {
    while (!signal.aborted) {
      const runs = await listen(link, refusals, options);
      const now = Date.now();
      for (const [id, heard] of runs ?? []) {
        const mine = served.get(id);
        if (typeof heard === 'object' && heard.ended) {
          if (mine !== undefined) await leave(id, mine.run, 'over');
        } else if (mine !== undefined) {
          mine.heardAt = now;
        } else if (!refused.has(id)) {
          const run = join(id, heard, link, options);
          if (run === undefined) refused.add(id);
          else served.set(id, { run, heardAt: now });
        }
      }
      for (const [id, { run, heardAt }] of runs === undefined ? [] : served) {
        if (now - heardAt <= RUN_SILENCE_MS) continue;
        await leave(id, run, 'nobody waits for it any more');
      }
      const each = Math.max(1, Math.floor(options.pool.jobs / Math.max(1, served.size)));
      for (const { run } of served.values()) run.concurrency = each;
      await setTimeout(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    over.abort();
    await Promise.all([...served].map(([id, { run }]) => leave(id, run, LEFT)));
  }
}

/** What runs say; nothing where the server says errors, as it does while it is coming back, or the signal is faster. */
async function listen(
  { client }: RedisLink,
  refusals: Refusals,
  { seal, signal }: ServeOptions,
): Promise<Map<string, HeardRun> | undefined> {
  const stopped = Promise.withResolvers<undefined>();
  const stop = (): void => stopped.resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const runs = await Promise.race([findRuns(client, seal), stopped.promise]);
    if (runs !== undefined) refusals.done();
    return runs;
  } catch (error) {
    refusals.failed(error);
    return undefined;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function join(id: string, heard: HeardRun, link: RedisLink, options: ServeOptions): ServedRun | undefined {
  const { name, pool, say, allowed, seal } = options;
  if (heard === 'of a stranger') {
    // Not a word to it: who does not know the secret learns nothing of this machine, not even that it is there.
    say(`refuses run ${shortId(id)}: it does not bear the secret of --secret-file`);
    return undefined;
  }
  const match = matchOrSay(heard, allowed);
  if ('problem' in match) {
    say(`refuses ${heard === 'not understood' ? `run ${shortId(id)}` : nameOf(heard)}: ${match.problem}`);
    const told = seal.isSecret ? match.problem : UNTOLD;
    // Nobody waits for the answer: the server may refuse to keep it, or be gone, and a worker has other runs.
    link.client
      .multi()
      .hset(refusalsKey(id), name, seal.close(told, ['refusal', id, name]))
      .pexpire(refusalsKey(id), RUN_SILENCE_MS)
      .exec()
      .catch(() => undefined);
    return undefined;
  }
  say(`${nameOf(match.run)}: joined`);
  return new ServedRun(match, link, seal, { ...pool, name });
}

/** As {@link matchRun}: what nobody has thought of in an announcement takes no worker down. */
function matchOrSay(...args: Parameters<typeof matchRun>): ReturnType<typeof matchRun> {
  try {
    return matchRun(...args);
  } catch (error) {
    return { problem: `cannot be compared with what is here: ${oneLine(error)}` };
  }
}

/** All that a run hears of a worker's reason, where anybody could have started it. */
const UNTOLD = 'it has not the code of this run; why stands where it runs, and here where both have a --secret-file';

/** Removes what is left of a run: all of it if it was killed, else what workers wrote while it ended. */
async function clearAway(link: RedisLink, id: string): Promise<void> {
  const queue = new Queue(queueName(id), { connection: link.connection, prefix: PREFIX, skipMetasUpdate: true });
  queue.on('error', () => undefined);
  await leaveServer([queue], () => queue.obliterate({ force: true }));
}

function nameOf({ id, host, command }: { id: string; host: string; command: string }): string {
  return `run ${shortId(id)} of ${host} (${command})`;
}

function shortId(id: string): string {
  return id.slice(0, 8);
}
