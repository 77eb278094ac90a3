/** Unmaps where the host has blocks when logging stops: the next fault maps one. One flush for all that a hold of the lock zaps. */
import { defineStrategy, SKIP_BELOW } from '@s2bench/core';

/** A hold of the lock covers an entry of level 1: 1G with 4K pages. */
const CHUNK_LEVEL = 1;

export default defineStrategy({
  name: 'recover-zap',
  summary: 'where logging stops: invalidate each table that covers a huge page of the host, flush once, clean, free',
  source: 'linux v6.12, kvm_unmap_gfn_range() of a table as a whole; Z1JJOfnuKQ9LCHq-@linux.dev asks for blocks back',
  walkers: ['v5', 'v6'],
  expects: 'safe',
  logStop: [
    {
      name: 'zap',
      chunkLevel: CHUNK_LEVEL,
      run(log) {
        const tables: number[] = [];
        log.walk({
          tablePre(entry) {
            if (!log.hostBlock(entry)) return;
            tables.push(log.childOf(entry));
            log.invalidate(entry);
            log.put(entry);
            return SKIP_BELOW;
          },
        });
        if (tables.length === 0) return;
        log.tlbiRange(log.address, log.sizeBytes);
        for (const table of tables) {
          if (log.needsClean) {
            log.walkLeaves(table, (leaf) => {
              if (leaf.valid && leaf.cacheable) log.clean(leaf);
            });
          }
          log.freeBelow(table);
        }
      },
    },
  ],
});
