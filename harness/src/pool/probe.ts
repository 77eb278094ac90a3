/** Loads a strategy in a worker to see what it says of itself. */
import { oneLine } from '../cli/errors.ts';
import { loadStrategy } from '../plugins/load.ts';
import type { StrategyProbe } from './task.ts';

/** The worker's side of `probeStrategies`. */
export async function probe(entryUrl: string): Promise<StrategyProbe> {
  try {
    const { name, summary, source, expects } = await loadStrategy(entryUrl);
    return { ok: true, name, summary, source, ...(expects !== undefined && { expects }) };
  } catch (error) {
    return { ok: false, problem: oneLine(error) };
  }
}
