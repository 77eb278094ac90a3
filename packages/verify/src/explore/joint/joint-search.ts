/**
 * A breadth-first search by several threads that finds what one finds, in the same order.
 *
 * All threads do the same, each its part: they expand a range of the level each, hand what they reach to the threads
 * that own it by its hash, look up what they own, and number what is new in the order in which one thread would have. What a
 * model has yet to learn gets its number by the order in which it is asked for: states that ask for it are put off, and
 * expanded by all threads, one after the other, so that all models stay the same.
 */
import { uint32At } from '@s2bench/core/stage2';
import type { TransitionSink } from '../action.ts';
import type { Bounds } from '../bounds.ts';
import type { Expander } from '../expander.ts';
import { type Model, UNKNOWN } from '../model.ts';
import { hashOf, StateSet } from '../state-set.ts';
import type { Symmetry } from '../symmetry.ts';
import { type Link, ownerOf } from './link.ts';

/** States of a level that a thread expands between two barriers. */
export const RANGE_STATES = 16_384;
/** Successors that a state and those that are put off may have beyond what a box should hold. */
export const BOX_SLACK = 16_384;
/** States that a thread puts off between two barriers. */
export const MOST_DEFERRED = 256;
const NONE = 2 ** 31 - 1;

/** Where a search stands. */
export interface Progress {
  /** The next state to be expanded, and the one behind the last of its level. */
  index: number;
  levelEnd: number;
  size: number;
  depth: number;
  transitions: number;
}

/** How it ended. */
export interface JointEnd extends Progress {
  /** The state in whose expansion a rule was broken. */
  readonly finding: number | undefined;
  readonly bounded: boolean;
  readonly bytes: number;
}

/** One thread's part. */
export class JointSearch implements TransitionSink {
  readonly #link: Link;
  readonly #model: Model;
  readonly #expander: Expander;
  readonly #symmetry: Symmetry | undefined;
  readonly #states: StateSet;
  readonly #current: Uint32Array;
  /** By owner: states in the box for it. */
  readonly #sent: Int32Array;
  readonly #marks: Int32Array;
  /** Owners of what was reached, in the order in which it was. */
  readonly #owners: Uint8Array;
  #listed = 0;
  #parent = 0;
  /** What is reached is another thread's to hand over. */
  #isMute = false;
  /** A box has been filled so far that the range had better end. */
  #isTight = false;
  readonly #mostSent: number;
  #broken = 0;
  /** The state in whose expansion this thread has found a broken rule. */
  #brokenAt = NONE;
  /** Of {@link #listed}: what the range itself has reached, without what was put off. */
  #ranged = 0;
  #transitions = 0;

  /**
   * @param expanderFor - makes the expander for a sink
   * @param adopted - states that this thread owns from the start
   */
  constructor(
    link: Link,
    model: Model,
    expanderFor: (sink: TransitionSink) => Expander,
    symmetry: Symmetry | undefined,
    adopted: number,
  ) {
    const { threads, words, boxStates } = link.sizes;
    this.#link = link;
    this.#mostSent = boxStates - BOX_SLACK;
    this.#model = model;
    this.#expander = expanderFor(this);
    this.#symmetry = symmetry;
    const own = link.states[link.me] as Uint32Array;
    let taken = 0;
    this.#states = new StateSet(words, (count) => own.subarray(taken, (taken += count)));
    this.#states.adopt(adopted);
    this.#current = new Uint32Array(words);
    this.#sent = new Int32Array(threads);
    this.#marks = new Int32Array(threads + 1);
    this.#owners = new Uint8Array(threads * boxStates);
  }

