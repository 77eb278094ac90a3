/** Says that a run is there, and heeds what workers say of it. */
import { hostname } from 'node:os';
import type { Queue } from 'bullmq';
import { UsageError } from '../../cli/errors.ts';
import { toolVersion } from '../../cli/installation.ts';
import type { ExecuteOptions, Work } from '../executor.ts';
import type { RedisLink } from './link.ts';
import { refusalsKey, runKey, RUNS_KEY } from './names.ts';
import { type Announcement, PROTOCOL_VERSION } from './payload.ts';
import { REFUSED_MS, RUN_SILENCE_MS } from './timing.ts';

/** The voice of a run. */
export class Announcer {
  readonly #link: RedisLink;
  readonly #queue: Queue;
  readonly #announcement: Announcement;
  readonly #say: ExecuteOptions['say'];
  readonly #refusals = new Map<string, string>();
  #aloneSince: number | undefined;
  #hasAsked = false;

  constructor(link: RedisLink, queue: Queue, id: string, work: Work, { say, cellTimeoutS }: ExecuteOptions) {
    this.#link = link;
    this.#queue = queue;
    this.#say = say;
    this.#announcement = announcementOf(id, work, cellTimeoutS);
  }

  /** Says that the run is there; to be said again and again. */
  async announce(): Promise<void> {
    const { client } = this.#link;
    const { id } = this.#announcement;
    await client.set(runKey(id), JSON.stringify(this.#announcement), 'PX', RUN_SILENCE_MS);
    await client.sadd(RUNS_KEY, id);
  }

  /** Says that the run is over. */
  async end(): Promise<void> {
    const { client } = this.#link;
    const { id } = this.#announcement;
    await client.set(runKey(id), JSON.stringify({ ...this.#announcement, ended: true }), 'PX', RUN_SILENCE_MS);
    await client.del(refusalsKey(id));
  }

  /**
   * Passes on why workers refuse the run, and asks for one where there is none.
   *
   * @throws UsageError where all workers refuse, and none has come that does not
   */
  async heedWorkers(finishedCells: number): Promise<void> {
    const { id } = this.#announcement;
    for (const [worker, reason] of Object.entries(await this.#link.client.hgetall(refusalsKey(id)))) {
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
        this.#say(`waiting for a worker; start one, here or elsewhere: s2bench worker --redis ${shown}`);
      this.#hasAsked ||= aloneMs > 0;
    } else if (aloneMs >= REFUSED_MS) {
      throw new UsageError(`${label}: no worker can run this; ${refusal[0]}: ${refusal[1]}`);
    }
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
