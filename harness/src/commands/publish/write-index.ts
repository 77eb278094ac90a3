/** Writes the list of all reports. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReportIndex } from '@s2bench/report';
import { writeTogether } from '../../cli/files.ts';
import { readResult } from '../../results/read-result.ts';
import { reportNames, REPORTS_FOLDER } from '../../results/reports-folder.ts';
import { HISTORY_FILE } from './write-report.ts';

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
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return false;
  writeTogether(join(cwd, REPORTS_FOLDER), new Map([['README.md', text]]));
  return true;
}
