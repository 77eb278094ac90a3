/** Effects with who did them and when: kept in order, written as lines of text, read back, and run again into a sink. */
import type { EffectName, EffectSink } from './effects.ts';
import { EFFECT_NAMES, EFFECTS, makeSink } from './effects.ts';
import { float64At } from './typed-array.ts';

/**
 * Who acts: all effects between two changes of it are of this agent, in this phase of this task. One object, changed in
 * place by who runs agents, so that an effect costs nothing more.
 */
export interface Origin {
  /** A vCPU's number; the host's comes after the last vCPU's. */
  agent: number;
  /** Name of a task of the kernel; empty where none runs. */
  task: string;
  phase: string;
}

/** An effect, as a value. */
export interface EffectEvent extends Readonly<Origin> {
  /** When: nanoseconds of simulated time, or a number of steps. What it counts is the listener's business. */
  readonly at: number;
  readonly effect: EffectName;
  /** Its numbers, in the order of {@link EFFECTS}. */
  readonly values: readonly number[];
}

/** An event is five numbers and its values, which are four at most. */
const AT = 0;
const AGENT = 1;
const TASK_PHASE = 2;
const EFFECT = 3;
const VALUES = 4;
const COLUMNS = 8;
const FIRST_EVENTS = 256;

/** Listens, and keeps every effect. Typed columns: a long run has millions. */
export class EventLog {
  /** The listener. */
  readonly sink: EffectSink;
  readonly #origin: Readonly<Origin>;
  readonly #now: () => number;
  readonly #taskPhases: (readonly [task: string, phase: string])[] = [];
  readonly #taskPhaseIds = new Map<string, number>();
  #columns = new Float64Array(FIRST_EVENTS * COLUMNS);
  #length = 0;

  /**
   * @param origin - who acts, as a driver keeps it
   * @param now - the time of an effect, looked up when it happens
   */
  constructor(origin: Readonly<Origin>, now: () => number) {
    this.#origin = origin;
    this.#now = now;
    this.sink = makeSink((name) => {
      const effect = EFFECT_NAMES.indexOf(name);
      return (a = 0, b = 0, c = 0, d = 0) => this.#append(effect, a, b, c, d);
    });
  }

  /** Events so far. */
  get length(): number {
    return this.#length;
  }

  /** An event by its number, from 0. */
  event(index: number): EffectEvent {
    if (index < 0 || index >= this.#length)
      throw new RangeError(`there is no event ${index}: the log has ${this.#length}`);
    const row = index * COLUMNS;
    const columns = this.#columns;
    const effect = EFFECT_NAMES[float64At(columns, row + EFFECT)] as EffectName;
    const [task, phase] = this.#taskPhases[float64At(columns, row + TASK_PHASE)] ?? ['', ''];
    const values = columns.subarray(row + VALUES, row + VALUES + EFFECTS[effect].length);
    return {
      at: float64At(columns, row + AT),
      agent: float64At(columns, row + AGENT),
      task,
      phase,
      effect,
      values: [...values],
    };
  }

  /** All events in order. */
  *[Symbol.iterator](): Generator<EffectEvent> {
    for (let index = 0; index < this.#length; index++) yield this.event(index);
  }

  #append(effect: number, a: number, b: number, c: number, d: number): void {
    const row = this.#length * COLUMNS;
    if (row === this.#columns.length) {
      const columns = new Float64Array(2 * row);
      columns.set(this.#columns);
      this.#columns = columns;
    }
    const columns = this.#columns;
    columns[row + AT] = this.#now();
    columns[row + AGENT] = this.#origin.agent;
    columns[row + TASK_PHASE] = this.#taskPhase();
    columns[row + EFFECT] = effect;
    columns[row + VALUES] = a;
    columns[row + VALUES + 1] = b;
    columns[row + VALUES + 2] = c;
    columns[row + VALUES + 3] = d;
    this.#length++;
  }

  #taskPhase(): number {
    const { task, phase } = this.#origin;
    const last = this.#taskPhases.at(-1);
    if (last !== undefined && last[0] === task && last[1] === phase) return this.#taskPhases.length - 1;
    const key = `${task}/${phase}`;
    const known = this.#taskPhaseIds.get(key);
    if (known !== undefined) return known;
    this.#taskPhaseIds.set(key, this.#taskPhases.length);
    return this.#taskPhases.push([task, phase]) - 1;
  }
}

/** Hands an event's effect to a sink. */
export function replayEvent({ effect, values }: EffectEvent, sink: EffectSink): void {
  (sink as unknown as Record<EffectName, (...values: readonly number[]) => void>)[effect](...values);
}

/** An event as one line of JSON: `[at, agent, task, phase, effect, …values]`. */
export function writeEvent({ at, agent, task, phase, effect, values }: EffectEvent): string {
  return JSON.stringify([at, agent, task, phase, effect, ...values]);
}

/**
 * Reads what {@link writeEvent} wrote.
 *
 * @throws SyntaxError of one line, where the text is no event
 */
export function readEvent(line: string): EffectEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new SyntaxError('an event is not JSON');
  }
  if (!Array.isArray(parsed)) throw new SyntaxError('an event is not an array');
  const [at, agent, task, phase, effect, ...values] = parsed as readonly unknown[];
  if (typeof at !== 'number' || typeof agent !== 'number' || typeof task !== 'string' || typeof phase !== 'string') {
    throw new SyntaxError('an event begins with a time, an agent, a task and a phase');
  }
  const name = EFFECT_NAMES.find((each) => each === effect);
  if (name === undefined) throw new SyntaxError(`${JSON.stringify(effect)} is no effect`);
  if (values.length !== EFFECTS[name].length || !values.every((value) => typeof value === 'number')) {
    throw new SyntaxError(`${name} takes ${EFFECTS[name].length} numbers: ${EFFECTS[name].join(', ') || 'none'}`);
  }
  return { at, agent, task, phase, effect: name, values };
}
