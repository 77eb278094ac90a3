/** Breadth-first search over all interleavings: the first broken rule is broken in the fewest steps. */
import { uint32At } from '@s2bench/core/stage2';
import { VerifyError } from '../errors.ts';
import type { ActionKind, TransitionSink } from './action.ts';
import { type Bounds, withinReach } from './bounds.ts';
import type { Expander } from './expander.ts';
import { expanderOf } from './stage.ts';
import { beginningOf, type Company, fits, handOver, JOINT_STATES, linkFor } from './joint/company.ts';
import { JointSearch } from './joint/joint-search.ts';
import { Link, Stopped } from './joint/link.ts';
import type { Model } from './model.ts';
import type { Programs } from './programs.ts';
import { BATCH_STATES, hashOf, StateSet } from './state-set.ts';
import { Symmetry } from './symmetry.ts';

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

/** Where states are kept. */
type Kept = Pick<StateSet, 'read' | 'parentOf'>;

/** States between two looks at the clock. */
const CLOCK_STATES = 4096;

/** Explores one model. */
export class Explorer implements TransitionSink {
  readonly #expander: Expander;
  readonly #model: Model;
  readonly #programs: Programs;
  readonly #company: Company | undefined;
  readonly #symmetry: Symmetry | undefined;
  readonly #states: StateSet;
  /** States in whose expansion the model has learned something. */
  readonly #lessons: number[] = [];
  #link: Link | undefined;
  readonly #current: Uint32Array;
  readonly #words: number;
  /** States that were reached and not yet looked up: their words, the parent, the hash. */
  readonly #batch: Uint32Array;
  #pending = 0;
  #index = 0;
  #transitions = 0;
  #finding: Finding | undefined;

  /** @param company - who explores along where it becomes much; left out: nobody */
  constructor(model: Model, programs: Programs, symmetry: boolean, company?: Company) {
    this.#model = model;
    this.#programs = programs;
    this.#company = company;
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
    this.#states.addAll(this.#batch, 0, this.#pending);
    this.#pending = 0;
  }

  broken(agent: number, kind: ActionKind, detail: number, rule: string, text: string): void {
    this.#transitions++;
    this.#finding ??= { rule, text, step: { agent, kind, detail } };
  }

  /** Explores from a state until a rule is broken, all is explored, or a bound is met. */
  run(begin: Uint32Array, bounds: Bounds): Exploration {
    try {
      return this.#run(begin, withinReach(bounds));
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      throw new VerifyError(`a thread that explored along has failed: ${this.#link?.whyStopped ?? ''}`);
    } finally {
      this.#link?.stop();
    }
  }

  #run(begin: Uint32Array, bounds: Bounds): Exploration {
    const startedAt = performance.now();
    const states = this.#states;
    const model = this.#model;
    const { maxStates } = bounds;
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
      if (this.#index % CLOCK_STATES === 0 && this.#hasCompany(bounds))
        return this.#together(begin, bounds, startedAt, depth, levelEnd);
      states.read(this.#index, this.#current);
      const learned = model.learned;
      this.#expander.expand(this.#current);
      if (model.learned !== learned) this.#lessons.push(this.#index);
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
      violation: finding && this.#violationOf(begin, finding, states),
      states: states.size,
      transitions: this.#transitions,
      depth: finding === undefined ? depth : depth + 1,
      complete: finding === undefined && !bounded,
      bytes: states.bytes,
      bytesPerState: states.bytes / states.size,
      elapsedMs,
    };
  }

  /** Whether others are there to go on with; asks them to come where it becomes much. */
  #hasCompany(bounds: Bounds): boolean {
    const company = this.#company;
    if (company === undefined || company.mates === 0) return false;
    if (this.#link !== undefined) return this.#link.areReady && fits(this.#lessons);
    if (this.#states.size < (company.fromStates ?? JOINT_STATES)) return false;
    const buffers = linkFor(this.#words, company.mates + 1, bounds);
    if (buffers === undefined) return false;
    this.#link = new Link(buffers, 0);
    company.start(buffers);
    return this.#link.areReady;
  }

  #together(begin: Uint32Array, bounds: Bounds, startedAt: number, depth: number, levelEnd: number): Exploration {
    this.#flush();
    const link = this.#link as Link;
    const states = this.#states;
    const progress = { index: this.#index, levelEnd, size: states.size, depth, transitions: this.#transitions };
    handOver(link, states, this.#lessons, progress);
    states.forget();
    link.barrier();
    const model = this.#model;
    const makeExpander = (sink: TransitionSink): Expander => expanderOf(model, this.#programs, sink);
    const search = new JointSearch(link, model, makeExpander, this.#symmetry, beginningOf(link).adopted);
    const { finding: at, bounded, bytes, ...end } = search.run(progress, bounds, startedAt);
    const elapsedMs = performance.now() - startedAt;
    let violation: Violation | undefined;
    if (at !== undefined) {
      this.#index = at;
      link.read(at, this.#current);
      this.#expander.withSink({ reached: () => undefined, broken: this.broken.bind(this) }).expand(this.#current);
      violation = this.#finding && this.#violationOf(begin, this.#finding, link);
    }
    return {
      violation,
      states: end.size,
      transitions: end.transitions,
      depth: violation === undefined ? end.depth : end.depth + 1,
      complete: violation === undefined && !bounded,
      bytes,
      bytesPerState: bytes / end.size,
      elapsedMs,
    };
  }

  #violationOf(begin: Uint32Array, finding: Finding, kept: Kept): Violation {
    return { rule: finding.rule, text: finding.text, schedule: this.#scheduleTo(begin, finding, kept) };
  }

  /** The way to the state that was expanded last, as steps of agents whose names stay the same all along. */
  #scheduleTo(begin: Uint32Array, finding: Finding, kept: Kept): ScheduledStep[] {
    const chain: number[] = [];
    for (let index = this.#index; index !== 0; index = kept.parentOf(index)) chain.push(index);
    let state: Uint32Array = begin.slice();
    const schedule: ScheduledStep[] = [];
    const wanted = new Uint32Array(state.length);
    for (const index of chain.reverse()) {
      kept.read(index, wanted);
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
