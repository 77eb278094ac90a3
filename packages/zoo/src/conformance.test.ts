import { describe, expect, it } from 'vitest';
import { failEach, isSlow, OWN_ANIMALS, OWN_VARIATIONS, passEach } from '../test/conformance.ts';

describe('the conformance suite', () => {
  it('meets enough of both', () => {
    expect(OWN_ANIMALS.length).toBeGreaterThanOrEqual(15);
    expect(OWN_VARIATIONS.length).toBeGreaterThanOrEqual(15);
  });

  failEach(OWN_ANIMALS.filter((animal) => !isSlow(animal)));
  passEach(OWN_VARIATIONS.filter((variation) => !isSlow(variation)));
});
