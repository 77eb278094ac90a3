/** What a strategy's strip of a timeline shows: lanes of segments, by pixel, so that 128 vCPUs take no more than two. */
import type { EffectSpan, StateSpan, Trace } from '../schema.ts';
import type { PictureClock } from './clock.ts';
import { makerOf } from './maker.ts';

/** Parts of a lane that begin and end at a pixel; several of them may share its height. */
export interface Segment {
  readonly x: number;
  readonly width: number;
  /** Class of the style. */
  readonly kind: string;
  /** Where in the lane's height: from, to, of 1. */
  readonly from: number;
  readonly to: number;
}

/** A line of a strip. */
export interface Lane {
  readonly label: string;
  readonly height: number;
  readonly segments: readonly Segment[];
}

const SINGLE = 15;
const SHARED = 26;
/** From below to above, where vCPUs share a lane. */
const STATES: readonly StateSpan['state'][] = ['locked', 'waiting', 'host', 'guest'];

/** The lanes of a strategy. */
export function lanesOf(trace: Trace, clock: PictureClock): Lane[] {
  const maker = makerOf(trace);
  const { vcpus } = trace.cell;
  const own = trace.states.filter(({ agent }) => agent === maker);
  const others = trace.states.filter(({ agent }) => agent !== maker && agent < vcpus);
  const host = trace.states.filter(({ agent }) => agent >= vcpus);
  const count = new Set(others.map(({ agent }) => agent)).size;
  const at = (ns: number): number => clock.xOf(ns - trace.startNs);
  const single = (label: string, states: readonly StateSpan[]): Lane => ({
    label,
    height: SINGLE,
    segments: states.map(({ state, startNs, endNs }) => segment(at(startNs), at(endNs), state)),
  });
  return [
    single(maker < vcpus ? `vCPU ${maker}` : 'host', own),
    ...(count === 1 ? [single(`vCPU ${others[0]?.agent ?? 0}`, others)] : []),
    ...(count > 1 ? [{ label: `${count} others`, height: SHARED, segments: shares(others, count, at) }] : []),
    ...(host.length > 0 && maker < vcpus ? [single('host', host)] : []),
    { label: 'mmu_lock', height: SINGLE, segments: lockSegments(trace.states, maker, at) },
    { label: 'entry', height: SINGLE, segments: entrySegments(trace, maker, at) },
    { label: 'work', height: SINGLE, segments: workSegments(trace.effects, maker, at) },
  ];
}

type At = (ns: number) => number;

function segment(start: number, end: number, kind: string, from = 0, to = 1): Segment {
  // What is shorter than a pixel is drawn as one: it is there.
  return { x: start, width: Math.max(end - start, 1), kind, from, to };
}

/** How many of the vCPUs are in each state, pixel by pixel. */
function shares(states: readonly StateSpan[], count: number, at: At): Segment[] {
  const edges = [...new Set(states.flatMap(({ startNs, endNs }) => [Math.round(at(startNs)), Math.round(at(endNs))]))];
  edges.sort((a, b) => a - b);
  const segments: Segment[] = [];
  for (const [index, x] of edges.slice(0, -1).entries()) {
    const end = edges[index + 1] ?? x;
    const middle = (x + end) / 2;
    let from = 0;
    for (const state of STATES) {
      const share =
        states.filter((span) => span.state === state && at(span.startNs) <= middle && at(span.endNs) > middle).length /
        count;
      if (share === 0) continue;
      const to = Math.min(1, from + share);
      const last = segments.findLast(({ kind }) => kind === state);
      if (last !== undefined && last.x + last.width === x && last.from === from && last.to === to)
        segments[segments.indexOf(last)] = { ...last, width: end - last.x };
      else segments.push({ x, width: end - x, kind: state, from, to });
      from = to;
    }
  }
  return segments;
}

function lockSegments(states: readonly StateSpan[], maker: number, at: At): Segment[] {
  return joined(
    states
      .filter(({ state }) => state === 'locked')
      .toSorted((a, b) => a.startNs - b.startNs)
      .map(({ agent, startNs, endNs }) => segment(at(startNs), at(endNs), agent === maker ? 'locked' : 'lockedOther')),
  );
}

/** Neighbours of a kind with less than a pixel between them are one. */
function joined(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const next of segments) {
    const last = result.at(-1);
    if (last?.kind === next.kind && next.x - (last.x + last.width) < 1) {
      const end = Math.max(last.x + last.width, next.x + next.width);
      result[result.length - 1] = { ...last, width: end - last.x };
    } else result.push(next);
  }
  return result;
}

/** What the entry that the window is of holds: a table, nothing, a block. It changes where an effect begins. */
function entrySegments(trace: Trace, maker: number, at: At): Segment[] {
  const changes = entryChanges(trace, maker);
  return changes.map(({ kind, startNs }, index) =>
    segment(at(startNs), at(changes[index + 1]?.startNs ?? trace.endNs), kind),
  );
}

/** What an entry holds from when on. */
export interface EntryChange {
  readonly kind: 'table' | 'invalid' | 'block';
  readonly startNs: number;
}

const STORES: Readonly<Record<string, EntryChange['kind']>> = {
  entryInvalidated: 'invalid',
  leafInstalled: 'block',
  tableInstalled: 'table',
};

/** The states of the entry that the maker has replaced, from the fault on. */
export function entryChanges({ effects, startNs, windows }: Trace, maker: number): EntryChange[] {
  const own = effects.filter(({ agent, effect }) => agent === maker && STORES[effect] !== undefined);
  const last = own.findLast(({ effect }) => effect !== 'entryInvalidated') ?? own.at(-1);
  const ofEntry = own.filter(({ level }) => level === last?.level);
  const isFreed = effects.some(({ agent, effect }) => agent === maker && /^table(Freed|Unlinked)$/.test(effect));
  const before = isFreed || last?.effect === 'tableInstalled' ? 'table' : windows.length > 0 ? 'block' : 'invalid';
  const first: EntryChange = { kind: isFreed ? 'table' : before === 'table' ? 'block' : before, startNs };
  return [first, ...ofEntry.map((store) => ({ kind: STORES[store.effect] ?? 'invalid', startNs: store.startNs }))];
}

const WORK: readonly (readonly [RegExp, string])[] = [
  [/^tlbi/, 'tlbi'],
  [/^(dcacheClean|icacheInvalidate)$/, 'clean'],
  [/^(table(Allocated|Freed|Unlinked)|references(Taken|Dropped)|hostWrote)$/, 'tables'],
];

/** What kind of work an effect is. */
export function workOf(effect: string): string {
  return WORK.find(([pattern]) => pattern.test(effect))?.[1] ?? 'walk';
}

/** What the maker does, by pixel: what takes the most of its time there. */
function workSegments(effects: readonly EffectSpan[], maker: number, at: At): Segment[] {
  const columns = new Map<number, Map<string, number>>();
  for (const { effect, startNs, endNs } of effects.filter(({ agent }) => agent === maker)) {
    const [from, to] = [at(startNs), at(endNs)];
    for (let x = Math.floor(from); x <= Math.floor(to); x++) {
      const here = Math.min(to, x + 1) - Math.max(from, x);
      const column = columns.get(x) ?? new Map<string, number>();
      columns.set(x, column.set(workOf(effect), (column.get(workOf(effect)) ?? 0) + here));
    }
  }
  const most = [...columns]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([x, column]) => {
      const [kind] = [...column].reduce<[string, number]>((best, one) => (one[1] > best[1] ? one : best), ['', 0]);
      return kind === '' ? [] : [{ x, width: 1, kind, from: 0, to: 1 }];
    });
  return joined(most);
}
