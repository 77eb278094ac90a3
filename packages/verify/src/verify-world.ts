/** One strategy in one world: explored, and the verdict. */
import { LOG_HOOKS, type Strategy } from '@s2bench/core';
import { type History, KEPT_FLAWS, type KernelFlaw, kernelModelOf } from '@s2bench/kernel';
import { parseWorld } from './check-world.ts';
import { counterexampleOf } from './counterexample/counterexample.ts';
import type { CounterexampleOf } from './counterexample/schema.ts';
import { VerifyError } from './errors.ts';
import type { SharedExplorations } from './exploration-record.ts';
import type { Bounds } from './explore/bounds.ts';
import type { Exploration, Violation } from './explore/explorer.ts';
import { Explorer } from './explore/explorer.ts';
import type { Company } from './explore/joint/company.ts';
import { Link, type LinkBuffers } from './explore/joint/link.ts';
import { exploreAlong } from './explore/joint/mate.ts';
import type { ModelOptions } from './explore/model.ts';
import { SharedModel } from './shared/shared-model.ts';
import { modelOf } from './explore/stage.ts';
import { beginOf } from './explore/prelude.ts';
import { programsOf } from './explore/programs.ts';
import type { Architecture } from './hardware/architecture.ts';
import { STRICTEST } from './hardware/architecture.ts';
import { CoalesceShapes } from './kernel/coalesce-shapes.ts';
import { VERIFIED_KERNEL } from './kernel/rig.ts';
import { Repeats } from './kernel/repeats.ts';
import { logged, type LoggedSection } from './kernel/section-log.ts';
import { RULES } from './rules/index.ts';
import type { Observer, RuleName } from './rules/rule.ts';
import { type Subject, subjectFrom } from './subject.ts';
import type { World } from './world.ts';

/** What of the search may be switched off, to show that the verdict does not hang on it. */
export interface Reductions {
  /** vCPUs of one program are interchangeable. */
  readonly symmetry: boolean;
  /** Steps of the stage-2 code that nobody can notice are taken together with the step before. */
  readonly mergeQuiet: boolean;
  /** The set of what may be cached stands for the TLB and the walker of every CPU. */
  readonly mayBeCached: boolean;
}

/** Options of a verification. */
export interface VerifyOptions<Name extends string = RuleName> {
  readonly history: History;
  /** FEAT_S2FWB. */
  readonly fwb: boolean;
  /** The hardware; left out: the strictest that the architecture allows. */
  readonly arch?: Architecture;
  /** Known mistakes of the kernel model that are kept. Left out: what not every unmap runs into (`KEPT_FLAWS`). */
  readonly flaws?: readonly KernelFlaw[];
  /** Kernel model, options after a `?`; left out: {@link VERIFIED_KERNEL}. */
  readonly kernel?: string;
  /** Rules or probes; left out: all rules. */
  readonly rules?: readonly Observer<Name>[];
  readonly bounds?: Partial<Bounds>;
  readonly reductions?: Partial<Reductions>;
  /** What other strategies have explored with the same options. The result is the same without it. */
  readonly shared?: SharedExplorations;
  /** Threads that explore along where a world is large. The result is the same without them. */
  readonly company?: Company;
}

/** What was found. */
export interface VerifyResult<Name extends string = RuleName> {
  readonly strategy: string;
  readonly world: string;
  readonly history: History;
  readonly fwb: boolean;
  /** The hardware, as in `--arch`. */
  readonly arch: string;
  /** Kernel model, with its options. */
  readonly kernel: string;
  readonly verdict: 'safe' | 'unsafe' | 'incomplete';
  readonly rule?: Name;
  /** Turns of the counterexample: its rows. */
  readonly steps?: number;
  readonly counterexample?: CounterexampleOf<Name>;
  /** What is wrong, in one line, where it was found in a real table: there are no steps to be run again. */
  readonly finding?: string;
  /** The same in its parts: which entries were valid, the action of the map from 1 (0: after it), and what is wrong. */
  readonly foundAt?: { readonly population: string; readonly action: number; readonly what: string };
  /** Shapes of the coalesces that were gone through, in words. */
  readonly coalesces: readonly string[];
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly complete: boolean;
  readonly bounds: Bounds;
  readonly bytesPerState: number;
  readonly elapsedMs: number;
}

type Unsafe<Name extends string> = Required<Pick<VerifyResult<Name>, 'rule' | 'steps' | 'counterexample'>> & {
  readonly verdict: 'unsafe';
};

/** Bounds where none are given. */
export const DEFAULT_BOUNDS: Bounds = { maxStates: 100_000_000, maxSeconds: 600, maxBytes: 3.5 * 2 ** 30 };

/**
 * Explores all interleavings of a world under a strategy, or of a whole subject.
 *
 * @throws VerifyError where the world makes no sense or has no such history, there is no such kernel model, or the strategy
 * throws, or does not do the same when it is run again
 */
