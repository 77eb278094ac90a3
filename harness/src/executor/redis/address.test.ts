import { describe, expect, it } from 'vitest';
import { parseRedisAddress } from './address.ts';

describe('parseRedisAddress', () => {
  it.each(['redis://127.0.0.1:6379', 'redis://host', 'redis://host/3', 'rediss://host:6380', 'redis://[::1]:6379'])(
    'reads %s',
    (text) => {
      expect(parseRedisAddress(text, '--redis')).toMatchObject({ url: text, shown: text, label: `--redis ${text}` });
    },
  );

  it('never shows a password', () => {
    const { url, shown, label } = parseRedisAddress('redis://me:secret@host:1/2', '--redis');
    expect(url).toContain('secret');
    expect([shown, label]).toEqual(['redis://me:***@host:1/2', '--redis redis://me:***@host:1/2']);
    expect(() => parseRedisAddress('http://me:secret@host', '--redis')).toThrow(
      /^--redis: not the URL of a Redis server/,
    );
  });

  it.each([
    ['127.0.0.1:6379', '--redis 127.0.0.1:6379: not the URL of a Redis server; write it as redis://127.0.0.1:6379'],
    ['http://host:6379', '--redis http://host:6379: not the URL of a Redis server'],
    ['redis://', '--redis redis://: not the URL of a Redis server'],
    ['', '--redis : not the URL of a Redis server'],
    ['redis://host/mine', '--redis: mine is no database of Redis; write its number'],
  ])('refuses %j', (text, message) => {
    expect(() => parseRedisAddress(text, '--redis')).toThrow(message);
  });
});
