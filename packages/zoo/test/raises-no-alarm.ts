/** Variations are explored in their habitats. */
import { type AnyWorld, verifySetting } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import type { Variation } from '../src/animal.ts';

/** Wants every variation to be safe in these of its worlds, and them to be explored completely. */
export function raiseNoAlarm(variations: readonly Variation[], worlds: readonly AnyWorld[]): void {
  const living = variations.filter(({ habitats }) => habitats.some(({ world }) => worlds.includes(world)));
  describe.each(living)('$name', ({ subject, habitats }) => {
    it.each(worlds.filter((world) => habitats.some((habitat) => habitat.world === world)))(
      'is safe in $name',
      (world) => {
        for (const habitat of habitats.filter((each) => each.world === world)) {
          const found = verifySetting(subject, world, habitat);
          expect(found, `${habitat.history}, FWB ${habitat.fwb ? 'on' : 'off'}`).toMatchObject({
            verdict: 'safe',
            complete: true,
          });
        }
      },
    );
  });
}
