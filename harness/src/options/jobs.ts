/** Workers at the same time. */
import { availableParallelism } from 'node:os';
import { parseInteger } from './integer.ts';

const RANGE = { min: 1, max: 1024, example: 4 };

/** How many workers: what `--jobs` says, else what the config file says, else all cores. */
export function readJobs(flag: string | undefined, configured: number | undefined): number {
  return flag === undefined ? (configured ?? availableParallelism()) : parseInteger(flag, '--jobs', RANGE);
}
