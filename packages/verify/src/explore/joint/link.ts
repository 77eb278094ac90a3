/**
 * What the threads of one exploration share: where states are kept, the boxes in which they hand over what they have
 * reached, and a barrier. Plain buffers, so that it can be posted to a thread.
 */
import { uint32At } from '@s2bench/core/stage2';
import { VerifyError } from '../../errors.ts';

/** Bits of the hash that say whose a state is. Those of the table are others. */
const OWNER_BITS = 16;
/** No thread is at work for so long between two barriers: one has died. */
const LOST_MS = 120_000;
const MESSAGE_BYTES = 2048;

// Words that all threads share.
const ARRIVED = 0;
const ROUND = 1;
const STOPPED = 2;
const READY = 3;
const MESSAGE = 4;
const FIRST_FIELD = 8;

/** What each thread tells the others at a barrier. */
const FIELDS = ['finding', 'cut', 'deferred', 'late', 'kibibytes', 'transitions', 'crossing', 'crossedSize'] as const;
type Field = (typeof FIELDS)[number];

/** What a box holds: states of the range itself, with those that were put off, and how many of them nobody had reached. */
const COUNTS = ['ranged', 'all', 'fresh'] as const;
type Count = (typeof COUNTS)[number];

/** Sizes of what is shared. */
export interface LinkSizes {
  readonly threads: number;
  /** Words of a state. */
  readonly words: number;
  /** States that each thread has room for. */
  readonly ownStates: number;
  /** States that one thread can hand over to another between two barriers. */
  readonly boxStates: number;
  /** States that a thread can put off between two barriers. */
  readonly mostDeferred: number;
}

/** Everything that is shared, to be posted. */
export interface LinkBuffers {
  readonly sizes: LinkSizes;
  readonly control: SharedArrayBuffer;
  readonly message: SharedArrayBuffer;
  /** By number of a state: the place at which its owner keeps it, times the threads, plus the owner. */
  readonly order: SharedArrayBuffer;
  /** States put off, by thread. */
  readonly deferred: SharedArrayBuffer;
  /** By owner: states with their parents. */
  readonly states: readonly SharedArrayBuffer[];
  /** By sender, then by owner. */
  readonly boxes: readonly (readonly SharedArrayBuffer[])[];
  /** States from which something new was learned before the threads came together. */
  readonly lessons: SharedArrayBuffer;
  /** Where they come together: see `handOver`. */
  readonly begin: SharedArrayBuffer;
}

/** Makes all of it. Memory is taken when it is written to. */
export function makeLink(sizes: LinkSizes, mostStates: number, mostLessons: number, beginWords: number): LinkBuffers {
  const { threads, words, ownStates, boxStates, mostDeferred } = sizes;
  const shared = (count: number): SharedArrayBuffer => new SharedArrayBuffer(4 * count);
  const each = <T>(make: () => T): T[] => Array.from({ length: threads }, make);
  return {
    sizes,
    control: shared(FIRST_FIELD + threads * FIELDS.length + threads * threads * COUNTS.length),
    message: new SharedArrayBuffer(MESSAGE_BYTES),
    order: shared(mostStates),
    deferred: shared(threads * mostDeferred),
    states: each(() => shared(ownStates * (words + 1))),
    boxes: each(() => each(() => shared(boxStates * (words + 2)))),
    lessons: shared(mostLessons),
    begin: new SharedArrayBuffer(8 * beginWords),
  };
}

/** Whose a state is. */
export function ownerOf(hash: number, threads: number): number {
  return ((hash & ((1 << OWNER_BITS) - 1)) * threads) >>> OWNER_BITS;
}

/** Another thread has failed, or the exploration is over. */
export class Stopped extends Error {}

/** One thread's end of what is shared. */
export class Link {
  readonly sizes: LinkSizes;
  readonly me: number;
  readonly order: Uint32Array;
  readonly states: readonly Uint32Array[];
  readonly boxes: readonly (readonly Uint32Array[])[];
  readonly deferred: Uint32Array;
  readonly lessons: Uint32Array;
  readonly begin: Float64Array;
  readonly #control: Int32Array;
  readonly #message: SharedArrayBuffer;

  constructor(buffers: LinkBuffers, me: number) {
    this.sizes = buffers.sizes;
    this.me = me;
    this.order = new Uint32Array(buffers.order);
    this.states = buffers.states.map((buffer) => new Uint32Array(buffer));
    this.boxes = buffers.boxes.map((boxes) => boxes.map((buffer) => new Uint32Array(buffer)));
    this.deferred = new Uint32Array(buffers.deferred);
    this.lessons = new Uint32Array(buffers.lessons);
    this.begin = new Float64Array(buffers.begin);
    this.#control = new Int32Array(buffers.control);
    this.#message = buffers.message;
  }

