/**
 * Variations in generated worlds: nobody picked these for them. Each is explored in one world of seven, every world by several of
 * them; in all where there is time, S2BENCH_LONG=1.
 */
import { GENERATED_WORLDS, verifySetting } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { VARIATIONS } from './index.ts';

/** Worlds of neighbouring numbers have few parameters in common, and so have those that are seven apart. */
const ONE_IN = process.env['S2BENCH_LONG'] === '1' ? 1 : 7;

describe.each(VARIATIONS.map((variation, at) => ({ ...variation, at })))('$name', ({ subject, habitats, at }) => {
  const arch = habitats[0]?.arch;
  const worlds = GENERATED_WORLDS.filter((_, index) => index % ONE_IN === at % ONE_IN);
  it.each(worlds)('raises no alarm in $name', (world) => {
    for (const history of world.histories)
      for (const fwb of [false, true])
        expect(
          verifySetting(subject, world, { history, fwb, ...(arch && { arch }) }),
          `${history}, FWB ${fwb ? 'on' : 'off'}`,
        ).toMatchObject({ verdict: 'safe', complete: true });
  });
});
