/** What the kernel model breaks by itself, as text for a terminal: a list. */
import { type ModelFinding, wrapped } from '@s2bench/verify';
import type { TextOptions } from '../cli/terminal.ts';

const INDENT = '    ';

/**
 * The list. Its counterexamples are no strategy's, and are not shown below a strategy's verdict: `--out` writes them, and
 * `--replay` shows one.
 */
export function renderModelFindings(findings: readonly ModelFinding[], options: TextOptions): string {
  const lines = findings.flatMap(({ kernel, rule, what, mendedBy, mendedModel }) => [
    `  ${kernel} breaks ${rule}; mended by ${mendedBy}, as in ${mendedModel}`,
    ...wrapped(what, options.columns - INDENT.length, '').map((line) => `${INDENT}${line}`),
  ]);
  return [
    'What the kernel model breaks with no strategy in it; no verdict on a strategy counts what every unmap runs into:',
    ...lines,
    `${INDENT}--out FOLDER writes how, a file for each, and --replay FILE shows it`,
    '',
  ].join('\n');
}
