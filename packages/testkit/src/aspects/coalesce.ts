/** Whether a coalesce ends in the block that a fresh map makes, in the right order, with every count right. */
import type { Strategy } from '@s2bench/core';
import type { Finding } from '../finding.ts';
import type { Conformance } from '../options.ts';
import { coalesces, SHAPES } from '../scripts/arbitrary.ts';
import { checkScript } from '../scripts/check-script.ts';
import { firstFinding } from '../scripts/first-finding.ts';

/** At every page size, and at both levels of a block that 4K pages have. */
export function checkCoalesce(strategy: Strategy, options: Conformance): Finding[] {
  const runs = Math.ceil(options.runs / 2);
  for (const shape of SHAPES) {
    const found = firstFinding(coalesces(shape), { ...options, runs }, (script) =>
      checkScript(strategy, script.text, script, 'coalesce'),
    );
    if (found !== undefined) return [found];
  }
  return [];
}
