import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSize, parseInteger, parseRedisAddress, parseShard, parseSize } from './values.ts';

const RANGE = { min: 1, max: 512, example: 20 };

describe('parseInteger', () => {
  it('reads what is in range', () => {
    expect(parseInteger('1', '--vcpus', RANGE)).toBe(1);
    expect(parseInteger('512', '--vcpus', RANGE)).toBe(512);
  });

  it.each(['0', '513', '-1', '1.5', '1e2', ' 3', 'x', '0x10'])('refuses %s', (text) => {
    expect(() => parseInteger(text, '--vcpus', RANGE)).toThrow(
      `--vcpus ${text}: must be a whole number from 1 to 512, for example 20`,
    );
  });

  it('names no upper limit where there is none', () => {
    const range = { min: 0, max: Number.MAX_SAFE_INTEGER, example: 1 };
    expect(() => parseInteger('-2', '--seed', range)).toThrow('from 0 up');
    expect(() => parseInteger('9007199254740993', '--seed', range)).toThrow('--seed 9007199254740993');
  });
});

describe('parseSize', () => {
  it.each([
    ['4K', 4096],
    ['2m', 2 ** 21],
    ['20G', 20 * 2 ** 30],
    ['1T', 2 ** 40],
    ['1536M', 1536 * 2 ** 20],
  ])('reads %s', (text, sizeBytes) => {
    expect(parseSize(text, '--memory')).toBe(sizeBytes);
  });

  it.each([
    ['20', '--memory 20: a size needs a unit (K, M, G or T), for example 20G'],
    ['1Q', '--memory 1Q: unknown unit Q; the units are K, M, G and T, for example 1G'],
    ['1GB', '--memory 1GB: unknown unit GB; the units are K, M, G and T, for example 1G'],
    ['0G', '--memory 0G: must be more than nothing, for example 1G'],
    ['1.5G', '--memory 1.5G: not a size; write a whole number and a unit, for example 20G'],
    ['-1G', '--memory -1G: not a size; write a whole number and a unit, for example 20G'],
    ['99999T', "--memory 99999T: larger than any guest; a guest's address space ends at 256T"],
  ])('refuses %s', (text, message) => {
    expect(() => parseSize(text, '--memory')).toThrow(message);
  });
});

describe('formatSize', () => {
  it('takes the largest unit that leaves a whole number', () => {
    expect(formatSize(2 ** 30)).toBe('1G');
    expect(formatSize(1536 * 2 ** 20)).toBe('1536M');
    expect(formatSize(4095)).toBe('4095');
  });

  it('is what parseSize reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (kibibytes) => {
        expect(parseSize(formatSize(kibibytes * 1024), '')).toBe(kibibytes * 1024);
      }),
    );
  });
});

describe('parseShard', () => {
  it('reads a part of a whole', () => {
    expect(parseShard('1/1')).toEqual({ index: 1, count: 1 });
    expect(parseShard('8/8')).toEqual({ index: 8, count: 8 });
  });

  it.each([
    ['9/8', '--shard 9/8: with 8 shards the first number must be from 1 to 8'],
    ['0/8', '--shard 0/8: with 8 shards the first number must be from 1 to 8'],
    ['1/0', '--shard 1/0: the number of shards must be from 1 to 10000, for example 3/8'],
    ['3', '--shard 3: must be INDEX/COUNT, for example 3/8'],
    ['', '--shard : must be INDEX/COUNT, for example 3/8'],
    ['-1/8', '--shard -1/8: must be INDEX/COUNT, for example 3/8'],
    ['1.5/8', '--shard 1.5/8: must be INDEX/COUNT, for example 3/8'],
  ])('refuses %j', (text, message) => {
    expect(() => parseShard(text)).toThrow(message);
  });
});

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