  reached(): void {
    if (this.#isMute) return;
    const { next } = this.#expander;
    const { threads, words } = this.#link.sizes;
    this.#symmetry?.canonical(next);
    const hash = hashOf(next, words);
    const owner = ownerOf(hash, threads);
    const box = (this.#link.boxes[this.#link.me] as readonly Uint32Array[])[owner] as Uint32Array;
    const sent = this.#sent[owner] as number;
    this.#sent[owner] = sent + 1;
    const at = sent * (words + 2);
    for (let word = 0; word < words; word++) box[at + word] = uint32At(next, word);
    box[at + words] = this.#parent;
    box[at + words + 1] = hash;
    this.#owners[this.#listed++] = owner;
    if (sent > this.#mostSent) this.#isTight = true;
  }

  broken(): void {
    this.#broken++;
  }

  /** Learns what others have learned, in the same order. */
  study(lessons: Uint32Array): void {
    this.#isMute = true;
    for (let lesson = 1; lesson <= uint32At(lessons, 0); lesson++) this.#expand(uint32At(lessons, lesson));
    this.#isMute = false;
    this.#broken = 0;
  }

  /** Goes on until all is explored, a rule is broken, or a bound is met. */
  run(from: Progress, bounds: Bounds, startedAt: number): JointEnd {
    const link = this.#link;
    const { threads } = link.sizes;
    const now = { ...from };
    while (now.index < now.size) {
      if (now.index === now.levelEnd) {
        now.depth++;
        now.levelEnd = now.size;
        // What others have numbered is read from here on.
        link.barrier();
      }
      const end = Math.min(now.levelEnd, now.index + threads * RANGE_STATES);
      this.#expandRange(now.index, end);
      if (link.me === 0) link.tell('late', performance.now() - startedAt > bounds.maxSeconds * 1000 ? 1 : 0);
      link.barrier();
      const cut = Math.min(link.least('cut'), end - 1);
      const found = link.least('finding');
      const finding = this.#learn(Math.min(cut, found), found);
      const last = Math.min(cut, finding);
      const isLate = link.told(0, 'late') === 1;
      this.#take(last);
      link.barrier();
      const crossing = this.#number(now, last, finding, bounds.maxStates);
      now.index = last + 1;
      if (crossing === NONE && finding === last) return this.#ended(now, from, finding, false);
      const isFull = link.sum('kibibytes') * 1024 > bounds.maxBytes;
      if (crossing !== NONE || isLate || isFull) return this.#ended(now, from, undefined, true);
    }
    return this.#ended(now, from, undefined, false);
  }

  #ended(now: Progress, from: Progress, finding: number | undefined, bounded: boolean): JointEnd {
    const link = this.#link;
    link.tell('transitions', this.#transitions);
    link.barrier();
    const transitions = from.transitions + link.sum('transitions');
    const bytes = link.sum('kibibytes') * 1024 + 4 * now.size;
    return { ...now, transitions, finding, bounded, bytes };
  }

  /** Expands this thread's part of a range; what is new to the model, or too much for the boxes, is left. */
  #expandRange(first: number, end: number): void {
    const link = this.#link;
    const { threads } = link.sizes;
    const from = first + Math.floor(((end - first) * link.me) / threads);
    const behind = first + Math.floor(((end - first) * (link.me + 1)) / threads);
    this.#forgetSent();
    let deferred = 0;
    let cut = NONE;
    let finding = NONE;
    this.#model.isClosed = true;
    for (let index = from; index < behind && finding === NONE; index++) {
      this.#mark();
      if (!this.#expand(index)) {
        this.#back();
        link.deferred[link.me * MOST_DEFERRED + deferred++] = index;
      } else if (this.#broken > 0) this.#brokenAt = finding = index;
      if (deferred === MOST_DEFERRED || this.#isTight) {
        cut = index;
        break;
      }
    }
    this.#model.isClosed = false;
    this.#ranged = this.#listed;
    this.#tellSent('ranged');
    this.#tellSent('all');
    link.tell('deferred', deferred);
    link.tell('finding', finding);
    link.tell('cut', cut);
  }

  #forgetSent(): void {
    this.#sent.fill(0);
    this.#listed = 0;
    this.#broken = 0;
    this.#brokenAt = NONE;
    this.#isTight = false;
  }

  /** Whether the closed model knew all that a state needs. */
  #expand(index: number): boolean {
    this.#parent = index;
    this.#link.read(index, this.#current);
    try {
      this.#expander.expand(this.#current);
      return true;
    } catch (error) {
      if (error === UNKNOWN) return false;
      throw error;
    }
  }

  #mark(): void {
    for (let owner = 0; owner < this.#sent.length; owner++) this.#marks[owner] = this.#sent[owner] as number;
    this.#marks[this.#sent.length] = this.#listed;
  }

  #back(): void {
    for (let owner = 0; owner < this.#sent.length; owner++) this.#sent[owner] = this.#marks[owner] as number;
    this.#listed = this.#marks[this.#sent.length] as number;
    this.#broken = 0;
  }

  #tellSent(count: 'ranged' | 'all'): void {
    const link = this.#link;
    for (let owner = 0; owner < this.#sent.length; owner++)
      link.setCount(link.me, owner, count, this.#sent[owner] as number);
  }

  /**
   * All threads expand what any has put off, up to a state, and stay alike.
   *
   * @param found - the first state known in whose expansion a rule is broken
   * @returns that or an earlier one
   */
  #learn(last: number, found: number): number {
    const link = this.#link;
    if (link.sum('deferred') === 0) return found;
    const own = this.#broken;
    let finding = found;
    for (let thread = 0; thread < link.sizes.threads && finding === found; thread++) {
      this.#isMute = thread !== link.me;
      for (let at = 0; at < link.told(thread, 'deferred') && finding === found; at++) {
        const index = uint32At(link.deferred, thread * MOST_DEFERRED + at);
        if (index > last) break;
        this.#broken = 0;
        this.#expand(index);
        if (this.#broken > 0) {
          finding = index;
          this.#brokenAt = this.#isMute ? NONE : index;
        }
      }
    }
    if (finding === found) this.#broken = own;
    this.#isMute = false;
    this.#tellSent('all');
    link.barrier();
    return finding;
  }

  /** Looks up what was handed to this thread, in the order in which one thread would have reached it. */
  #take(last: number): void {
    const link = this.#link;
    for (let sender = 0; sender < link.sizes.threads; sender++) {
      const box = (link.boxes[sender] as readonly Uint32Array[])[link.me] as Uint32Array;
      const ranged = this.#upTo(box, 0, link.count(sender, link.me, 'ranged'), last);
      const all = link.count(sender, link.me, 'all');
      let fresh = 0;
      let taken = 0;
      for (let put = link.count(sender, link.me, 'ranged'); put < all;) {
        const parent = this.#parentIn(box, put);
        if (parent > last) break;
        const until = this.#upTo(box, taken, ranged, parent);
        fresh += this.#states.addAll(box, taken, until);
        taken = until;
        let end = put;
        while (end < all && this.#parentIn(box, end) === parent) end++;
        fresh += this.#states.addAll(box, put, end);
        put = end;
      }
      fresh += this.#states.addAll(box, taken, ranged);
      link.setCount(sender, link.me, 'fresh', fresh);
    }
    const hasRoom = this.#states.size + link.sizes.threads * link.sizes.boxStates < link.sizes.ownStates;
    const boxBytes = 4 * link.sizes.threads * link.sizes.boxStates * (link.sizes.words + 2);
    link.tell('kibibytes', hasRoom ? Math.ceil((this.#states.bytes + boxBytes) / 1024) : NONE);
  }

  /** How many of the states in a box come from states up to one. */
  #upTo(box: Uint32Array, first: number, count: number, parent: number): number {
    let [low, high] = [first, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#parentIn(box, middle) > parent) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #parentIn(box: Uint32Array, at: number): number {
    const { words } = this.#link.sizes;
    return uint32At(box, at * (words + 2) + words);
  }

  /**
   * Numbers what this thread was the first to reach, as one thread would.
   *
   * @returns the state in whose expansion there came to be more states than wanted; {@link NONE} where there are not
   */
  #number(now: Progress, last: number, finding: number, maxStates: number): number {
    const link = this.#link;
    const { threads } = link.sizes;
    let number = now.size;
    for (let thread = 0; thread < link.me; thread++) number += link.freshOf(thread);
    const isMine = number <= maxStates && number + link.freshOf(link.me) > maxStates;
    const isEarlier = number + link.freshOf(link.me) <= maxStates;
    for (let thread = 0; thread < threads; thread++) now.size += link.freshOf(thread);
    const cursors = new Int32Array(2 * threads);
    for (let owner = 0; owner < threads; owner++) cursors[threads + owner] = link.count(link.me, owner, 'ranged');
    const boxes = link.boxes[link.me] as readonly Uint32Array[];
    const hashAt = link.sizes.words + 1;
    let [ranged, put, reached, crossing] = [0, this.#ranged, 0, NONE];
    for (;;) {
      const next = ranged < this.#ranged ? this.#parentOfNext(boxes, cursors, 0, ranged) : NONE;
      const nextPut = put < this.#listed ? this.#parentOfNext(boxes, cursors, threads, put) : NONE;
      const parent = Math.min(next, nextPut);
      if (parent > last || parent > crossing || parent === NONE) break;
      const owner = this.#owners[next < nextPut ? ranged++ : put++] as number;
      const cursor = (next < nextPut ? 0 : threads) + owner;
      const at = cursors[cursor] as number;
      cursors[cursor] = at + 1;
      reached++;
      const fresh = uint32At(boxes[owner] as Uint32Array, at * (hashAt + 1) + hashAt);
      if (fresh === 0) continue;
      link.order[number++] = (fresh - 1) * threads + owner;
      if (isMine && crossing === NONE && number > maxStates) crossing = parent;
    }
    const broken = this.#brokenAt === last && (crossing === NONE || crossing === last) ? this.#broken : 0;
    if (now.size <= maxStates || isMine || isEarlier) this.#transitions += reached + broken;
    if (now.size <= maxStates) return NONE;
    if (isMine) {
      link.tell('crossing', crossing);
      link.tell('crossedSize', number);
    } else link.tell('crossing', NONE);
    link.barrier();
    let crossed = NONE;
    for (let thread = 0; thread < threads; thread++) {
      if (link.told(thread, 'crossing') === NONE) continue;
      crossed = link.told(thread, 'crossing');
      now.size = link.told(thread, 'crossedSize');
    }
    // A broken rule is looked at before the bounds are.
    return crossed === finding ? NONE : crossed;
  }

  #parentOfNext(boxes: readonly Uint32Array[], cursors: Int32Array, first: number, listed: number): number {
    const owner = this.#owners[listed] as number;
    return this.#parentIn(boxes[owner] as Uint32Array, cursors[first + owner] as number);
  }
}
