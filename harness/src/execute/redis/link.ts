/** Connections to one Redis server: the first attempt must succeed, later losses are waited out, and told. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { oneLine, UsageError } from '../../cli/errors.ts';
import type { RedisAddress } from '../../options/values.ts';

const CONNECT_LIMIT_MS = 4000;
const RECONNECT_MS = 500;
/** How long the goodbyes to a server may take. */
const GOODBYE_MS = 2000;
/** After this the socket of a server that does not say goodbye is destroyed. */
const DISCONNECT_MS = 500;
/** The oldest that BullMQ supports without reserve. */
const OLDEST_VERSION = [6, 2] as const;

/** Connections to one Redis server. */
export class RedisLink {
  readonly client: Redis;
  readonly address: RedisAddress;
  #stays = false;

  private constructor(address: RedisAddress) {
    this.address = address;
    this.client = new Redis(address.url, { ...this.#options(), lazyConnect: true });
  }

  /**
   * Connects.
   *
   * @throws UsageError in seconds, where no Redis answers there or it does not let us in
   */
  static async open(address: RedisAddress): Promise<RedisLink> {
    const link = new RedisLink(address);
    try {
      await link.#greet();
    } catch (error) {
      link.close();
      throw new UsageError(`${address.label}: ${describe(error)}`);
    }
    link.#stays = true;
    return link;
  }

  /** What BullMQ makes further connections with. Each ends with this link. */
  get connection(): ConnectionOptions {
    return { ...this.#options(), url: this.address.url };
  }

  /** Stops trying to reconnect, and drops the client. */
  close(): void {
    this.#stays = false;
    this.client.disconnect();
  }

  #options() {
    return {
      connectTimeout: CONNECT_LIMIT_MS,
      disconnectTimeout: DISCONNECT_MS,
      // Commands wait for the server to come back, however long that takes.
      maxRetriesPerRequest: null,
      retryStrategy: () => (this.#stays ? RECONNECT_MS : null),
    };
  }

  async #greet(): Promise<void> {
    let failure: Error | undefined;
    // The client tells why only here: what it throws is "Connection is closed".
    this.client.on('error', (error: Error) => (failure ??= error));
    const greeting = (async () => {
      await this.client.connect();
      return this.client.info('server');
    })();
    let server: string | undefined;
    try {
      server = await within(CONNECT_LIMIT_MS, greeting);
    } catch (error) {
      throw failure ?? error;
    }
    if (server === undefined) throw new Error('no answer in time');
    if (failure !== undefined) throw failure;
    requireVersion(server);
  }
}

function requireVersion(server: string): void {
  const [, version = '0', major = '0', minor = '0'] = /redis_version:((\d+)\.(\d+)\S*)/.exec(server) ?? [];
  const [oldestMajor, oldestMinor] = OLDEST_VERSION;
  if (Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor)) return;
  throw new Error(`Redis ${version} is too old; version ${OLDEST_VERSION.join('.')} or newer is needed`);
}

function describe(error: unknown): string {
  const line = oneLine(error);
  if (/^(NOAUTH|WRONGPASS|NOPERM)|invalid password|Authentication required/i.test(line)) {
    return `Redis does not let us in (${line.split(/[.,] | HELLO/, 1)[0] ?? line}); write redis://:PASSWORD@HOST:PORT`;
  }
  if (line.includes('DB index')) return 'Redis has no database of that number; the default has 0 to 15';
  if (/^connect|getaddrinfo|ENOTFOUND|ECONN|EHOST|EAI_AGAIN|ETIMEDOUT/.test(line))
    return `no Redis there (${line}); start one with "redis-server"`;
  if (/too old/.test(line)) return line;
  return `what answers there is no Redis (${line})`;
}

/** What a promise gives, or `undefined` where it takes longer; what becomes of it later is nobody's business. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, wait(milliseconds, undefined, { signal: stop.signal })]);
  } finally {
    stop.abort();
  }
}

/** What is to be closed of BullMQ's. */
interface Closable {
  close(): Promise<void>;
  disconnect(): Promise<void>;
}

/**
 * Says goodbye to a server that may be gone, stopped, or refuse even that: in bounded time, and whatever comes of it the
 * connections are closed. One that stays open would keep the program from ending.
 *
 * @param farewell - what is still to be done over them
 */
export async function leaveServer(closables: readonly Closable[], farewell?: () => Promise<unknown>): Promise<void> {
  const quietly = (promise: Promise<unknown>): Promise<unknown> =>
    within(
      GOODBYE_MS,
      promise.catch(() => undefined),
    );
  if (farewell !== undefined) await quietly(farewell());
  await quietly(Promise.all(closables.map((one) => one.close())));
  for (const one of closables) one.disconnect().catch(() => undefined);
}
