/** Verdicts as text for a terminal. */
import { styleText } from 'node:util';
import { formatBytes, formatCount, formatTime } from '@s2bench/report';
import { renderCounterexample, type VerifyResult } from '@s2bench/verify';
import { plainTable } from '../../cli/plain-table.ts';
import type { TextOptions } from '../../cli/terminal.ts';
import type { Judgement } from '../../verify/expectation.ts';
import { shortestOfEach } from '../../verify/shortest.ts';
import { mergeAlike } from './merge-alike.ts';

const COLUMNS = [
  { label: '', align: 'left' },
  { label: 'world', align: 'left' },
  { label: 'history', align: 'left' },
  { label: 'FWB', align: 'left' },
  { label: 'verdict', align: 'left' },
  { label: 'states', align: 'right' },
  { label: 'depth', align: 'right' },
  { label: 'time', align: 'right' },
] as const;

/** The table of what was found, then the shortest counterexample of each strategy and rule. */
export function renderVerdicts(
  results: readonly VerifyResult[],
  judgements: readonly Judgement[],
  options: TextOptions,
): string {
  const rows: string[][] = [];
  const headings = new Map<number, string>();
  for (const judgement of judgements) {
    headings.set(rows.length, headingOf(judgement, options));
    for (const row of mergeAlike(results.filter(({ strategy }) => strategy === judgement.name))) {
      const verdict = paint(
        row.verdict === 'safe' ? 'green' : row.verdict === 'unsafe' ? 'red' : 'yellow',
        row.verdictText,
        options,
      );
      rows.push([
        '',
        row.world,
        row.histories,
        row.fwb,
        verdict,
        formatCount(row.states),
        String(row.depth),
        formatTime(row.elapsedMs * 1e6),
      ]);
    }
  }
  const [head = '', ...lines] = plainTable(COLUMNS, rows);
  const table = lines.flatMap((line, index) => [...(headings.has(index) ? [headings.get(index) ?? ''] : []), line]);
  const shown = shortestOfEach(results).map((each) => `\n${renderCounterexample(each, options)}`);
  return [head, ...table, '', summaryOf(results), ...shown, ''].join('\n');
}

function headingOf(
  { name, broken, breaks, isDeclared, isComplete, unexpected, missing }: Judgement,
  options: TextOptions,
): string {
  const found =
    broken.length > 0 ? `breaks ${broken.join(', ')}` : isComplete ? 'safe' : 'nothing found, not everything explored';
  const declared =
    breaks.length > 0 ? `declared to break ${breaks.join(', ')}` : isDeclared ? 'declared safe' : 'nothing declared';
  const isRight = unexpected.length + missing.length === 0;
  const asDeclared = isDeclared && isComplete && isRight && broken.length === breaks.length;
  return `${paint('bold', name, options)}: ${found}${asDeclared ? ', as declared' : ` (${declared})`}`;
}

function summaryOf(results: readonly VerifyResult[]): string {
  const states = results.reduce((sum, result) => sum + result.states, 0);
  const bytes = results.reduce((sum, result) => sum + result.states * result.bytesPerState, 0);
  return `${formatCount(states)} states, ${(bytes / states).toFixed(0)} bytes a state; the largest exploration took ${formatBytes(largestBytes(results))}`;
}

function largestBytes(results: readonly VerifyResult[]): number {
  return (
    Math.round(Math.max(...results.map(({ states, bytesPerState }) => states * bytesPerState)) / 2 ** 20) * 2 ** 20
  );
}

/** Text in colour, where it is shown in colour. */
export function paint(format: 'bold' | 'green' | 'red' | 'yellow', text: string, { color }: TextOptions): string {
  // The caller has decided about colour.
  return color ? styleText(format, text, { validateStream: false }) : text;
}
