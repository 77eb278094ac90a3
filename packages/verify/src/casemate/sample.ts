/** Runs of a world that break no rule, drawn at random. */
import type { History } from '@s2bench/kernel';
import { Expander } from '../explore/expander.ts';
import type { Model } from '../explore/model.ts';
import type { Begin } from '../explore/prelude.ts';
import { beginOf } from '../explore/prelude.ts';
import { programsOf } from '../explore/programs.ts';
import type { MadeStep, Run } from './run.ts';
import { runOf } from './run.ts';

/** More steps than any run of a given world has. */
const MOST_STEPS = 10_000;

/** Walks from the begin of a world to its end, at each step one of those that break nothing. */
export class RandomWalker {
  readonly #model: Model;
  readonly #begin: Begin;
  readonly #random: () => number;
  readonly #expander: Expander;
  readonly #found: MadeStep[] = [];

  constructor(model: Model, history: History, seed: number) {
    this.#model = model;
    this.#begin = beginOf(model, history);
    this.#random = uniform(seed);
    const expander = new Expander(model, programsOf(model.options.world), {
      reached: (agent, kind, detail) => this.#found.push({ agent, kind, detail, after: expander.next.slice() }),
      broken: () => undefined,
    });
    this.#expander = expander;
  }

  /** One more run; `undefined` where the walk came to no end, or the history of the world breaks a rule. */
  walk(): Run | undefined {
    if (this.#begin.violation !== undefined) return undefined;
    const steps: MadeStep[] = [];
    let { state } = this.#begin;
    while (!this.#expander.isDone(state)) {
      this.#found.length = 0;
      this.#expander.expand(state);
      const step = this.#found[Math.floor(this.#random() * this.#found.length)];
      if (step === undefined || steps.length === MOST_STEPS) return undefined;
      steps.push(step);
      state = step.after;
    }
    return runOf(this.#model, this.#begin.state, steps);
  }
}

/** Numbers in [0, 1) that follow from a seed: splitmix32. */
function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
