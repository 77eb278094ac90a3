/** The change of one number, and whether it passes a threshold. */
import type { MetricThreshold } from './threshold.ts';

/** A number before and after. Simulated, so both are exact and so is their ratio. */
export interface Change {
  readonly from: number;
  readonly to: number;
}

/** What the value has been multiplied by; `undefined` where it was nothing before. */
export function ratioOf({ from, to }: Change): number | undefined {
  if (from !== 0) return to / from;
  return to === 0 ? 1 : undefined;
}

/** The change in percent of the value before; endless where that was nothing. */
export function percentOf({ from, to }: Change): number {
  if (from !== 0) return ((to - from) / from) * 100;
  return to === 0 ? 0 : Infinity;
}

/** How large a change is, whatever its direction: half as much is as large as twice as much. */
export function sizeOf(change: Change): number {
  const ratio = ratioOf(change);
  if (ratio === undefined || ratio === 0) return Infinity;
  return Math.abs(Math.log(ratio));
}

/** The larger first. Two that are endless are as large as one another: a difference of the two would be no number. */
export function bySize(a: Change, b: Change): number {
  const [one, other] = [sizeOf(a), sizeOf(b)];
  return one === other ? 0 : other > one ? 1 : -1;
}

/** Whether a change passes a threshold. */
export function passes(change: Change, { operator, limitKind, limit }: MetricThreshold): boolean {
  const { from, to } = change;
  const held = limitKind === 'value' ? to : limitKind === 'change' ? to - from : percentOf(change);
  return operator === '>' ? held > limit : held < limit;
}

/** Changes below this many percent are counted and not listed. */
const SLIGHT_PERCENT = 0.01;

/** Whether a change is too small to be listed: it is real, and nobody's reason to decide. */
export function isSlight(change: Change): boolean {
  return Math.abs(percentOf(change)) < SLIGHT_PERCENT;
}
