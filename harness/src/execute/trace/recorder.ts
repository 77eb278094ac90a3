/** Writes down who does what from when to when: all of a stage, or what belongs to one fault. */
import { type EffectName, EFFECTS, type EffectSink, makeSink, type Origin } from '@s2bench/core/stage2';
import type { Clock, MachineWatch, WatchedState } from '@s2bench/machine';
import type { AgentSpan, EffectSpan, StateSpan, Trace } from '@s2bench/report/trace';
import { rounded } from '../simulate/stage-result.ts';
import type { Focus } from './focus.ts';

/** Spans that a trace holds; what comes after them is counted and left out. */
export const MOST_SPANS = 100_000;

/** What an agent is at. */
interface Doing {
  readonly state: WatchedState;
  sinceNs: number;
  /** When its last effect was done: the next one began then. */
  effectNs: number;
}

type Spans = Pick<Trace, 'startNs' | 'endNs' | 'states' | 'effects' | 'windows' | 'faults' | 'leftOut'>;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Records. With a focus it begins where that fault was raised, and ends when everybody is back in the guest who was in
 * the host or waited when its window was closed.
 */
export class TraceRecorder implements MachineWatch {
  /** Hears the effects. */
  readonly sink: EffectSink;
  readonly #origin: Readonly<Origin>;
  readonly #clock: Clock;
  readonly #vcpus: number;
  readonly #focus: Focus | undefined;
  readonly #mostSpans: number;
  readonly #doing = new Map<number, Doing>();
  readonly #states: StateSpan[] = [];
  readonly #effects: Writable<EffectSpan>[] = [];
  readonly #lastEffects = new Map<number, Writable<EffectSpan>>();
  readonly #windows: AgentSpan[] = [];
  readonly #faults: AgentSpan[] = [];
  /** vCPUs whose faults are still to end; set when the window of the focus is closed. */
  #pending: Set<number> | undefined;
  #latestNs = 0;
  #endNs: number | undefined;
  #leftOut = 0;

  constructor(
    origin: Readonly<Origin>,
    clock: Clock,
    vcpus: number,
    { focus, mostSpans = MOST_SPANS }: { readonly focus?: Focus | undefined; readonly mostSpans?: number } = {},
  ) {
    this.#origin = origin;
    this.#clock = clock;
    this.#vcpus = vcpus;
    this.#focus = focus;
    this.#mostSpans = mostSpans;
    this.sink = makeSink((name) => {
      const numbers = EFFECTS[name];
      return (...values) => this.#effect(name, numbers, values);
    });
  }

