/** Breadth-first search over all interleavings: the first broken rule is broken in the fewest steps. */
import { uint32At } from '@s2bench/core/stage2';
import { VerifyError } from '../errors.ts';
import type { ActionKind, TransitionSink } from './action.ts';
import type { Expander } from './expander.ts';
import { expanderOf } from './stage.ts';
import type { Model } from './model.ts';
import type { Programs } from './programs.ts';
import { hashOf, MOST_STATES, StateSet } from './state-set.ts';
import { Symmetry } from './symmetry.ts';

/** How far to go. */
export interface Bounds {
  readonly maxStates: number;
  readonly maxSeconds: number;
  readonly maxBytes: number;
}

/** One step of a schedule: who did what, with which of its choices. */
export interface ScheduledStep {
  readonly agent: number;
  readonly kind: ActionKind;
  readonly detail: number;
}

/** A broken rule and the schedule that breaks it. */
export interface Violation {
  readonly rule: string;
  readonly text: string;
  readonly schedule: readonly ScheduledStep[];
}

/** What an exploration found. */
export interface Exploration {
  readonly violation: Violation | undefined;
  readonly states: number;
  readonly transitions: number;
  /** Steps on the longest of the shortest ways to a state. */
  readonly depth: number;
  /** Every state within the world was expanded. */
  readonly complete: boolean;
  readonly bytes: number;
  readonly bytesPerState: number;
  readonly elapsedMs: number;
}

interface Finding {
  readonly rule: string;
  readonly text: string;
  readonly step: ScheduledStep;
}

/** States between two looks at the clock. */
const CLOCK_STATES = 4096;
/** States that are looked up together: what that fetches stays in the first cache. */
const BATCH_STATES = 64;

/** Explores one model. */
export class Explorer implements TransitionSink {
  readonly #expander: Expander;
  readonly #symmetry: Symmetry | undefined;
  readonly #states: StateSet;
  readonly #current: Uint32Array;
  readonly #words: number;
  /** States that were reached and not yet looked up: their words, the parent, the hash. */
  readonly #batch: Uint32Array;
  #pending = 0;
  #index = 0;
  #transitions = 0;
  #finding: Finding | undefined;

  constructor(model: Model, programs: Programs, symmetry: boolean) {
    this.#expander = expanderOf(model, programs, this);
    this.#symmetry = symmetry ? new Symmetry(programs) : undefined;
    this.#words = this.#expander.layout.words;
    this.#states = new StateSet(this.#words);
    this.#current = new Uint32Array(this.#words);
    this.#batch = new Uint32Array(BATCH_STATES * (this.#words + 2));
  }

  reached(): void {
    this.#transitions++;
    const { next } = this.#expander;
    this.#symmetry?.canonical(next);
    const batch = this.#batch;
    const words = this.#words;
    const at = this.#pending++ * (words + 2);
    for (let word = 0; word < words; word++) batch[at + word] = uint32At(next, word);
    batch[at + words] = this.#index;
    batch[at + words + 1] = hashOf(next, words);
    if (this.#pending === BATCH_STATES) this.#flush();
  }

  #flush(): void {
    this.#states.addAll(this.#batch, this.#pending);
    this.#pending = 0;
  }

  broken(agent: number, kind: ActionKind, detail: number, rule: string, text: string): void {
    this.#transitions++;
    this.#finding ??= { rule, text, step: { agent, kind, detail } };
  }

  /** Explores from a state until a rule is broken, all is explored, or a bound is met. */
  run(begin: Uint32Array, bounds: Bounds): Exploration {
    const startedAt = performance.now();
    const states = this.#states;
    // A state may lead to some more at once.
    const maxStates = Math.min(bounds.maxStates, MOST_STATES - CLOCK_STATES);
    const first = begin.slice();
    this.#symmetry?.canonical(first);
    states.add(first, 0);
    let depth = 0;
    let levelEnd = 1;
    let bounded = false;
    for (this.#index = 0; ; this.#index++) {
      if (this.#index === levelEnd || this.#index === states.size) this.#flush();
      if (this.#index === states.size) break;
      if (this.#index === levelEnd) {
        depth++;
        levelEnd = states.size;
      }
      states.read(this.#index, this.#current);
      this.#expander.expand(this.#current);
      if (this.#finding !== undefined || states.size + this.#pending > maxStates) this.#flush();
      if (this.#finding !== undefined) break;
      bounded = states.size > maxStates;
      if (this.#index % CLOCK_STATES === 0) {
        bounded ||= performance.now() - startedAt > bounds.maxSeconds * 1000 || states.bytes > bounds.maxBytes;
      }
      if (bounded) break;
    }
    const finding = this.#finding;
    const elapsedMs = performance.now() - startedAt;
    return {
      violation: finding && { rule: finding.rule, text: finding.text, schedule: this.#scheduleTo(begin, finding) },
      states: states.size,
      transitions: this.#transitions,
      depth: finding === undefined ? depth : depth + 1,
      complete: finding === undefined && !bounded,
      bytes: states.bytes,
      bytesPerState: states.bytes / states.size,
      elapsedMs,
    };
  }

  /** The way to the state that was expanded last, as steps of agents whose names stay the same all along. */
  #scheduleTo(begin: Uint32Array, finding: Finding): ScheduledStep[] {
    const chain: number[] = [];
    for (let index = this.#index; index !== 0; index = this.#states.parentOf(index)) chain.push(index);
    let state: Uint32Array = begin.slice();
    const schedule: ScheduledStep[] = [];
    const wanted = new Uint32Array(state.length);
    for (const index of chain.reverse()) {
      this.#states.read(index, wanted);
      const found = this.#stepTo(state, wanted);
      if (found === undefined)
        throw new VerifyError('a step of the search cannot be found again: the strategy is not deterministic');
      schedule.push(found.step);
      state = found.state;
    }
    // The last step is found in the state itself, whose vCPUs may be named otherwise than in the one that stands for it.
    const last = this.#breaksFrom(state, finding.rule);
    return [...schedule, last ?? finding.step];
  }

  #breaksFrom(state: Uint32Array, rule: string): ScheduledStep | undefined {
    let found: ScheduledStep | undefined;
    const sink: TransitionSink = {
      reached: () => undefined,
      broken: (agent, kind, detail, broken) => {
        if (broken === rule) found ??= { agent, kind, detail };
      },
    };
    this.#expander.withSink(sink).expand(state);
    return found;
  }

  #stepTo(state: Uint32Array, wanted: Uint32Array): { step: ScheduledStep; state: Uint32Array } | undefined {
    let found: { step: ScheduledStep; state: Uint32Array } | undefined;
    const symmetry = this.#symmetry;
    const expander = this.#expander.withSink({
      reached(agent, kind, detail) {
        if (found !== undefined) return;
        const after = expander.next.slice();
        const named = after.slice();
        symmetry?.canonical(named);
        if (named.every((word, index) => word === wanted[index]))
          found = { step: { agent, kind, detail }, state: after };
      },
      broken: () => undefined,
    });
    expander.expand(state);
    return found;
  }
}
