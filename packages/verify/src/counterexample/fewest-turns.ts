/**
 * Orders a schedule's steps anew, so that it reads well: among the orders in which each agent does the same steps and
 * the same rule is broken at the end, one in which the turn changes least often.
 */
import type { ScheduledStep } from '../explore/explorer.ts';
import type { Model } from '../explore/model.ts';
import type { Programs } from '../explore/programs.ts';
import { tryStep } from './retrace.ts';

interface Node {
  readonly state: Uint32Array;
  /** Steps that each agent has made. */
  readonly done: readonly number[];
  readonly agent: number;
  readonly from: Node | undefined;
  readonly step: ScheduledStep | undefined;
}

/** More nodes than any counterexample of a given world needs: beyond, the schedule stays as it is. */
const MOST_NODES = 20_000;

/** The schedule with the fewest turns. Its length stays the same. */
export function fewestTurns(
  model: Model,
  programs: Programs,
  begin: Uint32Array,
  schedule: readonly ScheduledStep[],
  rule: string,
): readonly ScheduledStep[] {
  const byAgent = perAgent(schedule);
  const seen = new Set<string>();
  // 0-1 breadth-first: `now` holds nodes of the present number of turns, `later` those with one more.
  let now: Node[] = [{ state: begin, done: byAgent.map(() => 0), agent: -1, from: undefined, step: undefined }];
  let later: Node[] = [];
  while (now.length > 0 && seen.size < MOST_NODES) {
    const node = now.pop() as Node;
    const key = `${node.agent};${node.done.join()};${node.state.join()}`;
    if (!seen.has(key)) {
      seen.add(key);
      for (const [agent, steps] of byAgent.entries()) {
        const step = steps[node.done[agent] ?? 0];
        const made = step && tryStep(model, programs, node.state, step);
        if (step === undefined || made === undefined) continue;
        const done = node.done.map((count, other) => (other === agent ? count + 1 : count));
        const next: Node = { state: made.after, done, agent, from: node, step };
        const isLast = done.every((count, other) => count === byAgent[other]?.length);
        if (made.broken !== undefined) {
          if (isLast && made.broken.rule === rule) return stepsTo(next);
          continue;
        }
        (agent === node.agent ? now : later).push(next);
      }
    }
    if (now.length === 0) [now, later] = [later, now];
  }
  return schedule;
}

function perAgent(schedule: readonly ScheduledStep[]): ScheduledStep[][] {
  const byAgent: ScheduledStep[][] = [];
  for (const step of schedule) {
    while (byAgent.length <= step.agent) byAgent.push([]);
    byAgent[step.agent]?.push(step);
  }
  return byAgent;
}

function stepsTo(last: Node): ScheduledStep[] {
  const steps: ScheduledStep[] = [];
  for (let node: Node | undefined = last; node?.step !== undefined; node = node.from) steps.push(node.step);
  return steps.reverse();
}
