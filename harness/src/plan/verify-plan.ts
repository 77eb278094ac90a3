/** What is explored for a verification, plain values for a pool, and what is held against what is found there. */
import { kernelModelOf, whyNotWritten } from '@s2bench/kernel';
import type { Profile } from '@s2bench/machine';
import type { Cell } from '@s2bench/report/schema';
import {
  type AnyWorld,
  architectureFor,
  type Bounds,
  type CasemateFile,
  type Counterexample,
  type Expectation,
  expectationOf,
  type ExplorationRecord,
  HISTORIES,
  HOOK_WORLDS,
  type History,
  lackingIn,
  RULE_NAMES,
  type RuleName,
  SMALL_WORLDS,
  STRICTEST,
  unknownRules,
  type VerifyResult,
  type World,
} from '@s2bench/verify';
import { knownNames, UsageError } from '../cli/errors.ts';
import { say } from '../cli/terminal.ts';
import type { Branch } from './branch.ts';
import type { VerifyRequest } from '../options/verify-request.ts';
import { exploredKernel, requireWritten, upstreamOf, whyNotExplored } from '../options/kernels.ts';
import type { KnownStrategy } from '../plugins/probe.ts';

/** What is verified, by what a worker finds it with. */
export type SubjectRef =
  | {
      readonly kind: 'strategy';
      readonly name: string;
      /** The module that holds it. */
      readonly url: string;
    }
  /** Of `@s2bench/zoo`. */
  | { readonly kind: 'animal' | 'variation'; readonly name: string }
  /** The kernel model with no strategy in it. */
  | { readonly kind: 'model'; readonly name: string };

/** A world to be explored, or a real table to be judged in. */
export interface WorldTask {
  readonly subject: SubjectRef;
  readonly world: AnyWorld;
  readonly history: History;
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  /** The hardware, as in `--arch`; left out: the strictest. */
  readonly arch?: string;
  /** Kernel model, with its options. */
  readonly kernel: string;
  readonly rules: readonly RuleName[];
  readonly bounds: Partial<Bounds>;
  /** Where a rule is broken: go on without it, until nothing more is found. */
  readonly everyRule: boolean;
  /** Write traces for Casemate. */
  readonly casemate?: boolean;
}

/** A world to be explored, and what other strategies have found there. */
export interface ExploreTask extends WorldTask {
  /** Explorations of the same by other strategies; left out: no other one is asked. */
  readonly known?: readonly ExplorationRecord[];
  /** Cores that nobody else uses: so many threads explore along where the world is large. Left out: none. */
  readonly mates?: number;
  /** Others will be asked the same: what is explored is written down for them. */
  readonly keepsRecords?: boolean;
}

/** What became of a task, where it was not the worker that ended. */
export type Explored =
  /** The first result is the world's; more of them, if any, are what is broken besides. */
  | {
      readonly ok: true;
      readonly results: readonly VerifyResult[];
      readonly traces: readonly CasemateFile[];
      /** Branches of the strategy that the worker had not seen taken by then, where it counts them. */
      readonly untaken?: readonly Branch[];
      /** What was explored, for strategies that do the same, where they are asked. */
      readonly records?: readonly ExplorationRecord[];
    }
  | { readonly ok: false; readonly problem: string };

/** A counterexample to be run again. */
export interface ReplayTask {
  readonly subject: SubjectRef;
  readonly world: World;
  readonly document: Counterexample;
}

/** What came of it. */
export type Replayed =
  /** The same rule is broken; the document as it is now. */
  | { readonly ok: true; readonly document: Counterexample }
  /** `isKept`: every step is possible, and the rule is kept. */
  | { readonly ok: false; readonly isKept: boolean; readonly problem: string };

/** What is to be verified. */
export interface VerifyPlan {
  readonly tasks: readonly WorldTask[];
  /** With kernel models of its own where it lives under these alone. */
  readonly expectations: readonly (Expectation & { readonly kernels?: readonly string[] })[];
  /** Kernel models: a verdict for each. */
  readonly kernels: readonly string[];
  /** Rules that would show: one of these that is expected to be broken and is not, is kept. */
  readonly couldShow: readonly RuleName[];
  /** Whether strategies' branches are counted, and those that are never taken named. */
  readonly isCovered: boolean;
}

/**
 * Reads what strategies declare.
 *
 * @throws UsageError where one names a rule that there is not
 */
function declaredBy(strategy: KnownStrategy): Expectation {
  for (const rule of unknownRules(strategy))
    throw new UsageError(`${strategy.location.label}: expects ${rule}: unknown rule; ${knownNames(rule, RULE_NAMES)}`);
  return expectationOf(strategy);
}

/**
 * Plans the verification of strategies.
 *
 * @param upstream - those that were asked for as what a release does: each is verified under its releases alone
 * @param isNamed - somebody named them; else those that are written for none of the kernel models are left out
 * @throws UsageError
 */
