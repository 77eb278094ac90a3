/** Variations are explored in all their habitats. One file of tests a family, so that vitest runs them side by side. */
import { verifyWorld } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import type { Variation } from '../src/animal.ts';

/** Wants every variation to be safe, and its worlds to be explored completely. */
export function raiseNoAlarm(variations: readonly Variation[]): void {
  describe.each(variations)('$name', ({ subject, habitats }) => {
    it.each([...new Set(habitats.map(({ world }) => world))])('is safe in $name', (world) => {
      const here = habitats.filter((habitat) => habitat.world === world);
      for (const { history, fwb } of here) {
        const found = verifyWorld(subject, world, { history, fwb });
        expect(found, `${history}, FWB ${fwb ? 'on' : 'off'}`).toMatchObject({ verdict: 'safe', complete: true });
      }
    });
  });
}
