import type { Claim } from '../../questions/claim.ts';
import { BASELINE, explore, RFC, UNIFORM } from './explore.ts';

const collapse = { subject: BASELINE } as const;

export const thpCollapse: Claim = {
  number: 2,
  title: 'Does a THP collapse leave the table in place?',
  question:
    'The reviewer’s first example: some pages of a block are mapped one by one, khugepaged makes a huge page of them, the notifier unmaps them, the table entry stays valid, and a later fault finds a table where a block may stand. The author asks whether the unmap does not take the table away with its last page.',
  comments: [2, 3, 4],
  verdict: 'Refuted',
  answer:
    'The unmap that khugepaged asks for covers the whole block, and frees the table with its last entry; while the invalidation lasts no fault maps anything. What follows maps a block where no table is, through the leaf handler, which cleans. Only while the slot logs does a table grow again after the collapse, and then logging is what leads to the coalesce. A table is left in place where the notifier takes only a part of the range: `partial-unmap`. It stands with fewer valid entries, the next block replaces it, and `install-first-no-cmo` breaks `data-coherency` where the rest was never mapped; where it was, the unmap itself has cleaned what it took.',
  scenarios: [
    explore('thp-collapse', 'fresh', {
      ...collapse,
      looksFor: 'table-freed-by-unmap',
      expects: 'table-freed-by-unmap',
      shown: 'The unmap frees the table',
    }),
    explore('thp-collapse', 'fresh', { ...collapse, looksFor: 'table-outlives-unmap', expects: 'nothing' }),
    explore('thp-collapse', 'fresh', { ...collapse, looksFor: 'coalesce', expects: 'nothing' }),
    explore('thp-collapse', 'logging-first', { ...collapse, looksFor: 'table-outlives-unmap', expects: 'nothing' }),
    explore('thp-collapse', 'logging-first', { ...collapse, looksFor: 'coalesce', expects: 'coalesce' }),
    explore('partial-unmap', 'logging-first', {
      ...collapse,
      looksFor: 'table-outlives-unmap',
      expects: 'table-outlives-unmap',
      shown: 'A part of the range: the table stays',
    }),
    explore('partial-unmap', 'logging-first', {
      subject: RFC,
      looksFor: 'coalesce-of-partial-table',
      expects: 'coalesce-of-partial-table',
    }),
    explore('partial-unmap', 'logging-first', {
      subject: RFC,
      looksFor: 'rules',
      expects: 'data-coherency',
      shown: 'And what then happens without a clean',
    }),
    explore('partial-unmap', 'logging-first', { subject: UNIFORM, looksFor: 'rules', expects: 'nothing' }),
    explore('partial-unmap', 'block-first', {
      subject: RFC,
      looksFor: 'table-outlives-unmap',
      expects: 'table-outlives-unmap',
    }),
    explore('partial-unmap', 'block-first', { subject: RFC, looksFor: 'rules', expects: 'nothing' }),
  ],
  bounds: [
    'A collapse is one unmap of the whole block, a copy, and the end of the invalidation. What khugepaged does to pages that are shared or swapped out is not modelled.',
  ],
};
