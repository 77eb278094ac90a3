/** `s2bench compare`: from the results that are named, or the wall times, to what differs in them. */
import type { Writable } from 'node:stream';
import {
  compareResults,
  compareWallTimes,
  comparisonDocument,
  documentsByStrategy,
  formatThreshold,
  isFailed,
  looksLikeWallTimes,
  parseThreshold,
  renderComparisonMail,
  renderComparisonMarkdown,
  renderSeveralComparisons,
  renderWallTimes,
  type ResultComparison,
  stagesOf,
  type Threshold,
  ThresholdError,
  type WallTimeComparison,
} from '@s2bench/report';
import { printable, printableJson } from '@s2bench/report/printable';
import { EXIT, knownNames, MismatchError, nearestName, UsageError } from '../cli/errors.ts';
import { type MaybeTerminal, textOptions } from '../cli/terminal.ts';
import { readText } from '../cli/files.ts';
import { readResult } from '../report/results.ts';
import { type ComparedPair, revisionPairs } from '../report/revisions.ts';
import { isSaved, readSaved, savedPath } from '../report/wall-times.ts';

/** The command's flags as commander gives them. */
export interface CompareFlags {
  readonly base?: string;
  readonly head?: string;
  readonly mergeBase?: boolean;
  /** What is compared of one result; there are the strategies alone. */
  readonly across?: 'strategy';
  readonly reference?: string;
  readonly allowMismatch?: boolean;
  readonly failOn?: readonly string[];
  readonly markdown?: boolean;
  readonly mail?: boolean;
  readonly json?: boolean;
}

/** Where the text goes: a terminal, or anything else. */
type Output = Writable & MaybeTerminal;

/**
 * Runs the command; the value is the exit code.
 *
 * @throws UsageError, MismatchError
 */
export function compare(
  results: readonly string[],
  flags: CompareFlags,
  stdout: Output = process.stdout,
  cwd = process.cwd(),
): number {
  const benches =
    flags.base === undefined && flags.across === undefined ? results.filter((name) => isWallTime(name, cwd)) : [];
  if (benches.length > 0) return compareBenches(results, benches, flags, stdout, cwd);
  const thresholds = parseThresholds(flags.failOn ?? []);
  const pairs = pairsOf(results, flags, cwd);
  requireStages(thresholds, pairs);
  const comparisons = pairs.map(({ base, head }) => compareResults(base, head, thresholds));
  // Of two revisions the code is compared, and a profile that has changed is a change like any other.
  if (flags.base === undefined && flags.allowMismatch !== true) requireAlike(comparisons);
  stdout.write(renderResults(comparisons, thresholds, flags, stdout));
  return comparisons.some(isFailed) ? EXIT.thresholdPassed : EXIT.ok;
}

function requireAlike(comparisons: readonly ResultComparison[]): void {
  for (const { base, head, differences } of comparisons) {
    const reasons = differences.flatMap(({ text, isMismatch }) => (isMismatch === true ? [text] : []));
    if (reasons.length === 0) continue;
    throw new MismatchError(
      `${base} and ${head} are different experiments: ${reasons.join('; ')}; --allow-mismatch compares them all the same`,
    );
  }
}

/** A condition on a stage that no result has would never be met. */
function requireStages(thresholds: readonly Threshold[], pairs: readonly ComparedPair[]): void {
  const stages = stagesOf(pairs.flatMap(({ base, head }) => [...base.document.cells, ...head.document.cells]));
  for (const threshold of thresholds) {
    if (threshold.kind !== 'metric' || threshold.stage === undefined || stages.length === 0) continue;
    if (stages.includes(threshold.stage)) continue;
    throw new UsageError(
      `--fail-on ${formatThreshold(threshold)}: no result has a stage ${threshold.stage}; ${knownNames(threshold.stage, stages)}`,
    );
  }
}

/** The strategy that others are set beside where nobody says another: the stock order. */
const REFERENCE = 'baseline';

