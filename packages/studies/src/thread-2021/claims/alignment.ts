import type { Claim } from '../../questions/claim.ts';
import { BASELINE, explore } from './explore.ts';

const stock = { subject: BASELINE } as const;

export const alignment: Claim = {
  number: 3,
  title: 'Can unaligned memory, or a block beyond the memslot, lead to a coalesce?',
  question:
    'A huge page is mapped by pages where its start is off the block’s, or where the block would reach beyond the memslot. The reviewer’s reasoning: a block becomes possible there only after the memslot is changed, and that unmaps the range first, table included.',
  comments: [7],
  verdict: 'Confirmed within bounds',
  answer:
    'As long as the slot stays where it is there is no coalesce in either case, whatever becomes of logging. A move unmaps everything first: nothing is ever mapped after it, and no table is left. At a place where the memory can be a block, there is a block from the first fault on, and a coalesce only where logging has made a table there anew. A slot that is shorter than a block stays so wherever it is moved.',
  scenarios: [
    explore('unaligned', 'logging-first', { ...stock, looksFor: 'coalesce', expects: 'nothing' }),
    explore('unaligned', 'fresh', { ...stock, looksFor: 'coalesce', expects: 'nothing' }),
    explore('shorter-than-a-block', 'logging-first', { ...stock, looksFor: 'coalesce', expects: 'nothing' }),
    explore('shorter-than-a-block', 'fresh', { ...stock, looksFor: 'coalesce', expects: 'nothing' }),
    explore('shorter-than-a-block', 'logging-first', { ...stock, looksFor: 'mapped-after-move', expects: 'nothing' }),
    explore('unaligned-then-moved', 'fresh', { ...stock, looksFor: 'coalesce', expects: 'nothing' }),
    explore('unaligned-then-moved', 'fresh', { ...stock, looksFor: 'mapped-after-move', expects: 'nothing' }),
    explore('unaligned-then-moved', 'fresh', {
      ...stock,
      looksFor: 'table-freed-by-move',
      expects: 'table-freed-by-move',
      shown: 'A move unmaps first',
    }),
    explore('unaligned-then-moved', 'logging-first', { ...stock, looksFor: 'mapped-after-move', expects: 'nothing' }),
    explore('unaligned-then-moved', 'logging-first', {
      ...stock,
      looksFor: 'coalesce',
      expects: 'coalesce',
      shown: 'After the move it takes logging again',
    }),
  ],
  bounds: [
    'One slot, moved once. Deleting a slot and creating a longer one in its place unmaps by the same function, but is no step of these worlds.',
  ],
};