  became(agent: number, state: WatchedState, nowNs: number): void {
    if (this.#endNs !== undefined) return;
    const before = this.#doing.get(agent);
    if (before?.state === state) {
      before.effectNs = nowNs;
      return;
    }
    if (before !== undefined) this.#keepState(agent, before, nowNs);
    if (state === 'done') this.#doing.delete(agent);
    else this.#doing.set(agent, { state, sinceNs: nowNs, effectNs: nowNs });
    this.#latestNs = Math.max(this.#latestNs, nowNs);
  }

  faultEnded(agent: number, sinceNs: number, nowNs: number): void {
    if (this.#endNs !== undefined) return;
    if (sinceNs >= this.#startNs) this.#keep(this.#faults, { agent, ...this.#span(sinceNs, nowNs) });
    if (this.#focus?.scope === 'fault' && this.#isFocus(agent, nowNs)) this.#awaitOthers();
    this.#pending?.delete(agent);
    if (this.#pending?.size !== 0) return;
    // Its way back is a state that has ended.
    this.became(agent, 'guest', nowNs);
    this.#endNs = nowNs;
  }

  windowClosed(durationNs: number): void {
    const { nowNs } = this.#clock;
    const { agent } = this.#origin;
    if (this.#endNs !== undefined || nowNs - durationNs < this.#startNs) return;
    this.#keep(this.#windows, { agent, ...this.#span(nowNs - durationNs, nowNs) });
    if (this.#focus?.scope === 'window' && this.#isFocus(agent, nowNs)) this.#awaitOthers();
  }

  /** What was recorded; by agent and time. */
  finish(): Spans {
    const endNs = this.#endNs ?? this.#latestNs;
    for (const [agent, doing] of this.#doing) this.#keepState(agent, doing, endNs);
    this.#doing.clear();
    const startNs = rounded(this.#startNs);
    const byAgent = (a: AgentSpan, b: AgentSpan): number => a.agent - b.agent || a.startNs - b.startNs;
    const within = <T extends AgentSpan>(spans: readonly T[]): T[] =>
      spans
        .filter((span) => span.startNs < endNs)
        .map((span) => ({ ...span, endNs: Math.min(span.endNs, rounded(endNs)) }))
        .toSorted(byAgent);
    return {
      startNs,
      endNs: rounded(endNs),
      states: within(this.#states),
      effects: within(this.#effects),
      windows: within(this.#windows),
      faults: within(this.#faults),
      leftOut: this.#leftOut,
    };
  }

  get #startNs(): number {
    return this.#focus?.startNs ?? 0;
  }

  #isFocus(agent: number, nowNs: number): boolean {
    return this.#focus?.agent === agent && this.#focus.pivotNs === nowNs;
  }

  #awaitOthers(): void {
    const inHost = [...this.#doing].filter(([agent, { state }]) => agent < this.#vcpus && state !== 'guest');
    this.#pending = new Set(inHost.map(([agent]) => agent));
  }

  #effect(effect: EffectName, numbers: readonly string[], values: readonly (number | undefined)[]): void {
    if (this.#endNs !== undefined) return;
    const { agent, task, phase } = this.#origin;
    const doing = this.#doing.get(agent);
    // Tables are also built outside of any time.
    if (doing === undefined) return;
    const span = this.#span(Math.max(doing.effectNs, this.#startNs), this.#clock.nowNs);
    doing.effectNs = this.#clock.nowNs;
    if (span.endNs <= this.#startNs) return;
    const valueOf = (name: string): number | undefined => values[numbers.indexOf(name)];
    const count = Math.max(1, valueOf('count') ?? valueOf('pages') ?? 1);
    const sizeBytes = valueOf('sizeBytes');
    const last = this.#lastEffects.get(agent);
    if (last?.effect === effect && last.endNs === span.startNs && last.phase === phase && last.task === task) {
      last.endNs = span.endNs;
      last.count += count;
      if (sizeBytes !== undefined) last.sizeBytes = (last.sizeBytes ?? 0) + sizeBytes;
      return;
    }
    const [address, level] = [valueOf('address'), valueOf('level')];
    const kept = {
      agent,
      effect,
      task,
      phase,
      count,
      ...(address !== undefined && { address }),
      ...(level !== undefined && { level }),
      ...(sizeBytes !== undefined && { sizeBytes }),
      ...span,
    };
    if (this.#keep(this.#effects, kept)) this.#lastEffects.set(agent, kept);
  }

  #keepState(agent: number, { state, sinceNs }: Doing, endNs: number): void {
    const startNs = Math.max(sinceNs, this.#startNs);
    if (state === 'done' || endNs <= startNs) return;
    this.#keep(this.#states, { agent, state, ...this.#span(startNs, endNs) });
  }

  #span(startNs: number, endNs: number): { startNs: number; endNs: number } {
    return { startNs: Math.max(rounded(startNs), 0), endNs: rounded(endNs) };
  }

  #keep<T>(spans: T[], span: T): boolean {
    const all = this.#states.length + this.#effects.length + this.#windows.length + this.#faults.length;
    if (all >= this.#mostSpans) {
      this.#leftOut++;
      return false;
    }
    spans.push(span);
    return true;
  }
}
