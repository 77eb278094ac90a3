import { SMALL_WORLDS } from '@s2bench/verify';
import type { Claim } from '../../questions/claim.ts';
import { BASELINE, explore, RFC } from './explore.ts';

const watched = (name: string): string => `${name}-post-must-succeed`;
const SAMPLE = { kind: 'sample', seed: 2, operations: 40 } as const;

export const postVisitor: Claim = {
  number: 7,
  title: 'May the post visitor return 0 whatever happens?',
  question:
    'The patch makes the post visitor return 0. The reviewer thinks it right: what could fail was the leaf handler, where no block is supported or only permissions change, and at an anchor neither can be. The author agrees, as the anchor’s entry is invalid by then.',
  comments: [2, 3],
  verdict: 'Confirmed within bounds',
  answer:
    'The code before the patch was run with any other result of its post visitor turned into an error that nobody answers. No operation fails in any small world, in any history; nor does one on tables of 512 entries, in random scripts with blocks of 2 MiB and of 1 GiB. A post visitor that answers EAGAIN for the anchor alone is found out by both. So there is no error that the patch could hide.',
  scenarios: [
    ...SMALL_WORLDS.flatMap(({ name, histories }) =>
      histories.map((history) =>
        explore(name, history, { subject: watched(BASELINE), looksFor: 'rules', expects: 'nothing' }),
      ),
    ),
    { ...SAMPLE, subjects: [watched(BASELINE), watched(RFC)], scripts: 500, expects: 'the same' },
    explore('partial-table', 'logging-first', {
      subject: 'baseline-failing-in-post',
      looksFor: 'rules',
      expects: 'progress',
      shown: 'What a failure would look like',
    }),
    { ...SAMPLE, subjects: ['baseline-failing-in-post', watched(RFC)], scripts: 1, expects: 'an error' },
  ],
  bounds: ['The leaf handler is that of this kernel. Nothing is said of later ones, which can fail for other reasons.'],
};
