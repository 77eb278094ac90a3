/** Finds what is verified, in a worker. */
import type { Subject } from '@s2bench/verify';
import type { SubjectRef } from '../plan/verify-plan.ts';
import { loadStrategy } from '../plugins/load.ts';
import { watchStrategy } from '../plugins/visitors.ts';

/**
 * The subject that a task means.
 *
 * @param pulse - counts its visitors
 */
export async function findSubject(ref: SubjectRef, pulse: SharedArrayBuffer): Promise<Subject> {
  if (ref.kind === 'strategy') return { strategy: watchStrategy(await loadStrategy(ref.url), pulse) };
  return (await import('./zoo.ts')).subjectInZoo(ref.name);
}
