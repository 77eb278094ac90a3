/** Whether a strategy does the same each time: alone, and after it did something else. */
import type { Strategy } from '@s2bench/core';
import { parseScript, runScript } from '@s2bench/kernel/ops';
import * as fc from 'fast-check';
import type { Finding } from '../finding.ts';
import { scriptKernels } from '../kernels.ts';
import type { Conformance } from '../options.ts';
import { type RandomScript, sequences } from '../scripts/arbitrary.ts';

const PAGE_BYTES = 4096;

/** A strategy that remembers something from one map, or from one table, to the next is found here. */
export function checkDeterminism(strategy: Strategy, { runs, seed }: Conformance): Finding[] {
  const scripts = fc.sample(sequences(PAGE_BYTES, scriptKernels(strategy)), { numRuns: runs, seed });
  const first = scripts.map((script) => resultsOf(strategy, script));
  for (const [index, script] of [...scripts.entries()].reverse()) {
    const again = resultsOf(strategy, script);
    const before = first[index] ?? [];
    const at = before.findIndex((line, op) => line !== again[op]);
    if (at < 0) continue;
    const { text, kernel, pageSizeBytes } = script;
    const line = parseScript(text).lines.filter(({ what }) => what.kind !== 'memory-cache')[at]?.text;
    return [
      {
        aspect: 'determinism',
        rule: 'determinism',
        op: `${at} (${line ?? 'the final table'})`,
        step: 'second run',
        message: `it does ${again[at] ?? 'nothing'}, where it did ${before[at] ?? 'nothing'} before: it remembers something from one run to the next`,
        script: { text, kernel: kernel.name, pageSizeBytes },
      },
    ];
  }
  return [];
}

function resultsOf(strategy: Strategy, { text, kernel, pageSizeBytes }: RandomScript): string[] {
  return [...runScript(parseScript(text), { kernel, pageSizeBytes, strategy, form: 'short' })].map((result) =>
    JSON.stringify(result),
  );
}
