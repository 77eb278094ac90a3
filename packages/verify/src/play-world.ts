/**
 * A world played in one order only: what the explorer does in all orders, done once. It costs milliseconds, so that
 * many worlds can be looked at, and it is the same judge: the same sections, hardware and rules.
 */
import type { Strategy } from '@s2bench/core';
import { counterexampleOf } from './counterexample/counterexample.ts';
import type { Counterexample } from './counterexample/schema.ts';
import { VerifyError } from './errors.ts';
import { Expander } from './explore/expander.ts';
import type { ScheduledStep, Violation } from './explore/explorer.ts';
import { Model } from './explore/model.ts';
import { beginOf } from './explore/prelude.ts';
import { programsOf } from './explore/programs.ts';
import { RULES } from './rules/index.ts';
import { STRICTEST } from './hardware/architecture.ts';
import type { RuleName } from './rules/rule.ts';
import type { Subject } from './subject.ts';
import type { VerifyOptions } from './verify-world.ts';
import type { World } from './world.ts';

/** More steps than any program has: what takes more does not come to an end. */
const MOST_STEPS = 10_000;

/** What was found when a world was played. */
export interface PlayedFinding {
  readonly rule: RuleName;
  /** The steps to it. They are worked out when they are asked for, which takes longer than to find them. */
  counterexample(): Counterexample;
}

/** How a world is played. */
export type PlayOptions = Pick<VerifyOptions, 'history' | 'fwb' | 'arch' | 'kernel' | 'rules'>;

/**
 * Plays a world: of the steps that are possible the first is taken, in the order vCPU 0, vCPU 1, …, host, and of an
 * access's outcomes the first. So the host acts where every vCPU waits for it. A rule counts as broken also where a step
 * breaks it that is possible beside the one that is taken.
 *
 * @returns what is broken, which `verifyWorld` would find in the same world too; `undefined` where nothing was found,
 * which says nothing of other orders
 */
export function playWorld(what: Strategy | Subject, world: World, options: PlayOptions): PlayedFinding | undefined {
  const subject = 'strategy' in what ? what : { strategy: what };
  const { history, fwb, arch = STRICTEST, kernel, rules = RULES } = options;
  const modelOptions = { subject, world, fwb, arch, kernel, rules, mergeQuiet: true, explicitHardware: false };
  const model = new Model(modelOptions);
  const begin = beginOf(model, history);
  const violation = begin.violation ?? play(model, begin.state);
  if (violation === undefined) return undefined;
  return {
    rule: violation.rule as RuleName,
    counterexample: () =>
      counterexampleOf(modelOptions, history, violation, begin.violation !== undefined) as Counterexample,
  };
}

function play(model: Model, begin: Uint32Array): Violation | undefined {
  const schedule: ScheduledStep[] = [];
  const found: { taken?: ScheduledStep; after?: Uint32Array; violation?: Violation } = {};
  const expander = new Expander(model, programsOf(model.options.world), {
    reached(agent, kind, detail) {
      if (found.taken !== undefined) return;
      found.taken = { agent, kind, detail };
      found.after = expander.next.slice();
    },
    broken(agent, kind, detail, rule, text) {
      found.violation ??= { rule, text, schedule: [...schedule, { agent, kind, detail }] };
    },
  });
  const stepFrom = (state: Uint32Array): typeof found => {
    delete found.taken;
    expander.expand(state);
    return found;
  };
  for (let state = begin; !expander.isDone(state);) {
    const { taken, after, violation } = stepFrom(state);
    if (violation !== undefined) return violation;
    // An operation that failed has no rest after it.
    if (taken === undefined || after === undefined) return undefined;
    schedule.push(taken);
    state = after;
    if (schedule.length > MOST_STEPS)
      throw new VerifyError(`world ${model.options.world.name}: played step by step, it does not come to an end`);
  }
  return undefined;
}
