/** `s2bench compare`: from the results that are named to what differs in them. */
import type { Writable } from 'node:stream';
import {
  comparisonDocument,
  compareResults,
  isFailed,
  renderComparisonMail,
  renderComparisonMarkdown,
  renderComparisonTable,
  type ResultComparison,
  type Threshold,
} from '@s2bench/report';
import { EXIT } from '../../cli/exit-codes.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { readResult } from '../../results/read-result.ts';
import { compareBenches, isWallTime, type WallTimeFlags } from './benches.ts';
import { type ComparedPair, revisionPairs } from './revisions.ts';
import { parseThresholds } from './thresholds.ts';

/** The command's flags as commander gives them. */
export interface CompareFlags extends WallTimeFlags {
  readonly base?: string;
  readonly head?: string;
  readonly mergeBase?: boolean;
  readonly mail?: boolean;
}

/** Columns of a table that goes to a file or a pipe. */
const DEFAULT_COLUMNS = 120;

/** Where the text goes: a terminal, or anything else. */
type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; hasColors?(): boolean };

/** Runs the command; the value is the exit code. */
export function compare(
  results: readonly string[],
  flags: CompareFlags,
  stdout: Output = process.stdout,
  cwd = process.cwd(),
): number {
  const benches = flags.base === undefined ? results.filter((name) => isWallTime(name, cwd)) : [];
  if (benches.length > 0) return compareBenches(results, benches, flags, stdout, cwd);
  const thresholds = parseThresholds(flags.failOn ?? []);
  const comparisons = pairsOf(results, flags, cwd).map(({ base, head }) => compareResults(base, head, thresholds));
  stdout.write(render(comparisons, thresholds, flags, stdout));
  return comparisons.some(isFailed) ? EXIT.thresholdPassed : EXIT.ok;
}

function pairsOf(results: readonly string[], flags: CompareFlags, cwd: string): readonly ComparedPair[] {
  if (flags.base !== undefined) {
    return revisionPairs(
      { base: flags.base, head: flags.head, fromMergeBase: flags.mergeBase ?? false, reports: results },
      cwd,
    );
  }
  if (flags.head !== undefined)
    throw new UsageError(`--head ${flags.head}: needs --base, the revision to compare with`);
  if (flags.mergeBase === true) throw new UsageError('--merge-base: needs --base, the revision to compare with');
  const [first, ...others] = results;
  if (first === undefined || others.length === 0) {
    throw new UsageError(
      'compare: name two results at least, for example s2bench compare before.json after.json, or a revision with --base',
    );
  }
  if (results.filter((text) => text === '-').length > 1) throw new UsageError('compare: - can be read once only');
  const base = { name: first, document: readResult(first, cwd) };
  return others.map((name) => ({ base, head: { name, document: readResult(name, cwd) } }));
}

function render(
  comparisons: readonly ResultComparison[],
  thresholds: readonly Threshold[],
  { markdown, mail, json }: CompareFlags,
  stdout: Output,
): string {
  if (json === true) return `${JSON.stringify(comparisonDocument(comparisons, thresholds), null, 2)}\n`;
  if (markdown === true) return renderComparisonMarkdown(comparisons);
  if (mail === true) return comparisons.map(renderComparisonMail).join('\n');
  const isTerminal = stdout.isTTY === true;
  const options = {
    columns: isTerminal && stdout.columns !== undefined && stdout.columns > 0 ? stdout.columns : DEFAULT_COLUMNS,
    color: isTerminal && stdout.hasColors?.() === true,
  };
  return comparisons.map((comparison) => renderComparisonTable(comparison, options)).join('\n');
}
