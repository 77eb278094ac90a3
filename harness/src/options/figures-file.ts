/** Figures of one's own, `--figures FILE`: read, and each field held against what there is. A document names no path and no code. */
import { resolve } from 'node:path';
import { type OwnFigures, ownFiguresSchema } from '@s2bench/studies';
import { WORKLOADS } from '@s2bench/workloads';
import { knownNames, UsageError } from '../cli/errors.ts';
import { readJson } from '../cli/files.ts';
import { looksLikePath } from '../plugins/locate.ts';
import { parseWorkload, whyNoSplit } from '../plugins/workloads.ts';
import { BACKINGS, parsePageSize } from './axes.ts';
import { whyNoGranule } from './granules.ts';
import { parseChoice, parseKernel, parseSize } from './values.ts';

/**
 * Reads figures.
 *
 * @param file - as the flag has it
 * @throws UsageError of one line: the file, the field, what is wrong with it, and what would be right
 */
export function readFigures(file: string, cwd: string): OwnFigures {
  const origin = `--figures ${file}`;
  const parsed = ownFiguresSchema.safeParse(readJson(resolve(cwd, file), origin));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue === undefined || issue.path.length === 0 ? 'the document' : issue.path.join('.');
    throw new UsageError(`${origin}: ${path}: ${issue?.message ?? 'not figures'}`);
  }
  const { machine, stageTimes } = parsed.data;
  const pageSizeBytes = parsePageSize(machine.pageSize, `${origin}: machine.pageSize`);
  for (const [at, row] of stageTimes.entries()) requireCell(row, origin, at, machine, pageSizeBytes);
  return parsed.data;
}

/** Refuses a figure of a cell that cannot be. */
function requireCell(
  row: OwnFigures['stageTimes'][number],
  figures: string,
  at: number,
  machine: OwnFigures['machine'],
  pageSizeBytes: number,
): void {
  const origin = `${figures}: stageTimes.${at}`;
  const [backingText = '', block = ''] = row.backing.split('-');
  const backing = parseChoice(backingText, `${origin}.backing`, 'backing', BACKINGS);
  const granuleBytes = parseSize(block, `${origin}.backing`);
  const problem = whyNoGranule(granuleBytes, backing, pageSizeBytes);
  if (problem !== undefined) throw new UsageError(`${origin}.backing ${row.backing}: ${problem}`);
  const memoryBytes = parseSize(row.memory, `${origin}.memory`);
  if (memoryBytes % granuleBytes !== 0)
    throw new UsageError(`${origin}.memory ${row.memory}: must be a whole number of blocks of ${block}`);
  const kernel = parseKernel(row.kernel, `${origin}.kernel`);
  if (looksLikePath(row.strategy))
    throw new UsageError(
      `${origin}.strategy ${row.strategy}: must be the name of a strategy that comes with s2bench, or upstream`,
    );
  const named = row.workload ?? machine.workload;
  const whose = row.workload === undefined ? `${figures}: machine.workload` : `${origin}.workload`;
  const workload = parseWorkload(named, whose, { builtIn: WORKLOADS, foreign: new Map() });
  if (!workload.stages.includes(row.stage))
    throw new UsageError(
      `${origin}.stage ${row.stage}: unknown stage of ${workload.name}; ${knownNames(row.stage, workload.stages)}`,
    );
  parseChoice(
    machine.history,
    `${figures}: machine.history`,
    `history of ${workload.name}`,
    workload.histories.map(({ name }) => name),
  );
  const whyNot = whyNoSplit(workload, kernel.name);
  if (whyNot !== undefined) throw new UsageError(`${origin}.kernel ${row.kernel}: ${workload.name} ${whyNot}`);
}
