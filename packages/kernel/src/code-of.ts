/** Which page-table code a kernel model is, and which strategies it can be run with. */
import type { Strategy, Walker } from '@s2bench/core';
import { walkersOf } from '@s2bench/core';
import type { Stage2Options } from '@s2bench/core/stage2';
import { Stage2Table } from '@s2bench/core/stage2';
import type { KernelModel } from './kernel-model.ts';
import type { PageTableCode } from './page-table-code.ts';
import { V5Code } from './v5/code.ts';
import { V6Code } from './v6/code.ts';

/** Whoever has to know of every access to a table has a table of its own made. */
export interface TableMaking {
  /** Left out: a {@link Stage2Table}. */
  readonly makeTable?: (options: Stage2Options) => Stage2Table;
}

/** Makes a table as a kernel model's code keeps it. */
export function stage2TableOf(
  kernel: KernelModel,
  options: Omit<Stage2Options, 'alignsWalks' | 'clearsEntries'> & TableMaking,
): Stage2Table {
  const { geometry, fwb, effects, tlbRange = false, makeTable } = options;
  const { alignsWalks, clearsEntries } = kernel;
  const settled = { geometry, fwb, effects, tlbRange, alignsWalks, clearsEntries };
  return makeTable === undefined ? new Stage2Table(settled) : makeTable(settled);
}

/**
 * Makes the page-table code of a kernel model for a table.
 *
 * @throws RangeError of one line where the strategy is not written for the model's walker
 */
export function pageTableCode(table: Stage2Table, kernel: KernelModel, strategy: Strategy): PageTableCode {
  const problem = whyNotWritten(strategy, kernel);
  if (problem !== undefined) throw new RangeError(problem);
  return kernel.walker === 'v5' ? new V5Code(table, kernel, strategy) : new V6Code(table, kernel, strategy);
}

/** What a walker is, in words. */
const WALKER_RELEASES: Readonly<Record<Walker, string>> = { v5: 'v5.11 to v6.1', v6: 'v6.2 and later' };

/** Why a strategy cannot be run on a kernel model, in one line; `undefined` where it is written for the model's walker. */
export function whyNotWritten(
  strategy: Pick<Strategy, 'name' | 'walkers'>,
  { name, walker }: Pick<KernelModel, 'name' | 'walker'>,
): string | undefined {
  const walkers = walkersOf(strategy);
  if (walkers.includes(walker)) return undefined;
  const written = walkers.map((each) => `${each} (${WALKER_RELEASES[each]})`).join(' and ');
  return `strategy ${strategy.name} is written for the walker ${written}; kernel ${name} has ${walker} (${WALKER_RELEASES[walker]})`;
}
