import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateSet } from './state-set.ts';

describe('StateSet', () => {
  it('holds what a set of texts holds, in the order in which it came', () => {
    const state = fc.tuple(
      fc.nat(40),
      fc.nat(3),
      fc.nat(2 ** 32 - 1).map((word) => word & 0xf000000f),
    );
    fc.assert(
      fc.property(fc.array(state, { maxLength: 400 }), (states) => {
        const set = new StateSet(3);
        const texts: string[] = [];
        for (const words of states) {
          const text = Uint32Array.from(words).join();
          expect(set.add(Uint32Array.from(words), texts.length)).toBe(!texts.includes(text));
          if (!texts.includes(text)) texts.push(text);
        }
        const read = new Uint32Array(3);
        expect(set.size).toBe(texts.length);
        for (const [index, text] of texts.entries()) {
          set.read(index, read);
          expect(read.join()).toBe(text);
          expect(set.parentOf(index)).toBe(index);
        }
      }),
    );
  });

  it('grows beyond its first table and its first chunk', () => {
    const set = new StateSet(1);
    const word = new Uint32Array(1);
    let added = 0;
    for (let value = 0; value < 200_000; value++) {
      word[0] = Math.imul(value, 0x9e3779b1);
      if (set.add(word, 0)) added++;
    }
    expect(added).toBe(200_000);
    word[0] = Math.imul(123_456, 0x9e3779b1);
    expect(set.add(word, 0)).toBe(false);
    expect(set.size).toBe(200_000);
    expect(set.bytes / set.size).toBeLessThan(24);
  });
});
