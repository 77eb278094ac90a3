import type { Claim } from '../../questions/claim.ts';
import { explore, RFC } from './explore.ts';

export const follow: Claim = {
  number: 8,
  title: 'Does the table have to be remembered before its entry is overwritten?',
  question:
    'The patch keeps the old table in a field of its own before the block overwrites the entry, and the post visitor frees that one. The author explains it, and the reviewer agrees: read later, the entry leads elsewhere.',
  comments: [2, 3, 4],
  verdict: 'Confirmed',
  answer:
    'Without the field the post visitor follows the block: it gives back a page of the guest’s own memory, and the table is left behind. `accounting` fires at the first coalesce, at each level. With the field and without the free, the table leaks, and the same rule fires. As posted, none does but the ones of the missing clean.',
  scenarios: [
    explore('partial-table', 'logging-first', {
      subject: 'install-first-follow-lost',
      looksFor: 'rules',
      expects: 'accounting',
      shown: 'The wrong page is freed',
    }),
    explore('three-levels', 'logging-first', {
      subject: 'install-first-follow-lost',
      looksFor: 'rules',
      expects: 'accounting',
    }),
    explore('partial-table', 'block-first', {
      subject: 'install-first-follow-lost',
      looksFor: 'rules',
      expects: 'accounting',
    }),
    explore('partial-table', 'block-first', {
      subject: 'install-first-follow-unused',
      looksFor: 'rules',
      expects: 'accounting',
    }),
    explore('partial-table', 'block-first', { subject: RFC, looksFor: 'rules', expects: 'nothing' }),
    explore('three-levels', 'block-first', { subject: RFC, looksFor: 'rules', expects: 'nothing' }),
  ],
  bounds: [],
};
