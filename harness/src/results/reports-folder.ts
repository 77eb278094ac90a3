/** The folder of the published reports. */
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { RESULT_FILE } from './read-result.ts';

/** Its name, below the folder that a command runs in. */
export const REPORTS_FOLDER = 'reports';

/** Names of the reports that are there, sorted. */
export function reportNames(cwd: string): readonly string[] {
  const folder = join(cwd, REPORTS_FOLDER);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => name)
    .filter((name) => existsSync(join(folder, name, RESULT_FILE)))
    .sort();
}

/** The path of a report's document, as Git writes it. */
export function resultPath(reportName: string): string {
  return posix.join(REPORTS_FOLDER, reportName, RESULT_FILE);
}
