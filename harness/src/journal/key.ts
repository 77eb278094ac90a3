/** Keys of the journal: what a cell's result depends on, and nothing else. */
import { createHash } from 'node:crypto';
import type { CellJob } from '../pool/task.ts';

/** The key of a cell's result. */
export function journalKey(job: CellJob, toolFingerprint: string, strategyFingerprint: string): string {
  const { cell, profile, stages, exact, strategyVersion } = job;
  const parts = [cell, profile, stages, exact, strategyVersion, toolFingerprint, strategyFingerprint];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** One key for a whole matrix. */
export function matrixKey(keys: readonly string[]): string {
  return createHash('sha256').update(keys.join()).digest('hex');
}
