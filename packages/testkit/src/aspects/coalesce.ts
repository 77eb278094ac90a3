/** Whether a coalesce leaves all that was asked for, every count right, and nothing behind in TLBs, walkers and caches. */
import type { Strategy } from '@s2bench/core';
import type { Finding } from '../finding.ts';
import type { Conformance } from '../options.ts';
import { coalesces, SHAPES } from '../scripts/arbitrary.ts';
import { checkScript } from '../scripts/check-script.ts';
import { firstInSmallWorlds, smallCoalesces } from '../scripts/small-worlds.ts';
import { smallestFailing } from '../scripts/smallest-failing.ts';

/** At every page size, and at both levels of a block that 4K pages have; then what hardware may hold, in small worlds. */
export function checkCoalesce(strategy: Strategy, options: Conformance): Finding[] {
  const runs = Math.ceil(options.runs / 2);
  const real = SHAPES.flatMap(
    (shape) =>
      smallestFailing(coalesces(shape), { ...options, runs }, (script) =>
        checkScript(strategy, script.text, script, 'coalesce'),
      ) ?? [],
  ).slice(0, 1);
  const small = firstInSmallWorlds(smallCoalesces, options, strategy, 'coalesce');
  return small === undefined ? real : [...real, small];
}
