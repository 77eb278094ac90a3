import { SMALL_WORLDS, type World } from '@s2bench/verify';
import type { Claim } from '../../questions/claim.ts';
import { explore, RFC } from './explore.ts';

const partial = { subject: RFC, looksFor: 'coalesce-of-partial-table' } as const;
const rules = { subject: RFC, looksFor: 'rules' } as const;

/** Worlds on hugetlbfs in which the guest ran on blocks before logging began. */
const HUGETLB_BLOCK_FIRST = SMALL_WORLDS.filter(
  ({ slot, histories }) => slot.backing === 'hugetlb' && histories.includes('block-first'),
);

const hostStores = ({ host }: World): boolean => host.some((step) => step.do === 'write');

export const population: Claim = {
  number: 1,
  title: 'Is the table always fully populated when a block replaces it?',
  question:
    'The patch leaves out the clean on the ground that a block only brings back what pages already mapped. The reviewer asks whether it can be proved that every entry below is valid whenever a table gives way to a block. The author holds that at least on hugetlbfs, where a block stood before logging split it, nothing has to be cleaned.',
  comments: [3, 4, 7, 8],
  verdict: 'Refuted',
  answer:
    'One page that the guest touches while the slot logs is enough: once logging is off, the next fault makes the block over a table with one valid entry. That is so under `logging-first` and under `block-first`, so that a table would always be full is no ground to leave a clean out (one that is looked at, and is full, owes none: question 9). What the author says of hugetlbfs holds for the clean only while the host leaves the memory alone: where a block stood first, its pages were cleaned then, and `install-first-no-cmo` breaks no rule in the worlds of that kind in which the host stores nothing more. It stops to hold as soon as the host stores to a page that the split has taken from the guest, since KVM owes a clean whenever a page comes into reach, not once (`late-image`), or takes one back and stores to it (`partial-unmap-refilled`).',
  scenarios: [
    explore('partial-table', 'logging-first', {
      ...partial,
      expects: 'coalesce-of-partial-table',
      shown: 'To a block over a partly populated table',
    }),
    explore('partial-table', 'block-first', {
      ...partial,
      expects: 'coalesce-of-partial-table',
      shown: 'The same after the guest ran on a block, on hugetlbfs',
    }),
    explore('full-table', 'logging-first', { ...partial, expects: 'nothing' }),
    explore('full-table', 'logging-first', { ...partial, looksFor: 'coalesce', expects: 'coalesce' }),
    explore('partial-table', 'logging-first', {
      ...rules,
      expects: 'data-coherency',
      shown: 'What comes of it without a clean',
    }),
    ...HUGETLB_BLOCK_FIRST.filter((world) => !hostStores(world)).map(({ name }) =>
      explore(name, 'block-first', { ...rules, expects: 'nothing' }),
    ),
    ...HUGETLB_BLOCK_FIRST.filter(hostStores).map(({ name }) =>
      explore(name, 'block-first', {
        ...rules,
        expects: 'data-coherency',
        shown: 'Where the author’s argument ends: the host stores to a page that a split has taken from the guest',
      }),
    ),
    explore('partial-unmap-refilled', 'block-first', {
      ...rules,
      expects: 'data-coherency',
      shown: 'And where a page of the block was taken back and filled anew',
    }),
  ],
  bounds: [
    'In `partial-unmap-refilled` the notifier takes one page of a huge page that stays whole. No path of the 2021 kernel that would do that to hugetlbfs is modelled: the world shows what the argument leans on, not that it happens.',
  ],
};