  /** What a thread has told, of which the others know after a barrier. */
  tell(field: Field, value: number): void {
    this.#control[this.#at(this.me, field)] = value;
  }

  told(thread: number, field: Field): number {
    return this.#control[this.#at(thread, field)] ?? 0;
  }

  /** What a box holds, by sender and owner. */
  setCount(sender: number, owner: number, count: Count, value: number): void {
    this.#control[this.#box(sender, owner, count)] = value;
  }

  count(sender: number, owner: number, count: Count): number {
    return this.#control[this.#box(sender, owner, count)] ?? 0;
  }

  /** States of all boxes of a sender that nobody had reached. */
  freshOf(sender: number): number {
    let fresh = 0;
    for (let owner = 0; owner < this.sizes.threads; owner++) fresh += this.count(sender, owner, 'fresh');
    return fresh;
  }

  sum(field: Field): number {
    let sum = 0;
    for (let thread = 0; thread < this.sizes.threads; thread++) sum += this.told(thread, field);
    return sum;
  }

  least(field: Field): number {
    let least = this.told(0, field);
    for (let thread = 1; thread < this.sizes.threads; thread++) least = Math.min(least, this.told(thread, field));
    return least;
  }

  /** Waits until all threads have come here. */
  barrier(): void {
    const control = this.#control;
    const round = Atomics.load(control, ROUND);
    if (Atomics.load(control, STOPPED) !== 0) throw new Stopped();
    if (Atomics.add(control, ARRIVED, 1) === this.sizes.threads - 1) {
      Atomics.store(control, ARRIVED, 0);
      Atomics.add(control, ROUND, 1);
      Atomics.notify(control, ROUND);
    } else {
      while (Atomics.load(control, ROUND) === round) {
        if (Atomics.wait(control, ROUND, round, LOST_MS) === 'timed-out')
          throw new VerifyError('a thread of the exploration has died');
      }
    }
    if (Atomics.load(control, STOPPED) !== 0) throw new Stopped();
  }

  /** Ends the exploration for all. */
  stop(why = ''): void {
    const control = this.#control;
    if (why !== '' && Atomics.load(control, MESSAGE) === 0) {
      const { written } = new TextEncoder().encodeInto(why, new Uint8Array(MESSAGE_BYTES));
      new Uint8Array(this.#message).set(new TextEncoder().encode(why).subarray(0, written));
      Atomics.store(control, MESSAGE, written);
    }
    Atomics.store(control, STOPPED, 1);
    Atomics.add(control, ROUND, 1);
    Atomics.notify(control, ROUND);
  }

  /** Why a thread has stopped all; nothing where it had no reason to tell. */
  get whyStopped(): string {
    const bytes = new Uint8Array(this.#message).slice(0, Atomics.load(this.#control, MESSAGE));
    return new TextDecoder().decode(bytes);
  }

  /** This thread has loaded what it needs. */
  ready(): void {
    Atomics.add(this.#control, READY, 1);
  }

  /** Whether all but the first are. */
  get areReady(): boolean {
    return Atomics.load(this.#control, READY) === this.sizes.threads - 1;
  }

  /** Copies a state into `to`, by its number. */
  read(index: number, to: Uint32Array): void {
    const { threads, words } = this.sizes;
    const place = uint32At(this.order, index);
    const owner = place % threads;
    const states = this.states[owner] as Uint32Array;
    const from = ((place - owner) / threads) * (words + 1);
    for (let word = 0; word < words; word++) to[word] = uint32At(states, from + word);
  }

  parentOf(index: number): number {
    const { threads, words } = this.sizes;
    const place = uint32At(this.order, index);
    const owner = place % threads;
    return uint32At(this.states[owner] as Uint32Array, ((place - owner) / threads) * (words + 1) + words);
  }

  #at(thread: number, field: Field): number {
    return FIRST_FIELD + thread * FIELDS.length + FIELDS.indexOf(field);
  }

  #box(sender: number, owner: number, count: Count): number {
    const { threads } = this.sizes;
    const first = FIRST_FIELD + threads * FIELDS.length;
    return first + (sender * threads + owner) * COUNTS.length + COUNTS.indexOf(count);
  }
}
