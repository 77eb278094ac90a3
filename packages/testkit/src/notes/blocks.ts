/** Where a strategy leaves a table, though a block was asked for. */
import type { Strategy } from '@s2bench/core';
import { CoalesceBench } from '../coalesce-bench.ts';
import type { Note } from '../finding.ts';
import { SHAPES } from '../scripts/arbitrary.ts';

/** How much of a block's table is mapped before the block is asked for. */
const POPULATIONS = ['one page', 'every page'] as const;

/** Each shape of a coalesce after which no block stands: it may be right to keep the table, and costs TLB reach. */
export function blockNotes(strategy: Strategy): Note[] {
  const kept = SHAPES.flatMap(({ pageSizeBytes, blockLevel }) =>
    // A table of tables that is full is hundreds of thousands of pages: one is enough to show whether it becomes a block.
    POPULATIONS.slice(0, blockLevel === 1 ? 1 : 2).flatMap((population) => {
      const bench = new CoalesceBench(strategy, pageSizeBytes, blockLevel);
      const pages = population === 'one page' ? 1 : bench.blockBytes / pageSizeBytes;
      for (let page = 0; page < pages; page++) bench.mapPage(page);
      bench.mapBlock();
      if (bench.leafLevel === blockLevel) return [];
      return [
        `of ${bench.blockBytes / 2 ** 20} MiB with pages of ${pageSizeBytes / 1024} KiB, ${population} mapped before`,
      ];
    }),
  );
  if (kept.length === 0) return [];
  return [
    {
      about: 'block',
      message: `no block is made of ${kept.length === 1 ? 'a table' : `${kept.length} tables`}: ${kept.join('; ')}`,
    },
  ];
}
