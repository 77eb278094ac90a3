/** Hands a result over: to stdout, and to the folder of its report. */
import { relative } from 'node:path';
import { type GridLayout, renderGrid, renderTable, type ResultDocument, sealed } from '@s2bench/report';
import { EXIT } from '../cli/errors.ts';
import { writeTogether } from '../cli/files.ts';
import { print, note, printJson, say, stdoutOptions } from '../cli/terminal.ts';
import type { OutFolder } from '../options/run-request.ts';
import { exchangeFolder } from './exchange.ts';
import { exportResult, type ExportFormat } from './exports.ts';
import { reportFiles } from './results.ts';

/** Where a result goes. */
export interface ResultTarget {
  /** Where its files are written; none if left out. */
  readonly out: OutFolder | undefined;
  /** The document goes to stdout, instead of a table. */
  readonly json: boolean;
  /** A format for other programs goes to stdout, instead of a table. */
  readonly format?: ExportFormat;
  /** How the table is laid out, where that is not one row for each cell. */
  readonly layout?: GridLayout;
}

/**
 * Prints the result and writes its files; the value is the exit code. A report is complete or it is not written:
 * where a cell has failed the earlier one stays, and the journal too, so that `--resume` runs only what is missing.
 *
 * @param journal - what kept the cells until now; none where they come from files
 */
export function publishResult(
  document: ResultDocument,
  { out, json, format, layout }: ResultTarget,
  journal?: { remove(): void },
): number {
  const failures = failuresOf(document);
  const folderName = relative(process.cwd(), out?.folder ?? '') || '.';
  // Made before anything is printed or written: if it cannot be made, nothing is.
  const files = out !== undefined && failures.size === 0 ? reportFiles(document) : undefined;
  if (json) printJson(sealed(document));
  else if (format !== undefined) print(exportResult(document, format));
  else if (layout !== undefined) print(renderGrid(document, layout, stdoutOptions()));
  else print(renderTable(document, stdoutOptions()));
  for (const [reason, cells] of failures) say(`${cells === 1 ? 'a cell' : `${cells} cells`} failed: ${reason}`);
  if (out === undefined) {
    if (!json) note('no report was written, as the matrix is not that of a preset; --out FOLDER writes one');
    journal?.remove();
  } else if (files === undefined) {
    const advice =
      journal === undefined
        ? 'run their shards again with --resume, then merge'
        : '--resume runs only the cells that failed';
    say(`no report was written to ${folderName}; ${advice}`);
  } else {
    // Shards may share a folder: each has a file of its own there.
    if (document.shard === undefined) exchangeFolder(out.folder, files);
    else writeTogether(out.folder, files);
    journal?.remove();
    if (!json) note(`${document.shard === undefined ? 'report' : [...files.keys()].join()} written to ${folderName}`);
  }
  return failures.size === 0 ? EXIT.ok : EXIT.cellFailed;
}

/** Reason to number of cells that failed for it. */
function failuresOf({ cells }: ResultDocument): Map<string, number> {
  const failures = new Map<string, number>();
  for (const result of cells) {
    if (result.status === 'failed') failures.set(result.reason, (failures.get(result.reason) ?? 0) + 1);
  }
  return failures;
}
