/** All worlds of what lives under the read side of mmu_lock. */
import { verifySetting } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { SHARED_ANIMALS, SHARED_VARIATIONS } from '../index.ts';

describe.each(SHARED_VARIATIONS)('$name', ({ subject, habitats }) => {
  it.each(habitats)('raises no alarm in $world.name, FWB $fwb', (habitat) => {
    expect(verifySetting(subject, habitat.world, habitat)).toMatchObject({ verdict: 'safe', complete: true });
  });
});

it.each(SHARED_ANIMALS)('$name is caught by $rule', ({ subject, rule, habitat }) => {
  expect(verifySetting(subject, habitat.world, habitat)).toMatchObject({ verdict: 'unsafe', rule });
});
