/** Whether a strategy does what the kernel did that it claims to equal. */
import { type Strategy } from '@s2bench/core';
import { kernelModelOf } from '@s2bench/kernel';
import { parseScript, runScript } from '@s2bench/kernel/ops';
import type { Finding } from '../finding.ts';
import type { Conformance } from '../options.ts';
import { readVectors, VECTOR_KERNELS, type VectorKernelName, type VectorScript } from '../vectors/read.ts';

const PAGE_BYTES = 4096;

/** One script in so many is run where not all are wanted. */
const SAMPLE = 16;

/** Every op of vectors with 4K pages: results, counts, events in their order, the final table. */
export function checkVectors(strategy: Strategy, { kernels, everyVector }: Conformance): Finding[] {
  if (kernels.length === 0) return [];
  const vectors = readVectors('4k', kernels, everyVector ? 1 : SAMPLE);
  return kernels.flatMap((kernel) => {
    for (const vector of vectors) {
      const found = firstDifference(strategy, vector, kernel);
      if (found !== undefined) return [found];
    }
    return [];
  });
}

function firstDifference(
  strategy: Strategy,
  { name, script: text, expected }: VectorScript,
  kernelName: VectorKernelName,
): Finding | undefined {
  const kernel = kernelModelOf(VECTOR_KERNELS[kernelName]);
  const form = name.startsWith('named-') ? 'long' : 'short';
  const script = parseScript(text);
  const wanted = expected[kernelName];
  let at = 0;
  for (const result of runScript(script, { kernel, pageSizeBytes: PAGE_BYTES, strategy, form })) {
    const [here, there] = [JSON.stringify(result), JSON.stringify(wanted[at])];
    if (here !== there) {
      const line = script.lines.filter(({ what }) => what.kind !== 'probe' && what.kind !== 'memory-cache')[at]?.text;
      return {
        aspect: 'vectors',
        rule: 'vectors',
        op: `${at} (${line ?? 'the final table'})`,
        step: stepOf(here, there),
        message: `script ${name} of ${kernelName}: ${here.slice(0, 200)} is done, ${there.slice(0, 200)} is right`,
        script: { text, kernel: kernel.name, pageSizeBytes: PAGE_BYTES },
      };
    }
    at++;
  }
  return undefined;
}

/** Where two results part. */
function stepOf(here: string, there: string): string {
  let at = 0;
  while (at < here.length && here[at] === there[at]) at++;
  return `character ${at} of its result`;
}
