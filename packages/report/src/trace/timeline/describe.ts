/** A timeline in words: the table that a reader hears who does not see the picture. */
import { formatTime } from '../../format/time.ts';
import type { Trace } from '../schema.ts';
import { makerOf } from './maker.ts';
import { entryChanges, workOf } from './strips.ts';

/** The longest window of a trace; 0 where there is none. */
export function longestWindowNs({ windows }: Trace): number {
  return Math.max(0, ...windows.map(({ startNs, endNs }) => endNs - startNs));
}

/** The longest fault of another vCPU than the maker; `undefined` where none had one. */
export function othersStallNs(trace: Trace): number | undefined {
  const maker = makerOf(trace);
  const others = trace.faults.filter(({ agent }) => agent !== maker);
  return others.length === 0 ? undefined : Math.max(...others.map(({ startNs, endNs }) => endNs - startNs));
}

const WORK_WORDS: Readonly<Record<string, string>> = {
  walk: 'walks and stores',
  tlbi: 'TLBI',
  clean: 'cleans',
  tables: 'tables freed or made',
};

/** Every strategy's row: each fact with its name and unit. */
export function describeTimeline(traces: readonly Trace[]): string {
  return traces.map(describe).join(' ');
}

function describe(trace: Trace): string {
  const maker = makerOf(trace);
  const { cell, effects, startNs, states } = trace;
  const after = (ns: number): string => (ns === startNs ? 'at first' : `from ${formatTime(ns - startNs)} on`);
  const entry = entryChanges(trace, maker).map((change) => `${change.kind} ${after(change.startNs)}`);
  const work = Object.entries(WORK_WORDS).flatMap(([kind, words]) => {
    const own = effects.filter(({ agent, effect }) => agent === maker && workOf(effect) === kind);
    const ns = own.reduce((sum, span) => sum + span.endNs - span.startNs, 0);
    return ns === 0 ? [] : [`${words} ${formatTime(ns)}`];
  });
  const lockedNs = states
    .filter(({ agent, state }) => agent === maker && state === 'locked')
    .reduce((sum, span) => sum + span.endNs - span.startNs, 0);
  const stall = othersStallNs(trace);
  const facts = [
    `longest window ${longestWindowNs(trace) === 0 ? 'none' : formatTime(longestWindowNs(trace))}`,
    `mmu_lock held ${formatTime(lockedNs)}`,
    ...(stall === undefined ? [] : [`longest stall of another vCPU ${formatTime(stall)}`]),
    `entry: ${entry.join(', ')}`,
    `of vCPU ${maker}: ${work.join(', ')}`,
  ];
  return `${cell.strategy}, ${cell.vcpus} vCPUs, ${cell.history}: ${facts.join('; ')}.`;
}
