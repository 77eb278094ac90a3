/** Runs cells on workers anywhere, over a Redis server: the run's side. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Queue, QueueEvents } from 'bullmq';
import { UsageError } from '../../cli/errors.ts';
import type { RedisAddress } from '../../options/values.ts';
import { cellKey } from '../../plan/fingerprints.ts';
import { groupAlike } from '../../plan/shards.ts';
import type { ExecuteOptions, Executor, Work } from '../executor.ts';
import { Announcer } from './announce.ts';
import { RedisLink } from './link.ts';
import { PREFIX, queueName } from './names.ts';
import { OpenCells } from './open-cells.ts';
import { GOODBYE_MS, HEARTBEAT_MS } from './timing.ts';
import { watchLink } from './watch-link.ts';
import { within } from './within.ts';

/**
 * Connects to the server.
 *
 * @throws UsageError where there is none
 */
export async function redisExecutor(address: RedisAddress): Promise<Executor> {
  const link = await RedisLink.open(address);
  return {
    run: (work, options) => (work.waiting.length === 0 ? Promise.resolve() : runRemotely(link, work, options)),
    close: () => {
      link.close();
      return Promise.resolve();
    },
  };
}

async function runRemotely(link: RedisLink, work: Work, options: ExecuteOptions): Promise<void> {
  const id = randomUUID();
  const base = { connection: link.connection, prefix: PREFIX };
  const queue = new Queue(queueName(id), base);
  const events = new QueueEvents(queueName(id), base);
  // Losses of the connection are waited out, and said by the link's watch.
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  const announcer = new Announcer(link, queue, id, work, options);
  // Neighbours are alike, so that a worker's thread often has what the next cell needs.
  const jobs = new Map(
    groupAlike(work.waiting, 1)
      .flat()
      .map((job) => [cellKey(job, work.code), job]),
  );
  const open = new OpenCells(queue, jobs, options.onResult);
  events.on('completed', ({ jobId, returnvalue }) => {
    open.complete(jobId, returnvalue);
  });
  events.on('failed', ({ jobId, failedReason }) => {
    open.fail(jobId, failedReason);
  });
  const stopWatching = watchLink(link, options.say);
  const stop = Promise.withResolvers<never>();
  const abort = (): void => stop.reject(options.signal.reason as Error);
  options.signal.addEventListener('abort', abort, { once: true });
  if (options.signal.aborted) abort();
  const over = new AbortController();
  try {
    await Promise.race([open.done, stop.promise, keepUp(announcer, open, over.signal)]);
  } finally {
    over.abort();
    options.signal.removeEventListener('abort', abort);
    stopWatching();
    open.close();
    // Where the server is gone, so is the queue.
    if (link.client.status === 'ready') await within(GOODBYE_MS, takeLeave(announcer, queue));
    await within(GOODBYE_MS, Promise.all([queue.close(), events.close()]));
  }
}

/** Announces the run and holds the queue to what is open, until the run is over. */
async function keepUp(announcer: Announcer, open: OpenCells, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      await announcer.announce();
      await open.reconcile();
      await announcer.heedWorkers(open.finished);
    } catch (error) {
      // A server that is just coming back answers with errors for a while.
      if (error instanceof UsageError) throw error;
    }
    await setTimeout(HEARTBEAT_MS, undefined, { signal: over }).catch(() => undefined);
  }
}

/** Takes what is left of the run from the server; workers stop at what they do for it. */
async function takeLeave(announcer: Announcer, queue: Queue): Promise<void> {
  await announcer.end();
  await queue.obliterate({ force: true });
}
