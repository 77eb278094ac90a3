/** `s2bench rank`: which strategy, where, by how much: of results that are named, or of a matrix that is run for it. */
import type { Writable } from 'node:stream';
import {
  collectResults,
  type Ranking,
  RankingError,
  rankResults,
  renderRankingMail,
  renderRankingMarkdown,
  renderRankingTable,
  type ResultDocument,
  ResultDocumentError,
  stagesOf,
} from '@s2bench/report';
import { printableJson } from '@s2bench/report/printable';
import { EXIT, UsageError } from '../cli/errors.ts';
import { type MaybeTerminal, textOptions } from '../cli/terminal.ts';
import { LIST_KEYS } from '../options/run-flags.ts';
import type { RunSeams } from './run.ts';
import type { RunFlags } from '../options/run-request.ts';
import { parseChoice } from '../options/values.ts';
import { readResult } from '../report/results.ts';

/** The command's flags as commander gives them: those of a run, and its own. */
export interface RankFlags extends RunFlags {
  readonly reference?: string;
  readonly stage?: string;
  /** What nothing was found in up to a bound is ranked too. */
  readonly bounded?: boolean;
  /** A cost: the matrix is run again with other values of it. */
  readonly turn?: string;
  readonly markdown?: boolean;
  readonly mail?: boolean;
}

/** Where the text goes: a terminal, or anything else. */
type Output = Writable & MaybeTerminal;

/**
 * Runs the command; the value is the exit code.
 *
 * @param results - files or report folders; none: the matrix of the flags is run, with verdicts
 * @throws UsageError
 */
export async function rank(
  results: readonly string[],
  flags: RankFlags,
  stdout: Output = process.stdout,
  cwd = process.cwd(),
): Promise<number> {
  if (results.length > 0) {
    requireNoRunFlags(flags);
    return printRanking(results.join(', '), readAll(results, cwd), flags, stdout);
  }
  // Loaded only where something is run: a ranking of files comes at once.
  const { run } = await import('./run.ts');
  const { ALL_COST_NAMES } = await import('@s2bench/machine');
  const turn = flags.turn === undefined ? undefined : parseChoice(flags.turn, '--turn', 'cost', ALL_COST_NAMES);
  const publish: RunSeams['publish'] = async (document, { jobs, runAgain }) => {
    const rank = (one: ResultDocument): Ranking => ranked('the matrix', one, flags);
    if (turn === undefined) return printRanking('the matrix', document, flags, stdout);
    const { findTurns } = await import('../execute/turns.ts');
    const turns = await findTurns({ cost: turn, document, jobs, rank, runAgain });
    const { settings, ...ranking } = rank(document);
    const known = settings.map((setting, at) => ({ ...setting, reruns: [...(turns[at] ?? [])] }));
    return print({ ...ranking, settings: known }, flags, stdout);
  };
  const {
    reference: _reference,
    stage: _stage,
    bounded: _bounded,
    turn: _turn,
    markdown: _markdown,
    mail: _mail,
    json: _json,
    ...matrix
  } = flags;
  return run({ ...matrix, verify: true }, { publish });
}

/** Flags of a matrix that is run, and of how. */
const RUN_FLAGS: readonly (keyof RankFlags)[] = [...LIST_KEYS, 'preset', 'filter', 'exact', 'jobs', 'config', 'turn'];

function requireNoRunFlags(flags: RankFlags): void {
  const given = RUN_FLAGS.find((key) => flags[key] !== undefined);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag}: is for a matrix that is run; results that are named have theirs. Leave one out`);
}

function readAll(results: readonly string[], cwd: string): ResultDocument {
  if (results.filter((text) => text === '-').length > 1) throw new UsageError('rank: - can be read once only');
  const documents = results.map((name) => ({ name, document: readResult(name, cwd) }));
  try {
    return collectResults(documents);
  } catch (error) {
    if (error instanceof ResultDocumentError) throw new UsageError(error.message);
    throw error;
  }
}

function printRanking(name: string, document: ResultDocument, flags: RankFlags, stdout: Output): number {
  return print(ranked(name, document, flags), flags, stdout);
}

function ranked(name: string, document: ResultDocument, { stage, reference, bounded }: RankFlags): Ranking {
  const chosen = stage === undefined ? undefined : parseChoice(stage, '--stage', 'stage', stagesOf(document.cells));
  try {
    return rankResults(document, { reference, stage: chosen, bounded });
  } catch (error) {
    if (error instanceof RankingError) throw new UsageError(`${name}: ${error.message}`);
    throw error;
  }
}

function print(ranking: Ranking, flags: RankFlags, stdout: Output): number {
  if (flags.json === true) stdout.write(`${printableJson(ranking, 2)}\n`);
  else if (flags.markdown === true) stdout.write(renderRankingMarkdown(ranking));
  else if (flags.mail === true) stdout.write(renderRankingMail(ranking));
  else stdout.write(renderRankingTable(ranking, textOptions(stdout)));
  return EXIT.ok;
}