function pairsOf(results: readonly string[], flags: CompareFlags, cwd: string): readonly ComparedPair[] {
  if (flags.across !== undefined) return strategyPairs(results, flags, cwd);
  if (flags.reference !== undefined)
    throw new UsageError(
      `--reference ${flags.reference}: needs --across strategy, which compares the strategies of one result`,
    );
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

/** The strategies of one result, each with the reference. */
function strategyPairs(results: readonly string[], flags: CompareFlags, cwd: string): readonly ComparedPair[] {
  const revision = (['base', 'head', 'mergeBase'] as const).find((flag) => flags[flag] !== undefined);
  if (revision !== undefined)
    throw new UsageError(
      `--across strategy: compares the strategies of one result, and --${revision === 'mergeBase' ? 'merge-base' : revision} results of revisions; leave one out`,
    );
  const [name, ...more] = results;
  if (name === undefined || more.length > 0)
    throw new UsageError(`--across strategy: name one result, not ${results.length}; its strategies are compared`);
  const documents = documentsByStrategy({ name, document: readResult(name, cwd) });
  const { reference = REFERENCE } = flags;
  const base = documents.get(reference);
  if (base === undefined)
    throw new UsageError(
      `--reference ${reference}: ${name} has no such strategy; ${knownNames(reference, [...documents.keys()])}`,
    );
  if (documents.size < 2) throw new UsageError(`--across strategy: ${name} has one strategy only, ${reference}`);
  return [...documents.values()].filter((one) => one !== base).map((head) => ({ base, head }));
}

function renderResults(
  comparisons: readonly ResultComparison[],
  thresholds: readonly Threshold[],
  { markdown, mail, json }: CompareFlags,
  stdout: Output,
): string {
  if (json === true) return `${printableJson(comparisonDocument(comparisons, thresholds), 2)}\n`;
  if (markdown === true) return renderComparisonMarkdown(comparisons);
  if (mail === true) return comparisons.map(renderComparisonMail).join('\n');
  const options = textOptions(stdout);
  // Reports of two revisions have a base each.
  const isOneBase = new Set(comparisons.map(({ base }) => base)).size === 1;
  return isOneBase
    ? renderSeveralComparisons(comparisons, options)
    : comparisons.map((comparison) => renderSeveralComparisons([comparison], options)).join('\n');
}

/**
 * Reads conditions.
 *
 * @param texts - each may hold several, separated by commas
 * @throws UsageError with the nearest name where one is unknown
 */
export function parseThresholds(texts: readonly string[]): readonly Threshold[] {
  return texts.flatMap((text) => text.split(',').map((part) => parseOne(part.trim())));
}

function parseOne(text: string): Threshold {
  try {
    return parseThreshold(text);
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    const nearest = nearestName(error.written, error.candidates);
    const suggestion = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    throw new UsageError(`--fail-on ${text === '' ? '""' : text}: ${error.message}${suggestion}`);
  }
}

/** Whether a name or a path stands for wall times. */
export function isWallTime(name: string, cwd: string): boolean {
  return isSaved(name, cwd) && looksLikeWallTimes(readText(savedPath(name, cwd), name));
}

/** Compares each with the first; the value is the exit code. */
export function compareBenches(
  names: readonly string[],
  benches: readonly string[],
  flags: CompareFlags,
  stdout: Writable,
  cwd: string,
): number {
  const simulated = names.find((name) => !benches.includes(name));
  if (simulated !== undefined) {
    throw new UsageError(
      `compare: ${benches[0] ?? ''} is wall time of a host and ${simulated} is not; the two have nothing to be compared in`,
    );
  }
  if (flags.failOn !== undefined)
    throw new UsageError(
      '--fail-on: holds simulated results to a limit; wall times of a host have none that is certain',
    );
  const [first = '', ...others] = names;
  if (others.length === 0) throw new UsageError('compare: name two sets of wall times at least');
  const base = { name: first, times: readSaved(first, cwd) };
  const comparisons = others.map((name) => compareWallTimes(base, { name, times: readSaved(name, cwd) }));
  stdout.write(renderBenches(comparisons, flags));
  return EXIT.ok;
}

function renderBenches(comparisons: readonly WallTimeComparison[], { json, markdown }: CompareFlags): string {
  if (json === true) return `${printableJson({ schemaVersion: 1, tool: 's2bench compare', comparisons }, 2)}\n`;
  const text = printable(comparisons).map(renderWallTimes).join('\n');
  return markdown === true ? `\`\`\`text\n${text}\`\`\`\n` : text;
}
