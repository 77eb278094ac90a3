import { setTimeout } from 'node:timers/promises';

/** What a promise gives, or `undefined` where it takes longer; what becomes of it later is nobody's business. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, setTimeout(milliseconds, undefined, { signal: stop.signal })]);
  } finally {
    stop.abort();
  }
}
