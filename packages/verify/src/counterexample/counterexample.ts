/** Makes a document of a violation, and runs a document again. */
import { type History, KEPT_FLAWS, KERNEL_FLAWS, type KernelFlaw } from '@s2bench/kernel';
import { RuleKeptError, VerifyError } from '../errors.ts';
import type { ScheduledStep, Violation } from '../explore/explorer.ts';
import type { ModelOptions } from '../explore/model.ts';
import type { Model } from '../explore/model.ts';
import { modelOf } from '../explore/stage.ts';
import { beginOf, preludeBegin } from '../explore/prelude.ts';
import type { Programs } from '../explore/programs.ts';
import { preludeOf, programsOf } from '../explore/programs.ts';
import { architectureOf } from '../hardware/architecture.ts';
import { VERIFIED_KERNEL } from '../kernel/rig.ts';
import { makeSmallGeometry } from '../small-geometry.ts';
import { conclusionOf } from './conclusion.ts';
import type { Describer } from './describe.ts';
import { describerOf } from './describe-shared.ts';
import { fewestTurns } from './fewest-turns.ts';
import { openingOf } from './opening.ts';
import type { RetracedStep } from './retrace.ts';
import { retrace } from './retrace.ts';
import type { Counterexample, CounterexampleOf } from './schema.ts';
import { COUNTEREXAMPLE_VERSION } from './schema.ts';

/** Makes the document of a violation that an exploration of a model found. */
export function counterexampleOf(
  options: ModelOptions,
  history: History,
  violation: Violation,
  inHistory: boolean,
): CounterexampleOf<string> {
  const model = modelOf(options);
  const { programs, begin } = stage(model, history, inHistory);
  const { rule } = violation;
  const schedule = fewestTurns(model, programs, begin, violation.schedule, rule);
  return documentOf(model, programs, retrace(model, programs, begin, schedule), { history, rule, inHistory });
}

/** A document that was run again, in the model that it was run in. */
export interface Replayed {
  readonly model: Model;
  readonly begin: Uint32Array;
  readonly steps: readonly RetracedStep[];
  /** The same schedule, in the words of this version. */
  readonly document: Counterexample;
}

/**
 * Runs a document again.
 *
 * @throws VerifyError where it is of another strategy or world, or one of its steps is not possible
 * @throws RuleKeptError where all of its steps are possible and its rule is kept
 */
export function replay(
  options: Omit<ModelOptions, 'arch' | 'mergeQuiet' | 'explicitHardware' | 'kernel' | 'flaws'>,
  document: Counterexample,
): Replayed {
  const { strategy, world, history, fwb, kernel, rule, inHistory, search } = document;
  if (strategy !== options.subject.strategy.name) {
    throw new VerifyError(`the counterexample is of strategy ${strategy}, not of ${options.subject.strategy.name}`);
  }
  if (world !== options.world.name || fwb !== options.fwb)
    throw new VerifyError(`the counterexample is of another world: ${world}`);
  const { arch } = architectureOf(document.arch);
  const model = modelOf({
    ...options,
    arch,
    kernel,
    ...(document.flaws && { flaws: document.flaws.map(flawNamed) }),
    mergeQuiet: search.mergeQuiet,
    explicitHardware: !search.mayBeCached,
  });
  const { programs, begin } = stage(model, history, inHistory);
  const steps = retrace(model, programs, begin, document.schedule as ScheduledStep[]);
  const broken = steps[steps.length - 1]?.broken;
  if (broken?.rule !== rule)
    throw new RuleKeptError(
      `the counterexample breaks ${broken?.rule ?? 'no rule'} now, not ${rule}: the strategy has changed`,
    );
  return { model, begin, steps, document: { ...documentOf(model, programs, steps, document), rule } };
}

function documentOf(
  model: Model,
  programs: Programs,
  steps: readonly RetracedStep[],
  { history, rule, inHistory }: Pick<CounterexampleOf<string>, 'history' | 'rule' | 'inHistory'>,
): CounterexampleOf<string> {
  const [first, last] = [steps[0], steps[steps.length - 1]] as [RetracedStep, RetracedStep];
  const { world, fwb, kernel = VERIFIED_KERNEL, flaws, subject, mergeQuiet, explicitHardware } = model.options;
  const describer = describerOf(model, programs, makeSmallGeometry(world.levels));
  const agents = [...world.vcpus.map((_, vcpu) => `vCPU ${vcpu}`), 'host', 'caches'];
  return {
    schemaVersion: COUNTEREXAMPLE_VERSION,
    strategy: subject.strategy.name,
    world: world.name,
    history,
    fwb,
    arch: model.arch.name,
    kernel,
    ...(flaws !== undefined && flaws !== KEPT_FLAWS && { flaws: flaws.map(({ option }) => option) }),
    rule,
    agents,
    search: { mergeQuiet, mayBeCached: !explicitHardware },
    inHistory,
    schedule: steps.map(({ agent, kind, detail }) => ({ agent, kind, detail })),
    begin: stateOf(describer, first.before),
    opening: inHistory ? 'The rule is broken while the history of the world is made.' : openingOf(world, history),
    rows: rowsOf(steps, agents, describer),
    conclusion: conclusionOf(rule, last, describer, world.vcpus, fwb),
  };
}

function flawNamed(option: string): KernelFlaw {
  const found = KERNEL_FLAWS.find((flaw) => flaw.option === option);
  if (found !== undefined) return found;
  const known = KERNEL_FLAWS.map((flaw) => flaw.option).join(', ');
  throw new VerifyError(`the counterexample keeps the mistake ${option} of the kernel model; known are ${known}`);
}

function stage(model: Model, history: History, inHistory: boolean): { programs: Programs; begin: Uint32Array } {
  const { world } = model.options;
  if (inHistory) return { programs: preludeOf(world, history), begin: preludeBegin(model, history) };
  return { programs: programsOf(world), begin: beginOf(model, history).state };
}

function stateOf(describer: Describer, state: Uint32Array): Counterexample['begin'] {
  return { table: describer.table(state), uncleaned: describer.uncleaned(state) };
}

function rowsOf(
  steps: readonly RetracedStep[],
  agents: readonly string[],
  describer: Describer,
): Counterexample['rows'] {
  const rows: Counterexample['rows'] = [];
  let previous = -1;
  for (const step of steps) {
    const text = describer.describe(step);
    const last = rows[rows.length - 1];
    if (text === undefined || text === '') continue;
    const after = stateOf(describer, step.after);
    if (last !== undefined && step.agent === previous) {
      last.actions.push(text);
      Object.assign(last, after);
    } else rows.push({ agent: agents[step.agent] ?? '', actions: [text], ...after });
    previous = step.agent;
  }
  return rows;
}
