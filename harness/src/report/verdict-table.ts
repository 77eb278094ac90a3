/** Verdicts as text for a terminal. */
import { styleText } from 'node:util';
import { formatBytes, formatCount, formatTime } from '@s2bench/report';
import { type History, type StrategyJudgement, renderCounterexample, type VerifyResult, worldOf } from '@s2bench/verify';
import CliTable from 'cli-table3';
import type { TextOptions } from '../cli/terminal.ts';
import { shortestOfEach } from './verdicts.ts';

/** A column. */
export interface PlainColumn {
  readonly label: string;
  readonly align: 'left' | 'right';
}

const PARTS = ['top', 'bottom', 'left', 'right', 'mid'].flatMap((part) => [
  part,
  `${part}-mid`,
  `${part}-left`,
  `${part}-right`,
]);

/** Lines of a table; its columns are two blanks apart. */
export function plainTable(columns: readonly PlainColumn[], rows: readonly (readonly string[])[]): string[] {
  const table = new CliTable({
    chars: { ...Object.fromEntries(PARTS.map((part) => [part, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(({ align }) => align),
  });
  table.push(
    columns.map(({ label }) => label),
    ...rows.map((row) => [...row]),
  );
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Results of one world with one verdict. */
export interface MergedRow {
  readonly world: string;
  readonly histories: string;
  readonly fwb: string;
  readonly verdict: VerifyResult['verdict'];
  readonly verdictText: string;
  readonly states: number;
  readonly depth: number;
  readonly elapsedMs: number;
}

const ANY = 'any';

/** Merges the results of one strategy: with FWB and without first, then histories. */
export function mergeAlike(results: readonly VerifyResult[]): MergedRow[] {
  const byHistory = Map.groupBy(results, (result) => [result.world, result.history, textOf(result)].join('\n'));
  const merged = Map.groupBy([...byHistory.values()], (group) => {
    const [{ world }] = group as [VerifyResult];
    return [world, textOf(group[0] as VerifyResult), fwbOf(group)].join('\n');
  });
  return [...merged.values()].map((groups) => rowOf(groups.flat()));
}

function rowOf(results: readonly VerifyResult[]): MergedRow {
  const first = results[0] as VerifyResult;
  return {
    world: first.world,
    histories: historiesOf(first.world, [...new Set(results.map(({ history }) => history))]),
    fwb: fwbOf(results),
    verdict: first.verdict,
    verdictText: textOf(first),
    states: results.reduce((sum, { states }) => sum + states, 0),
    depth: Math.max(...results.map(({ depth }) => depth)),
    elapsedMs: results.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
  };
}

function textOf({ verdict, rule, steps }: VerifyResult): string {
  return rule === undefined ? verdict : `${verdict}: ${rule}, ${steps ?? 0} steps`;
}

function fwbOf(results: readonly VerifyResult[]): string {
  const values = new Set(results.map(({ fwb }) => fwb));
  return values.size > 1 ? ANY : values.has(true) ? 'on' : 'off';
}

function historiesOf(world: string, histories: readonly History[]): string {
  const all = worldOf(world).histories;
  return all.length > 1 && all.every((history) => histories.includes(history)) ? ANY : histories.join(', ');
}

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
  judgements: readonly StrategyJudgement[],
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
  { name, broken, breaks, isDeclared, isComplete, unexpected, missing }: StrategyJudgement,
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
