/** The folder of the published reports: each with its history, and the list of all. */
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import {
  appendRow,
  type Checkout,
  historyRow,
  type HistoryRow,
  historyText,
  parseHistory,
  renderHistory,
  renderReportIndex,
  type ResultDocument,
  ResultDocumentError,
  titleOf,
} from '@s2bench/report';
import { UsageError } from '../cli/errors.ts';
import { onDisk, readText, writeTogether } from '../cli/files.ts';
import { insideFolder } from '../cli/inside-folder.ts';
import { exchangeFolder } from './exchange.ts';
import { readResult, reportFiles, RESULT_FILE } from './results.ts';

/** Its name, below the folder that a command runs in. */
export const REPORTS_FOLDER = 'reports';

/** Names of the reports that are there, sorted. */
export function reportNames(cwd: string): readonly string[] {
  const folder = join(cwd, REPORTS_FOLDER);
  if (!existsSync(folder)) return [];
  const entries = onDisk(REPORTS_FOLDER, 'cannot be read', () => readdirSync(folder, { withFileTypes: true }));
  const names = entries.filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => name)
    .filter((name) => existsSync(join(folder, name, RESULT_FILE)))
    .sort();
}

/** The path of a report's document, as Git writes it. */
export function resultPath(reportName: string): string {
  return posix.join(REPORTS_FOLDER, reportName, RESULT_FILE);
}

/** The file of a history, and its page. */
export const HISTORY_FILE = 'history.ndjson';
export const HISTORY_PAGE = 'HISTORY.md';

/** What has been done. */
export interface WrittenReport {
  readonly name: string;
  /** Whether a file is another than before. */
  readonly isChanged: boolean;
  readonly rowCount: number;
  readonly isNewRow: boolean;
}

/**
 * Writes the files of a report, all or none, and only where one has changed.
 *
 * @throws UsageError where its history is broken
 */
export function writeReport(name: string, document: ResultDocument, checkout: Checkout, cwd: string): WrittenReport {
  const folder = join(cwd, REPORTS_FOLDER, name);
  const before = readHistory(name, cwd);
  const rows = appendRow(before, historyRow(document, checkout));
  const files = publishedFiles(name, document, rows);
  const isChanged = [...files].some(([file, text]) => textOf(insideFolder(folder, file, name)) !== text);
  if (isChanged) exchangeFolder(folder, files);
  return { name, isChanged, rowCount: rows.length, isNewRow: rows.length > before.length };
}

/** Name to content of all files of a published report. */
export function publishedFiles(
  name: string,
  document: ResultDocument,
  rows: readonly HistoryRow[],
): Map<string, string> {
  return new Map([
    ...reportFiles(document),
    [HISTORY_FILE, historyText(rows)],
    [HISTORY_PAGE, renderHistory(rows, titleOf(document, name))],
  ]);
}

/**
 * The history of a report; empty where it has none yet.
 *
 * @throws UsageError where it is broken
 */
export function readHistory(name: string, cwd: string): readonly HistoryRow[] {
  const path = `${REPORTS_FOLDER}/${name}/${HISTORY_FILE}`;
  try {
    return parseHistory(textOf(join(cwd, path)) ?? '', path);
  } catch (error) {
    if (error instanceof ResultDocumentError) throw new UsageError(error.message);
    throw error;
  }
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readText(path, path) : undefined;
}

/** The list of the reports in a folder, as text. */
export function indexText(cwd: string): string {
  return renderReportIndex(
    reportNames(cwd).map((name) => ({
      name,
      document: readResult(`${REPORTS_FOLDER}/${name}`, cwd),
      hasHistory: existsSync(join(cwd, REPORTS_FOLDER, name, HISTORY_FILE)),
    })),
  );
}

/** Writes the list where it has changed; the value says whether it has. */
export function writeIndex(cwd: string): boolean {
  const text = indexText(cwd);
  const path = join(cwd, REPORTS_FOLDER, 'README.md');
  if (textOf(path) === text) return false;
  writeTogether(join(cwd, REPORTS_FOLDER), new Map([['README.md', text]]));
  return true;
}
