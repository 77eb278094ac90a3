/** Runs what happened before a world begins: one agent after the other, with nobody in between. */
import type { History } from '@s2bench/kernel';
import { VerifyError } from '../errors.ts';
import { expanderOf } from './stage.ts';
import type { ScheduledStep, Violation } from './explorer.ts';
import { COMMON, FIRST_VCPU, HOST_PHASE, HOST_POSITION, POSITION, set } from './layout.ts';
import type { Model } from './model.ts';
import { preludeOf } from './programs.ts';

/** More steps than any prelude has. */
const MOST_STEPS = 10_000;

/** The state in which the agents of a world begin, or the rule that was broken on the way there. */
export interface Begin {
  readonly state: Uint32Array;
  readonly violation: Violation | undefined;
}

/** Brings a model to where its world begins. */
export function beginOf(model: Model, history: History): Begin {
  const { world } = model.options;
  const schedule: ScheduledStep[] = [];
  const found: { violation?: Violation; after?: Uint32Array } = {};
  // The first step that is offered is vCPU 0's while it has any, then the host's.
  const expander = expanderOf(model, preludeOf(world, history), {
    reached(agent, kind, detail) {
      if (found.after !== undefined) return;
      found.after = expander.next.slice();
      schedule.push({ agent, kind, detail });
    },
    broken(agent, kind, detail, rule, text) {
      if (found.after === undefined)
        found.violation ??= { rule, text, schedule: [...schedule, { agent, kind, detail }] };
    },
  });
  const firstStep = (from: Uint32Array): typeof found => {
    delete found.after;
    expander.expand(from);
    return { ...found };
  };
  let state: Uint32Array = expander.begin(history === 'logging-first');
  while (!expander.isDone(state)) {
    const { after, violation } = firstStep(state);
    if (violation !== undefined) return { state, violation };
    if (after === undefined || schedule.length > MOST_STEPS) {
      throw new VerifyError(`world ${world.name}: its history '${history}' does not come to an end`);
    }
    state = after;
  }
  set(state, COMMON, HOST_POSITION, 0);
  set(state, COMMON, HOST_PHASE, 0);
  for (let vcpu = 0; vcpu < world.vcpus.length; vcpu++) set(state, FIRST_VCPU + vcpu, POSITION, 0);
  return { state, violation: undefined };
}

/** The state before anything has happened. */
export function preludeBegin(model: Model, history: History): Uint32Array {
  const listener = { reached: () => undefined, broken: () => undefined };
  return expanderOf(model, preludeOf(model.options.world, history), listener).begin(history === 'logging-first');
}
