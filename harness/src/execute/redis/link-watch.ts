/** What the user is told of a Redis server while a run or a worker depends on it. */
import { setTimeout as wait } from 'node:timers/promises';
import { oneLine } from '../../cli/errors.ts';
import type { RedisLink } from './link.ts';

/** Restarts take less than this; what takes longer is worth a line. */
const SILENT_MS = 3000;
/** How often the server is asked whether it is there. One that was stopped keeps its connections. */
const PING_MS = 1000;

/** Tells when the server answers no more, and when it does again, until the signal. */
export async function watchLink(
  { client, address }: RedisLink,
  say: (line: string) => void,
  over: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => over.aborted;
  const stopped = new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }));
  while (!isOver()) {
    const told = { isGone: false };
    const timer = setTimeout(() => {
      told.isGone = true;
      say(`${address.shown}: Redis does not answer; waiting for it`);
    }, SILENT_MS);
    // Where the connection is lost, the answer comes over the next one. An error is an answer too.
    await Promise.race([stopped, client.ping().catch(() => undefined)]);
    clearTimeout(timer);
    if (told.isGone && !isOver()) say(`${address.shown}: Redis is back`);
    await wait(PING_MS, undefined, { signal: over }).catch(() => undefined);
  }
}

/** Tells what the server refuses, where it goes on with that: one that is just coming back answers with errors too. */
export class Refusals {
  readonly #shown: string;
  readonly #say: (line: string) => void;
  #since: number | undefined;
  #isTold = false;

  constructor({ address }: RedisLink, say: (line: string) => void) {
    this.#shown = address.shown;
    this.#say = say;
  }

  /** Something that was asked of the server has failed. */
  failed(error: unknown): void {
    // Losses of the connection are told by whoever watches it.
    if (!(error instanceof Error) || error.name !== 'ReplyError') return;
    this.#since ??= Date.now();
    if (this.#isTold || Date.now() - this.#since < SILENT_MS) return;
    this.#isTold = true;
    this.#say(`${this.#shown}: Redis refuses what it is asked (${oneLine(error)}); trying on`);
  }

  /** It has done all that was asked. */
  done(): void {
    this.#since = undefined;
    if (this.#isTold) this.#say(`${this.#shown}: Redis takes it again`);
    this.#isTold = false;
  }
}
