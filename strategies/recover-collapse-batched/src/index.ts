/**
 * Makes blocks of full tables when logging stops, as recover-collapse does, with one flush for all tables that a hold of the
 * lock covers. What is broken stays out of reach a little longer, and flushes are few.
 */
import {
  defineStrategy,
  type EntryPlace,
  type LogBlock,
  type LogOperation,
  SKIP_BELOW,
  type Stage2Entry,
  type TableId,
} from '@s2bench/core';

/** An entry that is to be a block, and the table that stood there. */
interface Broken {
  readonly entry: EntryPlace;
  readonly block: LogBlock;
  readonly table: TableId;
}

export default defineStrategy({
  name: 'recover-collapse-batched',
  summary:
    'where logging stops: tables full of neighbours of one huge page are checked and invalidated; one flush; then all are made blocks and freed',
  source: 'an idea of this repository; on x86 linux v6.13, recover_huge_pages_range() of the TDP MMU',
  walkers: ['v5', 'v6'],
  expects: 'safe',
  logStop: [
    {
      name: 'collapse',
      chunkLevel: 1,
      run(log) {
        const broken: Broken[] = [];
        log.walk({
          tablePre(entry) {
            const table = log.childOf(entry);
            if (!log.hostBlock(entry) || !isFull(log, table)) return;
            const block = blockOf(log, entry, table);
            if (block === undefined) return;
            log.invalidate(entry);
            const { id, address, level } = entry;
            broken.push({ entry: { id, address, level }, block, table });
            return SKIP_BELOW;
          },
        });
        if (broken.length === 0) return;
        log.tlbiRange(log.address, log.sizeBytes);
        for (const { entry, block } of broken) log.install(entry, block);
        for (const { table } of broken) log.freeBelow(table);
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
