/** Whether a coalesce leaves all that was asked for, every count right, and nothing behind in TLBs, walkers and caches. */
import type { Strategy } from '@s2bench/core';
import type { Finding } from '../finding.ts';
import { mainKernels } from '../kernels.ts';
import type { Conformance } from '../options.ts';
import { coalesces, SHAPES } from '../scripts/arbitrary.ts';
import { checkScript } from '../scripts/check-script.ts';
import { firstInSmallWorlds, smallCoalesces } from '../scripts/small-worlds.ts';
import { smallestFailing } from '../scripts/smallest-failing.ts';

/**
 * What is mapped and counted, and what hardware may hold meanwhile, with 512 entries a table; then in small worlds, in which
 * others act too; then at every page size, and at both levels of a block that 4K pages have.
 */
export function checkCoalesce(strategy: Strategy, options: Conformance): Finding[] {
  const some = { ...options, runs: Math.ceil(options.runs / 4) };
  const half = { ...options, runs: Math.ceil(options.runs / 2) };
  const check = (script: Parameters<typeof checkScript>[2] & { readonly text: string }): Finding | undefined =>
    checkScript(strategy, script.text, script, 'coalesce');
  const [main] = mainKernels(strategy);
  if (main === undefined) throw new Error(`strategy ${strategy.name} is written for no walker`);
  const followed = smallestFailing(coalesces(SHAPES[0], main), some, check);
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