export function verifyWorld<Name extends string = RuleName>(
  what: Strategy | Subject,
  world: World,
  options: VerifyOptions<Name>,
): VerifyResult<Name> {
  const subject = subjectFrom(what);
  parseWorld(world);
  if (!world.histories.includes(options.history)) {
    throw new VerifyError(
      `world ${world.name} has no history '${options.history}'; it has ${world.histories.join(', ')}`,
    );
  }
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
  const { modelOptions, usesSymmetry: maySort, shapes, rules, repeats } = settingOf(subject, world, options);
  const { arch, kernel } = modelOptions;
  const sections: LoggedSection[] = [];
  // Sections that share mmu_lock are known by their actions: what a section did as a whole says too little.
  const shared = kernelModelOf(kernel).mapLock === 'shared' ? undefined : options.shared;
  const model = modelOf(
    shared === undefined
      ? modelOptions
      : { ...modelOptions, onSection: (section) => void sections.push(logged(section)) },
  );
  const unsafe = (violation: Violation, inHistory: boolean): Unsafe<Name> => {
    const counterexample = counterexampleOf(
      modelOptions,
      options.history,
      violation,
      inHistory,
    ) as CounterexampleOf<Name>;
    return { verdict: 'unsafe', rule: counterexample.rule, steps: counterexample.rows.length, counterexample };
  };
  const { history, fwb } = options;
  const head = { strategy: subject.strategy.name, world: world.name, history, fwb, arch: arch.name, kernel };
  const begin = beginOf(model, options.history);
  if (begin.violation !== undefined) {
    repeats.backwards();
    model.backwards();
    const { violation } = begin;
    const depth = violation.schedule.length;
    return {
      ...head,
      ...unsafe(violation, true),
      coalesces: shapes.found,
      states: depth,
      transitions: depth,
      depth,
      complete: false,
      bounds,
      bytesPerState: 0,
      elapsedMs: 0,
    };
  }
  const usesSymmetry = maySort && model.isSymmetric;
  const startedAt = performance.now();
  const ruleNames = rules.map(({ name }) => name);
  const hooks = LOG_HOOKS.flatMap((hook) => (subject.strategy[hook] ?? []).map(({ name }) => `${hook}.${name}`));
  const like = shared?.known.find(
    (one) =>
      one.rules.join() === ruleNames.join() && one.hooks.join() === hooks.join() && model.doesTheSame(one.sections),
  );
  // Sections that share the lock are learned all along: others would have to learn all of them too.
  const company = model instanceof SharedModel ? undefined : options.company;
  const explore = (): Exploration =>
    new Explorer(model, programsOf(world), usesSymmetry, company).run(begin.state, bounds);
  const exploration = like?.exploration ?? explore();
  repeats.backwards();
  model.backwards();
  const coalesces = like?.coalesces ?? shapes.found;
  const { violation, ...found } = exploration;
  // What a bound has cut off may go further next time.
  if (like === undefined && (found.complete || violation !== undefined))
    shared?.keep({ rules: ruleNames, hooks, sections, exploration, coalesces });
  const verdict = found.complete ? 'safe' : 'incomplete';
  return {
    ...head,
    ...(violation === undefined ? { verdict } : unsafe(violation, false)),
    coalesces,
    ...found,
    ...(like && { elapsedMs: performance.now() - startedAt }),
    bounds,
  };
}

/**
 * Explores along with {@link verifyWorld}, which was called with the same world and options and the same strategy, loaded
 * anew in this thread. Comes back when the exploration is over.
 *
 * @param buffers - what it has handed to its {@link Company}
 * @param me - the number of this thread, from 1 on
 */
export function joinExploration(
  what: Strategy | Subject,
  world: World,
  options: Omit<VerifyOptions<string>, 'company' | 'shared'>,
  buffers: LinkBuffers,
  me: number,
): void {
  const { modelOptions, usesSymmetry } = settingOf(subjectFrom(what), world, options);
  const bounds = { ...DEFAULT_BOUNDS, ...options.bounds };
  exploreAlong(modelOptions, options.history, usesSymmetry, new Link(buffers, me), bounds);
}

/** What is explored: all that a thread which explores along needs to know of it too. */
function settingOf(subject: Subject, world: World, options: VerifyOptions<string>): Setting {
  const kernel = kernelNamed(options.kernel ?? VERIFIED_KERNEL);
  const reductions = { symmetry: true, mergeQuiet: true, mayBeCached: true, ...options.reductions };
  const shapes = new CoalesceShapes(world.levels);
  const rules: readonly Observer[] = [...(options.rules ?? RULES), shapes];
  const repeats = new Repeats(subject.strategy.name);
  const modelOptions = {
    subject,
    world,
    fwb: options.fwb,
    arch: options.arch ?? STRICTEST,
    kernel,
    flaws: options.flaws ?? KEPT_FLAWS,
    rules,
    mergeQuiet: reductions.mergeQuiet,
    explicitHardware: !reductions.mayBeCached,
    repeats,
  };
  return { modelOptions, usesSymmetry: reductions.symmetry && reductions.mayBeCached, shapes, rules, repeats };
}

/** What an exploration is of, and what listens to it. */
interface Setting {
  readonly modelOptions: ModelOptions & Required<Pick<ModelOptions, 'arch'>> & { readonly kernel: string };
  readonly usesSymmetry: boolean;
  readonly shapes: CoalesceShapes;
  readonly rules: readonly Observer[];
  readonly repeats: Repeats;
}

/** The full name of a kernel model. */
function kernelNamed(text: string): string {
  try {
    return kernelModelOf(text).name;
  } catch (error) {
    throw error instanceof RangeError ? new VerifyError(`kernel ${error.message}`) : error;
  }
}
