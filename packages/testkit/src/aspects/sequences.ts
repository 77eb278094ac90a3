/** Whether any sequence of operations does what it does under the reference. */
import type { Strategy } from '@s2bench/core';
import type { Finding } from '../finding.ts';
import type { Conformance } from '../options.ts';
import { sequences } from '../scripts/arbitrary.ts';
import { checkScript } from '../scripts/check-script.ts';
import { firstFinding } from '../scripts/first-finding.ts';

const PAGE_SIZES_BYTES = [4096, 16384];

/** Maps, unmaps and changes of rights and age, with table pages running short. */
export function checkSequences(strategy: Strategy, options: Conformance): Finding[] {
  for (const pageSizeBytes of PAGE_SIZES_BYTES) {
    const found = firstFinding(sequences(pageSizeBytes), options, (script) =>
      checkScript(strategy, script.text, script, 'sequences'),
    );
    if (found !== undefined) return [found];
  }
  return [];
}
