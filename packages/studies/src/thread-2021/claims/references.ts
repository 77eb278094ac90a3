import { SMALL_WORLDS } from '@s2bench/verify';
import type { Claim } from '../../questions/claim.ts';
import { BASELINE, explore, RFC } from './explore.ts';

const SAMPLE = { kind: 'sample', seed: 1, operations: 40 } as const;

export const references: Claim = {
  number: 6,
  title: 'Are the reference counts the same before and after the patch?',
  question:
    'Before the patch the anchor’s page is put in the post visitor and taken again by the leaf handler. After it neither is called for the anchor. The reviewer asks whether a put is missing; the two agree that the counts are identical.',
  comments: [2, 3, 4],
  verdict: 'Confirmed within bounds',
  answer:
    'After every operation that either of the two can come to, in every small world and history, the other has the same table: descriptor by descriptor, count by count, and the same free pages in the same order. On tables of 512 entries, with blocks of 2 MiB and of 1 GiB, the same random operations leave the same tables and counts after each of them. A patch that forgets to free the page it followed is seen by both.',
  scenarios: [
    ...SMALL_WORLDS.flatMap(({ name, histories }) =>
      histories.flatMap((history) => [
        explore(name, history, { subject: BASELINE, looksFor: 'table-unlike-rfc', expects: 'nothing' }),
        explore(name, history, { subject: RFC, looksFor: 'table-unlike-baseline', expects: 'nothing' }),
      ]),
    ),
    { ...SAMPLE, subjects: [BASELINE, RFC], scripts: 500, expects: 'the same' },
    explore('partial-table', 'logging-first', {
      subject: 'install-first-follow-unused',
      looksFor: 'table-unlike-baseline',
      expects: 'table-unlike-baseline',
    }),
    { ...SAMPLE, subjects: [BASELINE, 'install-first-follow-unused'], scripts: 1, expects: 'another table' },
  ],
  bounds: [
    'Quiet points: the lock is free. While a coalesce is under way the two differ, as they should.',
    'The tables of 512 entries are sampled, with operations one after the other.',
  ],
};
