/** The nine questions of the thread, and what their page says before it answers them. */
import { kernelModelOf } from '@s2bench/kernel';
import { VERIFIED_KERNEL } from '@s2bench/verify';
import { type Questionnaire, questionsOf } from '../questions/questions.ts';
import { alignment } from './claims/alignment.ts';
import { coherency } from './claims/coherency.ts';
import { thpCollapse } from './claims/collapse.ts';
import { follow } from './claims/follow.ts';
import { logging } from './claims/logging.ts';
import { population } from './claims/population.ts';
import { postVisitor } from './claims/post-visitor.ts';
import { references } from './claims/references.ts';
import { strategies } from './claims/strategies.ts';
import { probeNamed } from './probes.ts';
import { subjectNamed } from './subjects.ts';
import { worldNamed } from './worlds.ts';

/** The message that the thread is about. */
const MESSAGE_ID = '20210208112250.163568-4-wangyanan55@huawei.com';

/** What the thread's questions say of themselves. */
export const QUESTIONNAIRE = {
  title: 'The 2021 thread’s questions, answered by running them',
  introduction: [
    `The thread of ${MESSAGE_ID} argued about a patch that makes a block before it takes the old table down, without a clean. Its questions are answered here by running the strategies’ own code through every interleaving of small worlds, until a rule is broken or a fact is met, in the fewest steps, or until there is no further state. A question that asks whether something ever happens is a search for it: what it finds is shown, and where it finds nothing the search was complete.`,
  ],
  bounds: [
    'Tables have four entries, worlds two or three levels, two or three vCPUs, a few pages and short programs. Complete means every state of that world, and says nothing about what needs a larger one. Where 512 entries matter, tables of that size are sampled.',
    'The kernel is the one that the series was made for, v5.11-rc6 with the filter of permission-only changes that v5.12 has, and with patch 1 of the series, which came in v5.14: one mmu_lock, SRCU around memslots, the notifier’s sequence. A search does not go into what comes of two operations under a shared lock: from v5.18 on faults that only relax write permissions while logging is on run side by side, from v6.2 on those that map too.',
    `The kernel model \`${VERIFIED_KERNEL}\` is ${kernelModelOf(VERIFIED_KERNEL).summary}.`,
    'Hardware may cache any translation that a walk can find, at any moment, until a TLBI that covers it, by its address and by its level hint, is complete. Caches are followed by who wrote last and whether it reached memory. How all of that is modelled: docs/decisions/0005.',
  ],
  command: 's2bench verify --preset thread-2021',
  thread: {
    messageId: MESSAGE_ID,
    commentDates: {
      2: '2021-03-02',
      3: '2021-03-03',
      4: '2021-03-03',
      5: '2021-03-04',
      7: '2021-03-19',
      8: '2021-03-22',
    },
  },
  cast: { subject: subjectNamed, world: worldNamed, probe: probeNamed },
  claims: [population, thpCollapse, alignment, logging, coherency, references, postVisitor, follow, strategies],
} satisfies Questionnaire;

/** The questions of the thread. */
export const QUESTIONS = questionsOf(QUESTIONNAIRE);
