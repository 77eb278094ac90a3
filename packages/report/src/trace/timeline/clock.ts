/** The clock that the strategies of a timeline share: nanoseconds since each one's fault, to pixels. */
import { scaleLinear, scaleLog } from 'd3-scale';
import { formatTime } from '../../format/time.ts';
import type { Trace } from '../schema.ts';
import { makerOf } from './maker.ts';

/** From when on a clock is a logarithm: so many times longer than its first event. */
const LOG_FROM = 60;
/** Of a logarithmic clock: nothing before it is told apart. */
const LEAST_NS = 100;
const TICK_PIXELS = 70;

/** A clock. */
export interface PictureClock {
  readonly isLog: boolean;
  /** @param ns - since the fault */
  xOf(ns: number): number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

/**
 * Makes the clock. 955 µs and 1.9 µs are told apart on one clock only where it is a logarithm; where all is of one size,
 * it is none.
 */
export function clockOf(traces: readonly Trace[], left: number, right: number): PictureClock {
  const lengthNs = Math.max(1, ...traces.map(({ startNs, endNs }) => endNs - startNs));
  const firstNs = Math.min(
    ...traces.map((trace) => {
      const maker = makerOf(trace);
      const first = trace.states.find(({ agent }) => agent === maker);
      return first === undefined ? lengthNs : first.endNs - trace.startNs;
    }),
  );
  const isLog = lengthNs > LOG_FROM * Math.max(firstNs, 1);
  if (!isLog) {
    const scale = scaleLinear().domain([0, lengthNs]).range([left, right]);
    const count = Math.max(2, Math.floor((right - left) / TICK_PIXELS));
    return {
      isLog,
      xOf: scale,
      ticks: scale.ticks(count).map((ns) => ({ x: scale(ns), label: ns === 0 ? '0' : tick(ns) })),
    };
  }
  const leastNs = Math.min(LEAST_NS, firstNs / 2);
  const scale = scaleLog().domain([leastNs, lengthNs]).range([left, right]);
  const decades = scale.ticks().filter((ns) => Number.isInteger(Math.round(Math.log10(ns) * 1e6) / 1e6));
  return {
    isLog,
    xOf: (ns) => scale(Math.max(ns, leastNs)),
    ticks: decades.map((ns) => ({ x: scale(ns), label: tick(ns) })),
  };
}

function tick(ns: number): string {
  return formatTime(ns).replace(/\.0+ /, ' ');
}
