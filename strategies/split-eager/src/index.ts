/** Splits blocks when logging starts, chunk by chunk, so that no write fault has to. */
import { defineStrategy, type LogOperation, z } from '@s2bench/core';

export default defineStrategy({
  name: 'split-eager',
  summary:
    'where logging starts, and at CLEAR: full tables in the place of blocks, built out of reach, one break a block',
  source: 'linux v6.5, a12ab1378a88 and its series; KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE',
  walkers: ['v6'],
  expects: 'safe',
  options: z.object({
    chunk: z
      .number()
      .int()
      .min(0)
      .max(3)
      .default(2)
      .describe(
        'level of the entry that one hold of the lock covers: with 4K pages 3 is a page, 2 is 2M, 1 is 1G, 0 is all',
      ),
  }),
  visitors: ({ chunk }) => {
    const split = [{ name: 'split', chunkLevel: chunk, splits: true, run: (log: LogOperation) => log.split() }];
    return { logStart: split, logClear: split };
  },
});
