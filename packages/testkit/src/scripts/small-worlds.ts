/**
 * Random worlds of `@s2bench/verify`, played in one order. The table has four entries a page, so that what TLBs, walkers
 * and caches may hold is followed exactly, by the code that `s2bench verify` follows it with.
 */
import type { Strategy } from '@s2bench/core';
import {
  architectureFor,
  type Counterexample,
  type GuestStep,
  type History,
  type HostStep,
  playWorld,
  renderCounterexample,
  type World,
} from '@s2bench/verify';
import * as fc from 'fast-check';
import type { Aspect, Finding } from '../finding.ts';
import { worldKernels } from '../kernels.ts';
import { TAKE_DOWN_FIRST } from '../reference.ts';
import { rulesToKeep } from './rules-to-keep.ts';
import { smallestFailing } from './smallest-failing.ts';

/** A world, how it begins, and whether there is FEAT_S2FWB. */
export interface SmallWorld {
  readonly world: World;
  readonly history: History;
  readonly fwb: boolean;
}

/** What is done next: by the guest, or by the host while the guest waits. */
type Act = { readonly guest: GuestStep } | { readonly host: HostStep };

/** Faults and acts of the host in any order: few enough that each agent's program has room for its part. */
const MOST_ACTS = 14;

/** Pages of a slot, and of the blocks that its backing gives. */
const SHAPES = [
  { levels: 2, pages: 4, blockPages: 4 },
  { levels: 2, pages: 8, blockPages: 4 },
  { levels: 3, pages: 16, blockPages: 16 },
] as const;

/** Pages are mapped while the slot is logged; then it is not, and the next fault makes a block of their table. */
export const smallCoalesces: fc.Arbitrary<SmallWorld> = fc.constantFrom(...SHAPES).chain((shape) => {
  const { pages } = shape;
  const access = fc
    .tuple(fc.constantFrom('r', 'w'), fc.nat({ max: pages - 1 }))
    .map(([kind, page]) => `${kind}${page}`);
  return fc
    .record({
      mapped: fc.array(access, { minLength: 1, maxLength: Math.min(pages, 8) }),
      touched: fc.array(access, { minLength: 1, maxLength: 4 }),
      caches: fc.boolean(),
      fwb: fc.boolean(),
    })
    .map(({ mapped, touched, caches, fwb }) => {
      const acts: Act[] = [
        ...mapped.map((guest) => ({ guest })),
        { host: { do: 'logging', on: false } },
        ...touched.map((guest) => ({ guest })),
      ];
      return { world: worldOf(shape, acts, caches), history: 'logging-first' as const, fwb };
    });
});

/** Faults of all kinds, while the host logs, collects, writes, takes pages away and moves the slot. */
export const smallSequences: fc.Arbitrary<SmallWorld> = fc.constantFrom(...SHAPES).chain((shape) => {
  const { pages } = shape;
  const page = fc.nat({ max: pages - 1 });
  const guest = fc.tuple(fc.constantFrom('r', 'r', 'w', 'x'), page).map(([kind, at]) => ({ guest: `${kind}${at}` }));
  const host = fc.oneof(
    fc.boolean().map((on): HostStep => ({ do: 'logging', on })),
    page.map((at): HostStep => ({ do: 'write', page: at })),
    page.map((at): HostStep => ({ do: 'unmap', firstPage: at, pages: 1 })),
    fc.constant<HostStep>({ do: 'collect' }),
  );
  const act = fc.oneof(
    { weight: 3, arbitrary: guest.map((one): Act => one) },
    { weight: 2, arbitrary: host.map((step): Act => ({ host: step })) },
  );
  return fc
    .record({
      acts: fc.array(act, { minLength: 2, maxLength: MOST_ACTS }),
      history: fc.constantFrom<History>('logging-first', 'block-first'),
      caches: fc.boolean(),
      fwb: fc.boolean(),
    })
    .map(({ acts, history, caches, fwb }) => ({ world: worldOf(shape, acts, caches), history, fwb }));
});

/** A step of the host in a few words, with its pages after it. */
function textOf(step: HostStep): string {
  switch (step.do) {
    case 'logging':
      return step.on ? 'log on' : 'log off';
    case 'write':
      return `host w${step.page}`;
    case 'unmap':
      return `unmap ${step.firstPage}`;
    default:
      return step.do;
  }
}

/** One vCPU that waits for the host wherever the host comes next. */
function worldOf({ levels, pages, blockPages }: (typeof SHAPES)[number], acts: readonly Act[], caches: boolean): World {
  const steps: GuestStep[] = [];
  const host: HostStep[] = [];
  let waitsFor = 0;
  for (const act of acts) {
    if ('host' in act) host.push(act.host);
    else {
      if (host.length > waitsFor) steps.push(`@${(waitsFor = host.length)}`);
      steps.push(act.guest);
    }
  }
  return {
    name: 'random-sequence',
    purpose: acts.map((act) => ('host' in act ? textOf(act.host) : act.guest)).join(', '),
    levels,
    slot: { basePage: 0, pages, backing: 'hugetlb', blockPages, begin: 'written' },
    histories: ['logging-first', 'block-first'],
    vcpus: [{ caches, steps }],
    host,
  };
}

/**
 * Plays worlds until a rule is broken, and shrinks that one. What the reference breaks there too is the kernel model's own.
 */
export function firstInSmallWorlds(
  worlds: fc.Arbitrary<SmallWorld>,
  options: { readonly runs: number; readonly seed: number },
  strategy: Strategy,
  aspect: Aspect,
): Finding | undefined {
  const rules = rulesToKeep(strategy);
  const { arch, fwb: needsFwb = false } = architectureFor(strategy.needs);
  const found = smallestFailing(worlds, options, ({ world, history, fwb: hasFwb }) => {
    const fwb = hasFwb || needsFwb;
    for (const kernel of worldKernels(strategy)) {
      const broken = playWorld(strategy, world, { history, fwb, arch, kernel, rules });
      if (broken === undefined) continue;
      if (playWorld(TAKE_DOWN_FIRST, world, { history, fwb, arch, kernel, rules })?.rule === broken.rule) continue;
      return { broken, world };
    }
    return undefined;
  });
  return found && findingOf(found.broken.counterexample(), found.world, aspect);
}

function findingOf(found: Counterexample, { purpose, levels }: World, aspect: Aspect): Finding {
  const { rows, conclusion, history, fwb, rule } = found;
  const last = rows.at(-1);
  return {
    aspect,
    rule,
    op: `${last?.agent ?? 'the host'} (${purpose}; ${levels} levels of four entries, history ${history}, FWB ${fwb ? 'on' : 'off'})`,
    step: last?.actions.at(-1) ?? 'the history',
    message: conclusion,
    detail: renderCounterexample(found),
  };
}
