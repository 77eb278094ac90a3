import { describe, expect, it } from 'vitest';
import { parseInteger } from './integer.ts';

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
