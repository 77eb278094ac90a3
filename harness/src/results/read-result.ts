/** Reads result documents that the user names. */
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseResultDocument, type ResultDocument, ResultDocumentError } from '@s2bench/report';
import { oneLine, UsageError } from '../cli/errors.ts';

/** The document of a report, in its folder. */
export const RESULT_FILE = 'results.json';

/**
 * Reads a document.
 *
 * @param spec - a file, a folder with results.json in it, or `-` for stdin
 * @throws UsageError of one line that names it
 */
export function readResult(spec: string, cwd: string): ResultDocument {
  if (spec === '') throw new UsageError('an empty name; name a result file or the folder of a report');
  return parseResult(spec === '-' ? readText(0, 'stdin') : readFileOrFolder(spec, cwd), spec === '-' ? 'stdin' : spec);
}

/**
 * Reads a document from its text.
 *
 * @param name - for messages
 * @throws UsageError
 */
export function parseResult(text: string, name: string): ResultDocument {
  try {
    return parseResultDocument(text, name);
  } catch (error) {
    if (error instanceof ResultDocumentError) throw new UsageError(error.message);
    throw error;
  }
}

function readFileOrFolder(spec: string, cwd: string): string {
  const path = resolve(cwd, spec);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return readText(isFolder ? join(path, RESULT_FILE) : path, spec);
}

function readText(file: string | number, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: cannot be read: ${oneLine(error)}; name a result file or the folder of a report`);
  }
}
