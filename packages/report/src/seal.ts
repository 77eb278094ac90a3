/** The hash that a document carries of itself: whether it is as it was written. */
import { createHash } from 'node:crypto';
import type { JsonObject, ResultDocument } from './schema.ts';

/**
 * The document with the hash of all that it says, as it is to be written. White space is no part of it, so that a file
 * may be indented otherwise; the order of its fields is.
 */
export function sealed(document: ResultDocument): ResultDocument {
  const { hash: _, ...said } = document;
  return { ...said, hash: hashOf(said) };
}

/** Whether somebody has changed a document since it was written. One without a hash says nothing of it. */
export function isSealBroken(document: JsonObject): boolean {
  const { hash, ...said } = document;
  return typeof hash === 'string' && hash !== hashOf(said);
}

function hashOf(said: object): string {
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}
