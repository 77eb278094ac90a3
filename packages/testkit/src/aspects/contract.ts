/** Whether a strategy keeps to what it is handed. */
import type { Strategy } from '@s2bench/core';
import { parseScript, runScript } from '@s2bench/kernel/ops';
import type { Finding } from '../finding.ts';
import { ContractBreach } from '../contract-breach.ts';
import { guardContract } from '../guard-contract.ts';
import { scriptKernels } from '../kernels.ts';
import type { Conformance } from '../options.ts';
import { type RandomScript, sequences } from '../scripts/arbitrary.ts';
import { smallestFailing } from '../scripts/smallest-failing.ts';

const PAGE_BYTES = 4096;

/** No access, argument, result, clock or chance outside of the contract. */
export function checkContract(strategy: Strategy, options: Conformance): Finding[] {
  const guarded = guardContract(strategy);
  const found = smallestFailing(sequences(PAGE_BYTES, scriptKernels(strategy)), options, (script) =>
    breachIn(guarded, script),
  );
  return found === undefined ? [] : [found];
}

function breachIn(guarded: Strategy, { text, kernel, pageSizeBytes }: RandomScript): Finding | undefined {
  const script = parseScript(text);
  const operations = script.lines.filter(({ what }) => what.kind !== 'memory-cache');
  let done = 0;
  try {
    for (const _ of runScript(script, { kernel, pageSizeBytes, strategy: guarded, form: 'short' })) done++;
    return undefined;
  } catch (error) {
    const op = `${done} (${operations[done]?.text ?? 'destroy'})`;
    const about = {
      aspect: 'contract',
      rule: 'contract',
      op,
      script: { text, kernel: kernel.name, pageSizeBytes },
    } as const;
    if (error instanceof ContractBreach) return { ...about, step: error.visitor, message: error.message };
    return { ...about, message: `it throws ${String(error)}` };
  }
}
