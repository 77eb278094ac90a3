import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RedisLink } from '../src/execute/redis/link.ts';
import { parseRedisAddress } from '../src/options/values.ts';
import { NO_REDIS, RedisServer } from './fixtures/redis.ts';

const open = (url: string): Promise<RedisLink> => RedisLink.open(parseRedisAddress(url, '--executor'));

async function expectRefusal(url: string, message: RegExp): Promise<void> {
  const opening = open(url);
  await expect(opening).rejects.toThrow(message);
  await expect(opening).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.not.stringContaining('\n') as string,
  });
}

/** A server that is no Redis. */
async function serverThat(answers: (socket: Socket) => void): Promise<string> {
  const server = createServer(answers).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('RedisLink', () => {
  it('says what is wrong where nothing answers', async () => {
    await expectRefusal(
      'redis://127.0.0.1:1',
      /^--executor redis:\/\/127\.0\.0\.1:1: no Redis there \(connect ECONNREFUSED/,
    );
    await expectRefusal(
      'redis://no-such-host.invalid',
      /^--executor redis:\/\/no-such-host\.invalid: no Redis there \(getaddrinfo/,
    );
  });

  it('says what is wrong where something else answers, or nothing comes', async () => {
    await expectRefusal(
      await serverThat((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      /: what answers there is no Redis \(/,
    );
    await expectRefusal(await serverThat(() => undefined), /: what answers there is no Redis \(no answer in time\)$/);
  });

  it.skipIf(NO_REDIS)('says what is wrong where Redis does not let us in, or has no such database', async () => {
    const { url } = await RedisServer.start('--requirepass', 'secret');
    await expectRefusal(url, /: Redis does not let us in \(NOAUTH/);
    await expectRefusal(
      url.replace('//', '//:wrong@'),
      /^--executor redis:\/\/:\*\*\*@[^ ]+: Redis does not let us in \(WRONGPASS/,
    );
    await expectRefusal(`${url.replace('//', '//:secret@')}/99`, /: Redis has no database of that number/);
    const link = await open(`${url.replace('//', '//:secret@')}/1`);
    expect(await link.client.ping()).toBe('PONG');
    link.close();
  });
});
