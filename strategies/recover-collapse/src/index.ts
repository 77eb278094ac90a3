/**
 * Makes blocks of full tables when logging stops, each by break-before-make. Only where every page is mapped, and maps what the
 * block will: nothing new becomes accessible, so that nothing is cleaned and no fault is needed.
 */
import {
  defineStrategy,
  type LogBlock,
  type LogOperation,
  SKIP_BELOW,
  type Stage2Entry,
  type TableId,
} from '@s2bench/core';

export default defineStrategy({
  name: 'recover-collapse',
  summary:
    'where logging stops: each table full of neighbours of one huge page is checked, invalidated, flushed, made a block, freed',
  source: 'an idea of this repository; on x86 linux v6.13, recover_huge_pages_range() of the TDP MMU',
  walkers: ['v5', 'v6'],
  expects: 'safe',
  logStop: [
    {
      name: 'collapse',
      chunkLevel: 1,
      run(log) {
        log.walk({
          tablePre(entry) {
            const table = log.childOf(entry);
            if (!log.hostBlock(entry) || !isFull(log, table)) return;
            const block = blockOf(log, entry, table);
            if (block === undefined) return;
            log.invalidate(entry);
            log.tlbiRange(entry.address, entry.sizeBytes);
            log.install(entry, block);
            log.freeBelow(table);
            return SKIP_BELOW;
          },
        });
      },
    },
  ],
});

/** By the counts of table pages: no leaf is read where one is missing. */
function isFull(log: LogOperation, table: TableId): boolean {
  const missing: TableId[] = [];
  log.walkTables(table, ({ id, entries, references }) => {
    if (references !== entries + 1) missing.push(id);
  });
  return missing.length === 0;
}

/** The block that maps what all leaves below map, with the rights that all of them have; `undefined` where there is none. */
function blockOf(log: LogOperation, { sizeBytes }: Stage2Entry, table: TableId): LogBlock | undefined {
  const block = { outputAddress: -1, writable: true, executable: true };
  const walk = { next: -1, isAlike: true };
  log.walkLeaves(table, (leaf) => {
    if (block.outputAddress < 0) block.outputAddress = walk.next = leaf.outputAddress;
    if (!leaf.valid || !leaf.cacheable || leaf.outputAddress !== walk.next) walk.isAlike = false;
    walk.next += leaf.sizeBytes;
    block.writable &&= leaf.writable;
    block.executable &&= leaf.executable;
  });
  return walk.isAlike && block.outputAddress % sizeBytes === 0 ? block : undefined;
}
