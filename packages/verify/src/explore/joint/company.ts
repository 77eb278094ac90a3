/** How a search that has become large goes on with company: other threads, each on a core of its own. */
import { uint32At } from '@s2bench/core/stage2';
import type { Bounds } from '../bounds.ts';
import { CHUNK_STATES, hashOf, MOST_STATES, type StateSet } from '../state-set.ts';
import { BOX_SLACK, MOST_DEFERRED, type Progress, RANGE_STATES } from './joint-search.ts';
import { type Link, type LinkBuffers, makeLink, ownerOf } from './link.ts';

/** Who explores along. */
export interface Company {
  /** How many other threads. */
  readonly mates: number;
  /** States from which on they are asked; left out: where it pays. */
  readonly fromStates?: number;
  /** Starts them: each calls `joinExploration` with this, and its number from 1 on. */
  start(buffers: LinkBuffers): void;
}

/** Below that one thread is done before another one has loaded what it needs. */
export const JOINT_STATES = 400_000;
/** Successors of a state that there is room for, at a mean. */
const MEAN_SUCCESSORS = 6;
const MOST_LESSONS = 2 ** 20;

/** Where the threads begin together, as they tell each other. */
const WORDS = ['index', 'levelEnd', 'size', 'depth', 'transitions'] as const;

/** Makes what is shared; nothing where there is no room for it. */
export function linkFor(words: number, threads: number, bounds: Bounds): LinkBuffers | undefined {
  const most = Math.min(bounds.maxBytes / (4 * (words + 1)), 2 * bounds.maxStates + 4 * CHUNK_STATES, MOST_STATES / 2);
  const ownStates = Math.ceil((1.05 * most) / threads / CHUNK_STATES + 1) * CHUNK_STATES;
  const boxStates = Math.ceil((RANGE_STATES * MEAN_SUCCESSORS) / threads) + 2 * BOX_SLACK;
  const sizes = { threads, words, ownStates, boxStates, mostDeferred: MOST_DEFERRED };
  try {
    return makeLink(sizes, threads * ownStates, MOST_LESSONS, WORDS.length + threads);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Hands over what one thread has found so far. All that it has learned is told by the states from which it has. */
export function handOver(link: Link, states: StateSet, lessons: readonly number[], progress: Progress): void {
  const { threads, words } = link.sizes;
  const state = new Uint32Array(words);
  const counts = new Array<number>(threads).fill(0);
  for (let index = 0; index < states.size; index++) {
    states.read(index, state);
    const owner = ownerOf(hashOf(state, words), threads);
    const place = counts[owner] ?? 0;
    counts[owner] = place + 1;
    const own = link.states[owner] as Uint32Array;
    const at = place * (words + 1);
    for (let word = 0; word < words; word++) own[at + word] = uint32At(state, word);
    own[at + words] = states.parentOf(index);
    link.order[index] = place * threads + owner;
  }
  link.lessons[0] = lessons.length;
  link.lessons.set(lessons, 1);
  WORDS.forEach((word, at) => (link.begin[at] = progress[word]));
  link.begin.set(counts, WORDS.length);
}

/** Whether as much can be told as one thread has learned. */
export function fits(lessons: readonly number[]): boolean {
  return lessons.length < MOST_LESSONS;
}

/** Where the threads begin, and how many states this one owns there. */
export function beginningOf(link: Link): { progress: Progress; adopted: number } {
  const [index = 0, levelEnd = 0, size = 0, depth = 0, transitions = 0] = link.begin;
  return { progress: { index, levelEnd, size, depth, transitions }, adopted: link.begin[WORDS.length + link.me] ?? 0 };
}
