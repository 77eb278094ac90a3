import { describe, expect, it } from 'vitest';
import { parseShard } from './parse.ts';

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
