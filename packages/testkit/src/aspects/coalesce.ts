/** Whether a coalesce leaves all that was asked for, every count right, and nothing behind in TLBs, walkers and caches. */
import type { Strategy } from '@s2bench/core';
import type { Finding } from '../finding.ts';
import { mainKernels } from '../kernels.ts';
import type { Conformance } from '../options.ts';
import { coalesces, SHAPES } from '../scripts/arbitrary.ts';
import { checkScript } from '../scripts/check-script.ts';
import { firstInSmallWorlds, smallCoalesces } from '../scripts/small-worlds.ts';
import { smallestFailing } from '../scripts/smallest-failing.ts';

/** Pages of the scripts in which hardware is followed on a table of 512 entries a page: more take long, and show no more. */
const FOLLOWED_PAGES = 4;

/**
 * What hardware may hold: with 512 entries a table where a few pages are mapped, in small worlds with any. Then what is
 * mapped and counted, at every page size, and at both levels of a block that 4K pages have.
 */
export function checkCoalesce(strategy: Strategy, options: Conformance): Finding[] {
  const some = { ...options, runs: Math.ceil(options.runs / 4) };
  const half = { ...options, runs: Math.ceil(options.runs / 2) };
  const check = (script: Parameters<typeof checkScript>[2] & { readonly text: string }): Finding | undefined =>
    checkScript(strategy, script.text, script, 'coalesce');
  const [main] = mainKernels(strategy);
  if (main === undefined) throw new Error(`strategy ${strategy.name} is written for no walker`);
  const followed = smallestFailing(coalesces(SHAPES[0], main, FOLLOWED_PAGES), some, (script) =>
    check({ ...script, followsHardware: true }),
  );
  const held = followed ?? firstInSmallWorlds(smallCoalesces, options, strategy, 'coalesce');
  if (held !== undefined) return [held];
  for (const shape of SHAPES) {
    for (const kernel of mainKernels(strategy)) {
      const found = smallestFailing(coalesces(shape, kernel), half, check);
      if (found !== undefined) return [found];
    }
  }
  return [];
}
