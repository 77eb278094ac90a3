/**
 * Whether a strategy's cells can be repeated: a small cell of each, three times over, with modules that were used and
 * with modules that nobody has used. What differs has thrown dice, looked at the clock or remembered something.
 */
import type { CellResult } from '@s2bench/report/schema';
import type { CellJob } from '../plan/run-plan.ts';
import type { Threads } from '../plugins/threads.ts';
import { runCells, type RunCellsOptions } from './cells.ts';
import { withinBytes } from '../plan/shards.ts';

/** How it is done. */
export type RecheckOptions = Pick<RunCellsOptions, 'jobs' | 'cellTimeoutS' | 'signal'>;

/**
 * Runs the cheapest cell of each strategy again. A large one is made smaller first: what a strategy must not do shows in
 * the tables of one block as well.
 *
 * @param results - of the jobs, by their indices: a cell that is run as it was must give what it gave
 * @returns in words, what differed, by the strategy's name
 */
export async function recheck(
  threads: Threads,
  jobs: readonly CellJob[],
  results: ReadonlyMap<number, CellResult>,
  options: RecheckOptions,
): Promise<Map<string, string>> {
  const ok = jobs.filter(({ index }) => results.get(index)?.status === 'ok');
  const chosen = [...Map.groupBy(ok, ({ cell }) => cell.strategy).values()].flatMap((own) => cheapest(own) ?? []);
  const seen = new Map<string, CellResult[]>(chosen.map(({ cell }) => [cell.strategy, []]));
  const run = async (repeats: number, isFresh: boolean): Promise<void> => {
    const groups = chosen.map((job) =>
      Array.from({ length: repeats }, (_, nth) => ({ ...smaller(job), index: job.index * repeats + nth })),
    );
    await runCells(threads, groups, {
      ...options,
      isFresh,
      onResult: (_index, result) => seen.get(result.cell.strategy)?.push(result),
    });
  };
  await run(2, false);
  await run(1, true);
  const found = new Map<string, string>();
  for (const job of chosen) {
    const same = seen.get(job.cell.strategy) ?? [];
    const before = isWhole(job) ? results.get(job.index) : undefined;
    const [first, ...others] = before === undefined ? same : [before, ...same];
    const difference = others.map((other) => whyOther(first, other)).find((one) => one !== undefined);
    if (difference !== undefined) found.set(job.cell.strategy, difference);
  }
  return found;
}

function whyOther(first: CellResult | undefined, other: CellResult): string | undefined {
  if (first?.status === 'ok' && other.status === 'failed') return `run again, it fails (${other.reason})`;
  return differenceOf(first, other);
}

/** In pages and vCPUs, which the time goes by. */
function costOf({ cell: { memoryBytes, pageSizeBytes, vcpus } }: CellJob): number {
  return (memoryBytes / pageSizeBytes) * (1 + vcpus / 10);
}

function cheapest(jobs: readonly CellJob[]): CellJob | undefined {
  return jobs.reduce<CellJob | undefined>((best, job) => (best && costOf(best) <= costOf(job) ? best : job), undefined);
}

const MAX_SHOWN = 60;

const MIN_BYTES = 2 ** 26;
const MAX_VCPUS = 2;

/** The cell with one block of memory and few vCPUs. */
function smaller(job: CellJob): CellJob {
  const { cell } = withinBytes(job, MIN_BYTES);
  return { ...job, cell: { ...cell, vcpus: Math.min(cell.vcpus, MAX_VCPUS) } };
}

function isWhole(job: CellJob): boolean {
  const { cell } = smaller(job);
  return cell.memoryBytes === job.cell.memoryBytes && cell.vcpus === job.cell.vcpus;
}

/** The first thing in which two results differ, with both values; `undefined` where they are the same. */
export function differenceOf(one: unknown, other: unknown, path: readonly string[] = []): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (!isObject(one) || !isObject(other)) return `${path.join('.')} was ${shown(one)}, then ${shown(other)}`;
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const found = differenceOf(one[key], other[key], key === 'stages' ? path : [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
