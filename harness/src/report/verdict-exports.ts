/** Verdicts for other programs: CSV for spreadsheets, KTAP for what reads kernel tests, Markdown for a pull request. */
import { formatCount, formatTime, renderMarkdownTable } from '@s2bench/report';
import type { StrategyJudgement, VerifyResult } from '@s2bench/verify';
import { stringify } from 'csv-stringify/sync';
import type { VerifyRequest } from '../options/verify-request.ts';
import { inKtapLine } from './exports.ts';

/** What a result is held against. */
type Judged = Pick<StrategyJudgement, 'name' | 'breaks'>;

/** Writes what was found in a format; of each strategy under each kernel model there is one judgement. */
export function exportVerdicts(
  results: readonly VerifyResult[],
  judgements: readonly Judged[],
  format: NonNullable<VerifyRequest['format']>,
): string {
  if (format === 'csv') return csvOf(results);
  return format === 'ktap' ? ktapOf(results, judgements) : markdownOf(results);
}

/** Columns of CSV, named as the fields of `s2bench verify --json`. */
const FIELDS = [
  'strategy',
  'kernel',
  'arch',
  'world',
  'history',
  'fwb',
  'verdict',
  'rule',
  'steps',
  'states',
  'depth',
  'elapsedMs',
  'finding',
] as const satisfies readonly (keyof VerifyResult)[];

function csvOf(results: readonly VerifyResult[]): string {
  const rows = results.map((result) => FIELDS.map((field) => String(result[field] ?? '')));
  return stringify([[...FIELDS], ...rows]);
}

/**
 * A test for each world: failed where a rule is broken, XFAIL where the strategy declares that it breaks it, TIMEOUT
 * where a bound was met first. The directives are those of Documentation/dev-tools/ktap.rst of Linux.
 */
function ktapOf(results: readonly VerifyResult[], judgements: readonly Judged[]): string {
  const lines = results.map((result, at) => {
    const { strategy, kernel, world, history, fwb, verdict, rule, steps } = result;
    const setting = { strategy, kernel, world, history, fwb: fwb ? 'on' : 'off' };
    const name = Object.entries(setting)
      .map(([key, value]) => `${key}=${inKtapLine(value)}`)
      .join(' ');
    const number = at + 1;
    if (verdict === 'safe') return `ok ${number} ${name}`;
    if (verdict === 'incomplete') return `not ok ${number} ${name} # TIMEOUT a bound was met before all was explored`;
    const said = `breaks ${rule ?? 'a rule'}${steps === undefined ? '' : ` in ${steps} steps`}`;
    const isDeclared = judgements.some(({ name: judged, breaks }) => {
      return judged === strategy && rule !== undefined && breaks.includes(rule);
    });
    return `not ok ${number} ${name} # ${isDeclared ? `XFAIL ${said}, as declared` : `unsafe: ${said}`}`;
  });
  return ['KTAP version 1', `1..${results.length}`, ...lines, ''].join('\n');
}

const COLUMNS = [
  { label: 'strategy', align: 'left' },
  { label: 'kernel', align: 'left' },
  { label: 'world', align: 'left' },
  { label: 'history', align: 'left' },
  { label: 'FWB', align: 'left' },
  { label: 'verdict', align: 'left' },
  { label: 'states', align: 'right' },
  { label: 'time', align: 'right' },
] as const;

function markdownOf(results: readonly VerifyResult[]): string {
  return renderMarkdownTable(
    COLUMNS,
    results.map(({ strategy, kernel, world, history, fwb, verdict, rule, steps, states, elapsedMs }) => [
      strategy,
      kernel,
      world,
      history,
      fwb ? 'on' : 'off',
      [rule === undefined ? verdict : `${verdict}: ${rule}`, ...(steps === undefined ? [] : [`${steps} steps`])].join(
        ', ',
      ),
      formatCount(states),
      formatTime(elapsedMs * 1e6),
    ]),
  );
}
