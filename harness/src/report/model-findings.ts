/** What the kernel model breaks by itself, as text for a terminal: a list, then how. */
import { breakLines } from '@s2bench/report/text';
import { type ModelFinding, renderCounterexample } from '@s2bench/verify';
import type { TextOptions } from '../cli/terminal.ts';

const INDENT = '    ';

/** The list and its counterexamples. They are no part of any strategy's verdict, and are shown once. */
export function renderModelFindings(findings: readonly ModelFinding[], options: TextOptions): string {
  const lines = findings.flatMap(({ kernel, rule, what, mendedBy, mendedModel }) => [
    ...breakLines(`  ${kernel} breaks ${rule}; mended by ${mendedBy}, as in ${mendedModel}`, options.columns, INDENT),
    ...breakLines(INDENT + what, options.columns, INDENT),
  ]);
  const shown = findings.map(({ counterexample }) => `\n${renderCounterexample(counterexample, options)}`);
  return [
    ...breakLines(
      'What the kernel model breaks with no strategy in it; no verdict on a strategy counts what every unmap runs into:',
      options.columns,
      '  ',
    ),
    ...lines,
    ...shown,
    '',
  ].join('\n');
}
