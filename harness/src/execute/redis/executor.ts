/** Runs cells on workers anywhere, over a Redis server: the run's side. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { Queue, QueueEvents } from 'bullmq';
import { UsageError } from '../../cli/errors.ts';
import { toolVersion } from '../../cli/installation.ts';
import type { RedisAddress } from '../../options/values.ts';
import { cellKey } from '../../plan/fingerprints.ts';
import { groupAlike } from '../../plan/shards.ts';
import type { ExecuteOptions, Executor, Work } from '../cells.ts';
import { leaveServer, RedisLink } from './link.ts';
import { Refusals, watchLink } from './link-watch.ts';
import { OpenCells } from './open-cells.ts';
import {
  type Announcement,
  HEARTBEAT_MS,
  PREFIX,
  PROTOCOL_VERSION,
  queueName,
  refusalsKey,
  REFUSED_MS,
  RUN_SILENCE_MS,
  runKey,
  RUNS_KEY,
} from './protocol.ts';
import type { Seal } from './seal.ts';

/**
 * Connects to the server.
 *
 * @throws UsageError where there is none
 */
export async function redisExecutor(address: RedisAddress, seal: Seal): Promise<Executor> {
  const link = await RedisLink.open(address);
  return {
    run: (work, options) => (work.waiting.length === 0 ? Promise.resolve() : runRemotely(link, seal, work, options)),
    close: () => {
      link.close();
      return Promise.resolve();
    },
  };
}

async function runRemotely(link: RedisLink, seal: Seal, work: Work, options: ExecuteOptions): Promise<void> {
  const id = randomUUID();
  const base = { connection: link.connection, prefix: PREFIX };
  const queue = new Queue(queueName(id), base);
  const events = new QueueEvents(queueName(id), base);
  // Losses of the connection are waited out, and said by the link's watch.
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  const announcer = new Announcer({ link, seal, queue, id }, work, options);
  // Neighbours are alike, so that a worker's thread often has what the next cell needs.
  const jobs = new Map(
    groupAlike(work.waiting, 1)
      .flat()
      .map((job) => [cellKey(job, work.code), job]),
  );
  const open = new OpenCells(queue, id, seal, jobs, options.onResult);
  events.on('completed', ({ jobId, returnvalue }) => {
    open.complete(jobId, returnvalue);
  });
  events.on('failed', ({ jobId, failedReason }) => {
    open.fail(jobId, failedReason);
  });
  const stop = Promise.withResolvers<never>();
  const abort = (): void => stop.reject(options.signal.reason as Error);
  options.signal.addEventListener('abort', abort, { once: true });
  if (options.signal.aborted) abort();
  const over = new AbortController();
  void watchLink(link, options.say, over.signal);
  const refusals = new Refusals(link, options.say);
  try {
    await Promise.race([open.done, stop.promise, keepUp(announcer, open, refusals, over.signal)]);
  } finally {
    over.abort();
    options.signal.removeEventListener('abort', abort);
    open.close();
    // Where the server is gone, so is the queue.
    const isThere = link.client.status === 'ready';
    await leaveServer([queue, events], isThere ? () => takeLeave(announcer, queue) : undefined);
  }
}

/** Announces the run and holds the queue to what is open, until the run is over. */
async function keepUp(announcer: Announcer, open: OpenCells, refusals: Refusals, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      await announcer.announce();
      await open.reconcile();
      await announcer.heedWorkers(open.finished);
      refusals.done();
    } catch (error) {
      if (error instanceof UsageError) throw error;
      refusals.failed(error);
    }
    await setTimeout(HEARTBEAT_MS, undefined, { signal: over }).catch(() => undefined);
  }
}

/** Takes what is left of the run from the server; workers stop at what they do for it. */
async function takeLeave(announcer: Announcer, queue: Queue): Promise<void> {
  await announcer.end();
  await queue.obliterate({ force: true });
}

/** Whose voice it is, and where. */
interface Speaker {
  readonly link: RedisLink;
  readonly seal: Seal;
  readonly queue: Queue;
  readonly id: string;
}

/** The voice of a run. */
export class Announcer {
  readonly #link: RedisLink;
  readonly #seal: Seal;
  readonly #queue: Queue;
  readonly #announcement: Announcement;
  readonly #say: ExecuteOptions['say'];
  readonly #refusals = new Map<string, string>();
  #aloneSince: number | undefined;
  #hasAsked = false;

  constructor({ link, seal, queue, id }: Speaker, work: Work, { say, cellTimeoutS }: ExecuteOptions) {
    this.#link = link;
    this.#seal = seal;
    this.#queue = queue;
    this.#say = say;
    this.#announcement = announcementOf(id, work, cellTimeoutS);
  }

  /** Says that the run is there; to be said again and again. */
  async announce(): Promise<void> {
    const { client } = this.#link;
    const { id } = this.#announcement;
    await client.set(runKey(id), this.#sealed(this.#announcement), 'PX', RUN_SILENCE_MS);
    await client.sadd(RUNS_KEY, id);
  }

  /** Says that the run is over. */
  async end(): Promise<void> {
    const { client } = this.#link;
    const { id } = this.#announcement;
    await client.set(runKey(id), this.#sealed({ ...this.#announcement, ended: true }), 'PX', RUN_SILENCE_MS);
    await client.del(refusalsKey(id));
  }

  /**
   * Passes on why workers refuse the run, and asks for one where there is none.
   *
   * @throws UsageError where all workers refuse, and none has come that does not
   */
  async heedWorkers(finishedCells: number): Promise<void> {
    const { id } = this.#announcement;
    for (const [worker, sealed] of Object.entries(await this.#link.client.hgetall(refusalsKey(id)))) {
      const reason = this.#seal.open(sealed, ['refusal', id, worker]);
      if (reason === undefined) continue;
      if (!this.#refusals.has(worker)) this.#say(`worker ${worker} refuses: ${reason}`);
      this.#refusals.set(worker, reason);
    }
    if (finishedCells > 0 || (await this.#queue.getWorkersCount()) > 0) {
      this.#aloneSince = undefined;
      return;
    }
    this.#aloneSince ??= Date.now();
    const aloneMs = Date.now() - this.#aloneSince;
    const [refusal] = this.#refusals;
    const { shown, label } = this.#link.address;
    if (refusal === undefined) {
      if (aloneMs > 0 && !this.#hasAsked)
        this.#say(
          `waiting for a worker; start one, here or elsewhere: s2bench worker --redis ${shown}${this.#seal.isSecret ? ', with the same --secret-file' : ''}`,
        );
      this.#hasAsked ||= aloneMs > 0;
    } else if (aloneMs >= REFUSED_MS) {
      throw new UsageError(`${label}: no worker can run this; ${refusal[0]}: ${refusal[1]}`);
    }
  }

  #sealed(announcement: Announcement): string {
    return this.#seal.close(JSON.stringify(announcement), ['announcement', announcement.id, '']);
  }
}

function announcementOf(id: string, { plan, code, waiting }: Work, cellTimeoutS: number): Announcement {
  const [{ stages, exact } = { stages: [], exact: false }] = waiting;
  return {
    protocol: PROTOCOL_VERSION,
    id,
    host: hostname(),
    command: plan.command,
    tool: { version: toolVersion(), fingerprint: code.simulator },
    strategies: plan.strategies.map(({ name, location: { spec, version } }) => ({
      name,
      spec,
      ...(version !== undefined && { version }),
      fingerprint: code.strategies.get(name) ?? '',
    })),
    profiles: plan.profiles.map(({ profile }) => profile),
    stages: [...stages],
    exact,
    cellTimeoutS,
    ended: false,
  };
}
