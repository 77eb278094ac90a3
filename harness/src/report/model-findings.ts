/** What the kernel model breaks by itself, as text for a terminal: a list, then how. */
import { type ModelFinding, renderCounterexample } from '@s2bench/verify';
import type { TextOptions } from '../cli/terminal.ts';

const INDENT = '    ';

/** A sentence as lines of at most so many characters, where its words allow. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The list and its counterexamples. They are no part of any strategy's verdict, and are shown once. */
export function renderModelFindings(findings: readonly ModelFinding[], options: TextOptions): string {
  const lines = findings.flatMap(({ kernel, rule, what, mendedBy, mendedModel }) => [
    `  ${kernel} breaks ${rule}; mended by ${mendedBy}, as in ${mendedModel}`,
    ...wrapped(what, options.columns - INDENT.length).map((line) => `${INDENT}${line}`),
  ]);
  const shown = findings.map(({ counterexample }) => `\n${renderCounterexample(counterexample, options)}`);
  return [
    'What the kernel model breaks with no strategy in it; no verdict on a strategy counts what every unmap runs into:',
    ...lines,
    ...shown,
    '',
  ].join('\n');
}
