/** Reads a result document, and says in one line what is wrong with one that is not. */
import type * as z from 'zod';
import { READABLE_VERSIONS, migrate } from './migrate/migrate.ts';
import { SCHEMA_VERSION, resultDocumentSchema } from './schema.ts';
import type { JsonObject, ResultDocument } from './schema.ts';

/** A text that is no result document. The message is one line: the source, the field and what it must be. */
export class ResultDocumentError extends Error {
  override readonly name = 'ResultDocumentError';
}

/**
 * Reads a result document. One of an older schema version is brought to the present one.
 *
 * @param text - JSON, as `s2bench run --json` prints it
 * @param sourceName - the file's name, for messages
 * @throws ResultDocumentError
 */
export function parseResultDocument(text: string, sourceName: string): ResultDocument {
  const json = parseJson(text, sourceName);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ResultDocumentError(`${sourceName}: not a result document: must be a JSON object`);
  }
  // Before all else: a document of another version would otherwise fail at whatever field has changed.
  const version: unknown = 'schemaVersion' in json ? json.schemaVersion : undefined;
  if (version === undefined) {
    throw new ResultDocumentError(`${sourceName}: not a result document: schemaVersion is missing`);
  }
  if (typeof version !== 'number' || !READABLE_VERSIONS.includes(version)) {
    throw new ResultDocumentError(`${sourceName}: schemaVersion: ${versionLine(version)}`);
  }
  const parsed = resultDocumentSchema.safeParse(migrate(json as JsonObject, version));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ResultDocumentError(`${sourceName}: ${issue === undefined ? 'not a result document' : lineOf(issue)}`);
}

function parseJson(text: string, sourceName: string): unknown {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') throw new ResultDocumentError(`${sourceName}: empty: must be a result document in JSON`);
  try {
    return JSON.parse(trimmed) as unknown;
  } catch (error) {
    const detail = error instanceof Error ? oneLine(error.message) : String(error);
    throw new ResultDocumentError(`${sourceName}: ${isCutOff(trimmed, detail) ? 'cut off' : 'not JSON'}: ${detail}`);
  }
}

function versionLine(version: unknown): string {
  const found = oneLine(JSON.stringify(version)).slice(0, 40);
  const isNewer = Number.isInteger(version) && Number(version) > SCHEMA_VERSION;
  const wanted = `must be ${READABLE_VERSIONS.slice(0, -1).join(', ')} or ${String(SCHEMA_VERSION)}`;
  return `is ${found}, ${wanted}${isNewer ? '; a later s2bench wrote it' : ''}`;
}

/** Whether the parser was content until the text ended: a file that was not written to its end. */
function isCutOff(text: string, message: string): boolean {
  if (!text.startsWith('{')) return false;
  if (/unexpected end/i.test(message)) return true;
  const position = /at position (\d+)/.exec(message)?.[1];
  return position !== undefined && Number(position) >= text.length;
}

function lineOf(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.');
  return `${path === '' ? 'the document' : path}: ${oneLine(issue.message)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
