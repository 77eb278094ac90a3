/** `s2bench publish`: from results to the folder of a report, its history and the list of all reports. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { collectResults, type ResultDocument, ResultDocumentError, resultDocumentSchema } from '@s2bench/report';
import { EXIT, knownNames, UsageError } from '../cli/errors.ts';
import { requireWritable } from '../cli/files.ts';
import { lock, lockFolder } from '../cli/lock.ts';
import { note } from '../cli/terminal.ts';
import { looksLikePath } from '../plugins/locate.ts';
import { recoverFolder } from '../report/exchange.ts';
import { reportNames, REPORTS_FOLDER, writeIndex, writeReport, type WrittenReport } from '../report/reports.ts';
import { readResult, requireWhole } from '../report/results.ts';
import { checkoutOf } from '../report/revisions.ts';

/** The command's flags as commander gives them. */
export interface PublishFlags {
  readonly title?: string;
}

/** Runs the command; the value is the exit code. */
export function publish(
  name: string | undefined,
  results: readonly string[],
  flags: PublishFlags,
  cwd = process.cwd(),
  say: (line: string) => void = note,
): number {
  if (name !== undefined) requireName(name);
  const folder = join(cwd, REPORTS_FOLDER);
  const locks: (() => void)[] = [];
  try {
    // Before anything is read: of two that add a row to one history, one would be lost.
    if (name !== undefined || existsSync(folder)) locks.push(lock(join(folder, '.publish.lock'), REPORTS_FOLDER));
    for (const one of name === undefined ? reportNames(cwd) : [name])
      locks.push(lockFolder(join(folder, one), `${REPORTS_FOLDER}/${one}`));
    if (name !== undefined) recoverFolder(join(folder, name));
    // All is read before anything is written: a mistake leaves every report as it was.
    const documents = documentsOf(name, results, flags, cwd);
    const checkout = checkoutOf(cwd);
    for (const reportName of documents.keys())
      requireWritable(join(folder, reportName), `${REPORTS_FOLDER}/${reportName}`);
    const written = [...documents].map(([reportName, document]) => writeReport(reportName, document, checkout, cwd));
    for (const report of written) say(lineOf(report));
    if (writeIndex(cwd)) say(`${REPORTS_FOLDER}/README.md written`);
    return EXIT.ok;
  } finally {
    for (const unlock of locks.reverse()) unlock();
  }
}

function lineOf({ name, isChanged, rowCount, isNewRow }: WrittenReport): string {
  const history = `${rowCount} ${rowCount === 1 ? 'row' : 'rows'} of history`;
  return `${REPORTS_FOLDER}/${name}: ${isChanged ? 'written' : 'unchanged'}; ${history}${isNewRow ? ', the last one new' : ''}`;
}

/** Name to document of the reports that are to be written. */
function documentsOf(
  name: string | undefined,
  results: readonly string[],
  flags: PublishFlags,
  cwd: string,
): Map<string, ResultDocument> {
  const known = reportNames(cwd);
  if (name === undefined) {
    if (flags.title !== undefined) throw new UsageError('--title: needs the name of a report');
    if (known.length === 0)
      throw new UsageError(`publish: there are no reports in ${REPORTS_FOLDER}/; name one and its results`);
    return new Map(known.map((one) => [one, published(one, cwd)]));
  }
  if (results.length === 0 && !known.includes(name)) {
    throw new UsageError(
      `publish ${name}: there is no such report; ${knownNames(name, known)}; a new one needs results`,
    );
  }
  const document = results.length === 0 ? published(name, cwd) : collected(results, cwd);
  return new Map([[name, withTitle(document, flags.title)]]);
}

function published(name: string, cwd: string): ResultDocument {
  return collected([`${REPORTS_FOLDER}/${name}`], cwd);
}

function collected(specs: readonly string[], cwd: string): ResultDocument {
  const documents = specs.map((name) => ({ name, document: readResult(name, cwd) }));
  for (const { name, document } of documents) requireWhole(name, document);
  try {
    return collectResults(documents);
  } catch (error) {
    if (error instanceof ResultDocumentError) throw new UsageError(error.message);
    throw error;
  }
}

function withTitle(document: ResultDocument, title: string | undefined): ResultDocument {
  if (title === undefined) return document;
  if (title.trim() === '') throw new UsageError('--title: an empty heading; leave it out, or write one');
  // Parsed again for the order of its fields, which is that of the file.
  return resultDocumentSchema.parse({ ...document, title: title.trim() });
}

function requireName(name: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return;
  const advice = looksLikePath(name)
    ? 'the name of the report comes first, for example s2bench publish mine results.json'
    : 'for example thread-2021';
  throw new UsageError(
    `publish ${name === '' ? '""' : name}: a report's name is lower-case words joined by hyphens; ${advice}`,
  );
}