export function planStrategies(
  known: readonly KnownStrategy[],
  request: VerifyRequest,
  upstream: ReadonlySet<string> = new Set(),
  isNamed = true,
): VerifyPlan {
  const kernelsFor = (strategy: KnownStrategy): string[] =>
    request.kernels
      .filter((kernel) => {
        const own = strategy.parts.strategy;
        return !upstream.has(own) || upstreamOf(kernelModelOf(kernel)) === own;
      })
      .filter((kernel) => isNamed || whyNotWritten(strategy, kernelModelOf(kernel)) === undefined);
  const strategies = known.filter((strategy) => kernelsFor(strategy).length > 0);
  for (const strategy of strategies)
    for (const kernel of kernelsFor(strategy)) requireWritten(strategy, kernelModelOf(kernel), strategy.location.label);
  return {
    tasks: strategies.flatMap((strategy) => tasksOf(strategy, { ...request, kernels: kernelsFor(strategy) })),
    expectations: strategies.map((strategy) => ({ ...declaredBy(strategy), kernels: kernelsFor(strategy) })),
    kernels: request.kernels,
    couldShow: request.isWhole ? request.rules : [],
    isCovered: request.isWhole,
  };
}

/** Whether runs under a kernel model can be written down for Casemate. */
export function hasTraces(kernel: string): boolean {
  return kernelModelOf(kernel).mapLock !== 'shared';
}

/** @throws UsageError where a kernel model's runs cannot be written down */
export function refuseTraces(kernels: readonly string[]): void {
  const shared = kernels.find((kernel) => !hasTraces(kernel));
  if (shared === undefined) return;
  throw new UsageError(
    `--export-casemate: not with --kernel ${shared}: its map faults share mmu_lock, and traces are written of sections that have the lock alone; use a model up to v6.1, or add map-lock=exclusive, under which sections are taken one at a time`,
  );
}

/**
 * The hardware is the one that was asked for, or else the strictest that has what the strategy needs.
 *
 * @throws UsageError where it needs FEAT_S2FWB, and only what is without it was asked for
 */
function tasksOf(
  { name, needs, location, hasHooks }: KnownStrategy,
  { settings, hookSettings, arch, kernels, rules, bounds, casemate }: VerifyRequest,
): WorldTask[] {
  const subject = { kind: 'strategy', name, url: location.entryUrl } as const;
  const all = hasHooks ? [...settings, ...hookSettings] : settings;
  const its = all.filter(({ fwb }) => fwb || needs?.fwb !== true);
  if (its.length === 0)
    throw new UsageError(`${location.label}: needs FEAT_S2FWB, and nothing with it was asked for; use --fwb on`);
  const hardware = arch ?? architectureFor(needs).arch;
  const lacking = lackingIn(hardware, needs);
  if (lacking.length > 0)
    say(
      `${name} needs ${lacking.join(' and ')}, which --arch ${hardware.name} does not have: it is judged there all the same`,
    );
  const how = { arch: hardware.name, rules, bounds, everyRule: true, casemate: casemate !== undefined };
  return kernels.flatMap((kernel) =>
    its.map(({ world, history, fwb }) => ({ subject, world, history, fwb, kernel, ...how })),
  );
}

/** What one verdict is of. */
export interface Question {
  readonly strategy: string;
  /** Kernel model, as it is explored. */
  readonly kernel: string;
  readonly history: History;
  readonly fwb: boolean;
}

/**
 * What is to be explored for cells, each landmark once, under the kernel model of the cell: on the strictest hardware that
 * has what the strategy needs. What only generated worlds and tables of real size show, and which branches are taken, is the
 * business of a verification of its own.
 */
export function tasksFor(
  cells: readonly Cell[],
  strategies: readonly KnownStrategy[],
  profiles: readonly Profile[],
  bounds: Partial<Bounds> = {},
): WorldTask[] {
  const questions = new Map(
    cells.flatMap((cell) => questionOf(cell, profiles) ?? []).map((question) => [keyOf(question), question]),
  );
  return [...questions.values()].flatMap(({ strategy, kernel, history, fwb }) => {
    const known = strategies.find(({ name }) => name === strategy);
    if (known === undefined) return [];
    const { needs, location, hasHooks } = known;
    const { arch } = architectureFor(needs);
    const worlds = hasHooks ? [...SMALL_WORLDS, ...HOOK_WORLDS] : SMALL_WORLDS;
    return worlds
      .filter(({ histories }) => histories.includes(history))
      .map((world): WorldTask => {
        return {
          subject: { kind: 'strategy', name: strategy, url: location.entryUrl },
          world,
          history,
          fwb,
          ...(arch !== STRICTEST && { arch: arch.name }),
          kernel,
          rules: RULE_NAMES,
          // Where sections have the lock alone a landmark ends in seconds.
          bounds: kernelModelOf(kernel).mapLock === 'shared' ? bounds : {},
          everyRule: true,
        };
      });
  });
}

/** What a cell's verdict is of; `undefined` where no world shows its history, or its kernel model is not explored. */
export function questionOf(
  { strategy, history, kernel, profile }: Cell,
  profiles: readonly Profile[],
): Question | undefined {
  const known = HISTORIES.find((name) => name === history);
  const machine = profiles.find(({ name }) => name === profile);
  const model = kernelModelOf(kernel);
  if (known === undefined || machine === undefined || whyNotExplored(model) !== undefined) return undefined;
  return { strategy, kernel: exploredKernel(model, '--kernel'), history: known, fwb: machine.features.fwb };
}

/** One key for each question. */
export function keyOf({ strategy, kernel, history, fwb }: Question): string {
  return `${strategy}\n${kernel}\n${history}\n${fwb}`;
}
