/** What the kernel model breaks by itself, as text for a terminal: a list, then how. */
import { type ModelFinding, renderCounterexample, wrapped } from '@s2bench/verify';
import type { TextOptions } from '../cli/terminal.ts';

const INDENT = '    ';

/** The list and its counterexamples. They are no part of any strategy's verdict, and are shown once. */
export function renderModelFindings(findings: readonly ModelFinding[], options: TextOptions): string {
  const lines = findings.flatMap(({ kernel, rule, what, mendedBy, mendedModel }) => [
    `  ${kernel} breaks ${rule}; mended by ${mendedBy}, as in ${mendedModel}`,
    ...wrapped(what, options.columns - INDENT.length, '').map((line) => `${INDENT}${line}`),
  ]);
  const shown = findings.map(({ counterexample }) => `\n${renderCounterexample(counterexample, options)}`);
  return [
    'What the kernel model breaks with no strategy in it; no verdict on a strategy counts what every unmap runs into:',
    ...lines,
    ...shown,
    '',
  ].join('\n');
}
