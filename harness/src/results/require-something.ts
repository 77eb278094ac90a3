/** A matrix of which nothing can exist is not a result, it is a mistake. */
import type { CellResult } from '@s2bench/report/schema';
import { UsageError } from '../cli/errors.ts';

/**
 * Refuses a matrix of which nothing can exist.
 *
 * @param drop - what to do before: takes away what was kept of it
 * @throws UsageError with the reason of the first cell
 */
export function requireSomething(results: readonly CellResult[], drop: () => void = () => undefined): void {
  const [first] = results;
  if (first?.status !== 'skipped' || results.some(({ status }) => status !== 'skipped')) return;
  drop();
  throw new UsageError(`no cell of this matrix can exist: ${first.reason}`);
}
