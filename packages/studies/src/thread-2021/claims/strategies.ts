import type { ProofTable } from '@s2bench/report';
import { formatCount } from '@s2bench/report';
import { type History, SMALL_WORLDS, type World } from '@s2bench/verify';
import type { Claim, ExploreResult, ExploreScenario, Run } from '../../questions/claim.ts';
import { CLAIM_WORLDS, worldNamed } from '../worlds.ts';
import { BASELINE, explore, FULL_CHECK, RFC, UNIFORM } from './explore.ts';

const WORLDS: readonly World[] = [...SMALL_WORLDS, ...CLAIM_WORLDS];
const SAFE = [BASELINE, UNIFORM, FULL_CHECK];
const ORDER = [BASELINE, RFC, UNIFORM, FULL_CHECK];

/** Worlds in which the RFC maps a page that nobody has cleaned, under each history, and a guest looks past the D-cache. */
const RFC_BREAKS: Readonly<
  Partial<Record<History, Readonly<Record<string, 'data-coherency' | 'instruction-coherency'>>>>
> = {
  'logging-first': {
    'partial-table': 'data-coherency',
    'instruction-fetch': 'instruction-coherency',
    'partial-unmap': 'data-coherency',
    'thp-collapse': 'data-coherency',
    'slot-move': 'data-coherency',
    'beyond-slot': 'data-coherency',
    'three-levels': 'data-coherency',
    'late-image': 'data-coherency',
    'partial-unmap-refilled': 'data-coherency',
    'unaligned-then-moved': 'data-coherency',
  },
  'block-first': { 'late-image': 'data-coherency', 'partial-unmap-refilled': 'data-coherency' },
  fresh: { 'logging-starts-mmu-off': 'data-coherency' },
};

/** Worlds in which it maps such a page to a guest that has its caches on. */
const REACHED_IN_CACHES: Readonly<Partial<Record<History, readonly string[]>>> = {
  'logging-first': ['cached-guest', 'dirty-log'],
  fresh: ['logging-starts'],
};

const settings = WORLDS.flatMap(({ name, histories }) => histories.map((history) => ({ name, history })));

export const strategies: Claim = {
  number: 9,
  title: 'Which of the strategies are safe?',
  question:
    'The author ends with cleaning the block each time, as the code before the patch did, and sets aside a look at whether the table is full, which would need another walk. The patch itself is left open.',
  comments: [5, 7, 8],
  verdict: 'Confirmed within bounds, but for the RFC',
  answer:
    'The code before the patch, the uniform clean and the check of the population break no rule in any of these worlds, in any history, with FWB or without. `install-first-no-cmo` is unsafe without FWB, and exactly where two things come together: the block brings the guest a page that the host has written and nobody has cleaned since, and the guest goes past the data cache, by a load or a store with its caches off or by a fetch. The first comes of a table that was only partly populated while its other pages were never mapped (`logging-first`, or a slot whose logging is switched on under the first faults), or were written by the host since a split unmapped them, or were taken back and written again.',
  scenarios: [
    ...settings.flatMap(({ name, history }) => [
      ...[false, true].flatMap((fwb) =>
        SAFE.map((subject) => explore(name, history, { subject, fwb, looksFor: 'rules', expects: 'nothing' })),
      ),
      explore(name, history, { subject: RFC, looksFor: 'rules', expects: RFC_BREAKS[history]?.[name] ?? 'nothing' }),
      explore(name, history, { subject: RFC, fwb: true, looksFor: 'rules', expects: 'nothing' }),
      explore(name, history, {
        subject: RFC,
        looksFor: 'uncleaned-page-reached',
        expects: isReached(name, history) ? 'uncleaned-page-reached' : 'nothing',
      }),
      explore(name, history, { subject: UNIFORM, looksFor: 'uncleaned-page-reached', expects: 'nothing' }),
    ]),
  ],
  tables: (runs) => [exactlyWhen(runs), verdicts(runs)],
  bounds: [
    'The largest world, `crowd` with its 16 million states, is explored by the benchmark of the explorer and not for this page.',
  ],
};

function isReached(name: string, history: History): boolean {
  return RFC_BREAKS[history]?.[name] !== undefined || (REACHED_IN_CACHES[history] ?? []).includes(name);
}

type Wanted = Partial<Pick<ExploreScenario, 'subject' | 'world' | 'history' | 'fwb' | 'looksFor'>>;

function find(runs: readonly Run[], wanted: Wanted): ExploreResult {
  const found = runs.find(({ scenario }) =>
    Object.entries(wanted).every(([key, value]) => scenario[key as keyof typeof scenario] === value),
  );
  if (found?.result.kind !== 'explore') throw new Error(`not run: ${JSON.stringify(wanted)}`);
  return found.result;
}

/** Ways in which the guests of a world go past the data cache. */
function pastTheCache({ vcpus }: World): string {
  const past = (kind: string): boolean =>
    vcpus.some(({ caches, steps }) => !caches && steps.some((step) => step.includes(kind)));
  const fetches = vcpus.some(({ steps }) => steps.some((step) => step.includes('x')));
  return (
    [
      ...(past('r') ? ['loads, MMU off'] : []),
      ...(past('w') ? ['stores, MMU off'] : []),
      ...(fetches ? ['fetches'] : []),
    ].join('; ') || 'no'
  );
}

function exactlyWhen(runs: readonly Run[]): ProofTable {
  const labels = [
    'world',
    'history',
    'block maps an uncleaned page',
    'guest goes past the D-cache',
    'verdict',
    'the same with a clean',
  ];
  const rows = settings.map(({ name, history }) => {
    const at = { world: name, history, fwb: false };
    const reached = find(runs, { ...at, subject: RFC, looksFor: 'uncleaned-page-reached' }).found !== 'nothing';
    return [
      `\`${name}\``,
      `\`${history}\``,
      reached ? 'yes' : 'no',
      pastTheCache(worldNamed(name)),
      verdictOf(find(runs, { ...at, subject: RFC, looksFor: 'rules' })),
      verdictOf(find(runs, { ...at, subject: UNIFORM, looksFor: 'rules' })),
    ];
  });
  return {
    caption: `When \`${RFC}\` is unsafe without FWB. With FWB it is safe in every row.`,
    columns: labels.map((label) => ({ label, align: 'left' })),
    rows,
    folded: false,
  };
}

function verdicts(runs: readonly Run[]): ProofTable {
  const rows = settings.flatMap(({ name, history }) =>
    [false, true].map((fwb) => {
      const results = ORDER.map((subject) => find(runs, { world: name, history, fwb, subject, looksFor: 'rules' }));
      const states = Math.max(...results.map((result) => result.states));
      return [`\`${name}\``, `\`${history}\``, fwb ? 'on' : 'off', ...results.map(verdictOf), formatCount(states)];
    }),
  );
  return {
    caption:
      'Every strategy in every world, history, with FWB and without; states of the largest of the four explorations',
    columns: [
      ...['world', 'history', 'FWB', ...ORDER].map((label) => ({ label, align: 'left' as const })),
      { label: 'states', align: 'right' },
    ],
    rows,
    folded: true,
  };
}

function verdictOf({ found, complete }: ExploreResult): string {
  if (found === 'nothing') return complete ? 'safe' : 'incomplete';
  return found === 'incomplete' ? found : `unsafe: ${found}`;
}
