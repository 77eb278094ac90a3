/** The address of a Redis server, as users write it. */
import { UsageError } from '../../cli/errors.ts';

/** Where a Redis server is. */
export interface RedisAddress {
  readonly url: string;
  /** The option and the address, for messages: without a password. */
  readonly label: string;
  /** The address alone, without a password. */
  readonly shown: string;
}

const EXAMPLE = 'redis://127.0.0.1:6379';

/**
 * Reads an address: `redis://[[user]:password@]host[:port][/db]`, or `rediss://` for TLS.
 *
 * @param origin - the option that it stands in
 * @throws UsageError where it is none
 */
export function parseRedisAddress(text: string, origin: string): RedisAddress {
  const url = URL.parse(text);
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    // What does not parse may hold a password all the same.
    const shown = text.includes('@') ? '' : ` ${text}`;
    throw new UsageError(`${origin}${shown}: not the URL of a Redis server; write it as ${EXAMPLE} or ${EXAMPLE}/2`);
  }
  if (!/^(\/\d*)?$/.test(url.pathname)) {
    throw new UsageError(
      `${origin}: ${url.pathname.slice(1)} is no database of Redis; write its number, as in ${EXAMPLE}/2`,
    );
  }
  if (url.password !== '') url.password = '***';
  return { url: text, label: `${origin} ${url.href}`, shown: url.href };
}
