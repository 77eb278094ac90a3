import { describe } from 'vitest';
import { failEach, isSlow, OWN_ANIMALS, OWN_VARIATIONS, passEach } from '../test/conformance.ts';

describe('the conformance suite', () => {
  failEach(OWN_ANIMALS.filter(isSlow));
  passEach(OWN_VARIATIONS.filter(isSlow));
});
