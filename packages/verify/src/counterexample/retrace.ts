/** Runs a schedule again, step by step. */
import { VerifyError } from '../errors.ts';
import { expanderOf } from '../explore/stage.ts';
import type { ScheduledStep } from '../explore/explorer.ts';
import type { Model } from '../explore/model.ts';
import type { Programs } from '../explore/programs.ts';

/** A step and the states around it. */
export interface RetracedStep extends ScheduledStep {
  readonly before: Uint32Array;
  readonly after: Uint32Array;
  /** What the step breaks; only the last one breaks anything. */
  readonly broken: { readonly rule: string; readonly text: string } | undefined;
}

/**
 * Runs a schedule from a state.
 *
 * @throws VerifyError where a step is not possible: the strategy or the world is another one
 */
export function retrace(
  model: Model,
  programs: Programs,
  begin: Uint32Array,
  schedule: readonly ScheduledStep[],
): RetracedStep[] {
  const steps: RetracedStep[] = [];
  let state = begin;
  for (const [index, step] of schedule.entries()) {
    const found = tryStep(model, programs, state, step);
    if (found === undefined) {
      throw new VerifyError(
        `step ${index + 1} of the counterexample is not possible: it belongs to another strategy or version`,
      );
    }
    steps.push(found);
    state = found.after;
  }
  return steps;
}

/** Makes one step, or finds that it is not possible. */
export function tryStep(
  model: Model,
  programs: Programs,
  before: Uint32Array,
  step: ScheduledStep,
): RetracedStep | undefined {
  const found: RetracedStep[] = [];
  const expander = expanderOf(model, programs, {
    reached(agent, kind, detail) {
      if (isStep(step, agent, kind, detail))
        found.push({ ...step, before, after: expander.next.slice(), broken: undefined });
    },
    broken(agent, kind, detail, rule, text) {
      if (isStep(step, agent, kind, detail))
        found.push({ ...step, before, after: expander.next.slice(), broken: { rule, text } });
    },
  });
  expander.expand(before);
  return found[0];
}

function isStep(step: ScheduledStep, agent: number, kind: number, detail: number): boolean {
  return step.agent === agent && step.kind === kind && step.detail === detail;
}
