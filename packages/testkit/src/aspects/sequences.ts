/** Whether any sequence of operations leaves what it has to, and breaks no safety rule on the way. */
import type { Strategy } from '@s2bench/core';
import type { Finding } from '../finding.ts';
import { scriptKernels } from '../kernels.ts';
import type { Conformance } from '../options.ts';
import { sequences } from '../scripts/arbitrary.ts';
import { checkScript } from '../scripts/check-script.ts';
import { firstInSmallWorlds, smallSequences } from '../scripts/small-worlds.ts';
import { smallestFailing } from '../scripts/smallest-failing.ts';

const PAGE_SIZES_BYTES = [4096, 16384];

/** Maps, unmaps and changes of rights and age, with table pages running short; then faults and the host, in small worlds. */
export function checkSequences(strategy: Strategy, options: Conformance): Finding[] {
  for (const pageSizeBytes of PAGE_SIZES_BYTES) {
    const found = smallestFailing(sequences(pageSizeBytes, scriptKernels(strategy)), options, (script) =>
      checkScript(strategy, script.text, script, 'sequences'),
    );
    if (found !== undefined) return [found];
  }
  const small = firstInSmallWorlds(smallSequences, options, strategy, 'sequences');
  return small === undefined ? [] : [small];
}
