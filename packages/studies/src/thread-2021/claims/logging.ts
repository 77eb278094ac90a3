import { SMALL_WORLDS } from '@s2bench/verify';
import type { Claim } from '../../questions/claim.ts';
import { UNLOGGED_WORLDS } from '../worlds.ts';
import { BASELINE, explore, RFC } from './explore.ts';

const looks = { subject: BASELINE, looksFor: 'coalesce' } as const;

/** Worlds that begin with logging on and in which a block can stand. */
const LOGGED = SMALL_WORLDS.filter(
  ({ histories, name }) => histories.includes('logging-first') && name !== 'unaligned',
);

export const logging: Claim = {
  number: 4,
  title: 'Is logging the only way to a coalesce?',
  question:
    'Of the three reasons for which a huge page is mapped by pages, the reviewer leaves dirty logging as the only one that can end in a coalesce: the slot logs, later it does not, and a fault comes. The author’s list of what leads to one goes through logging too.',
  comments: [5, 7],
  verdict: 'Confirmed within bounds',
  answer:
    'Each world was explored once more with logging never on: partial unmaps, collapses, zero pages and their copies, moves, blocks of two levels, permission faults. Every state was reached, and in none does a block replace a table. That holds for any strategy that leaves the leaf handler alone, since until the first coalesce none of them has acted. Where the same worlds log, there is a coalesce in each, so the search would have seen one. But logging need not have been switched off again, as the thread has it: when it is switched on, a fault that still holds the old memslot may make a block over the table that another vCPU has just made under the new one (`logging-starts`). The dirty log stays right, as the slot is write-protected only after such faults; the table is partly populated all the same, though nothing had been mapped when logging began.',
  scenarios: [
    ...UNLOGGED_WORLDS.map(({ name }) => explore(name, 'fresh', { ...looks, expects: 'nothing' })),
    ...LOGGED.map(({ name }, index) =>
      explore(name, 'logging-first', {
        ...looks,
        expects: 'coalesce',
        ...(index === 0 && { shown: 'The way through logging' }),
      }),
    ),
    explore('logging-starts', 'fresh', {
      ...looks,
      expects: 'coalesce',
      shown: 'Without switching it off: a fault of the old memslot',
    }),
    explore('logging-starts', 'fresh', {
      ...looks,
      looksFor: 'coalesce-of-partial-table',
      expects: 'coalesce-of-partial-table',
    }),
    explore('logging-starts', 'fresh', { ...looks, looksFor: 'rules', expects: 'nothing' }),
    explore('logging-starts-mmu-off', 'fresh', {
      subject: RFC,
      looksFor: 'rules',
      expects: 'data-coherency',
      shown: 'The same with a guest whose MMU is off, without a clean',
    }),
  ],
  bounds: [
    'What the host does is what the worlds list. A host that unmaps no more than a part and then puts a huge page there without telling the notifier is outside of them, and outside of what the notifier promises.',
    'Eager splitting is not in this kernel. It came in v6.5, as an optimisation of logging that is off by default (`KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE`), and makes tables before the guest writes, when logging is switched on or the dirty log is cleared.',
  ],
};
