/** How the two sides of a patch series compare along a curve: who is faster where, and from where on each grows. */
import { VARIANT_NAMES, type VariantName } from '../schema.ts';
import type { VariantCurve, VariantPoint } from './variants.ts';

/** Where times come from. */
export type Origin = 'published' | 'simulated';

/** A span of a curve in which one side is faster. */
export interface Lead {
  readonly faster: VariantName | 'neither';
  readonly from: number;
  readonly to: number;
}

/** Sides whose times differ by less are alike: figures are published with two digits or three. */
const ALIKE = 0.01;
/** A time grows with the vCPUs where it grows by more than the square root of their number: half way to in proportion. */
const GROWING = 0.5;

/** The places of a curve at which both sides have a published figure, as a curve. */
export function publishedPart(curve: VariantCurve): VariantCurve {
  return {
    ...curve,
    points: curve.points.filter(
      ({ before, after }) => before.publishedNs !== undefined && after.publishedNs !== undefined,
    ),
  };
}

/** The time of a side at a place; `undefined` where it was not published. */
export function timeAt(point: VariantPoint, side: VariantName, origin: Origin): number | undefined {
  return origin === 'published' ? point[side].publishedNs : point[side].timeNs;
}

/** Who is faster along a curve: spans, in order. Two that follow each other have another side in the lead: a crossing. */
export function leadsOf({ points }: VariantCurve, origin: Origin): readonly Lead[] {
  const leads: Lead[] = [];
  for (const point of points) {
    const [before, after] = VARIANT_NAMES.map((side) => timeAt(point, side, origin));
    if (before === undefined || after === undefined) continue;
    const faster = Math.abs(after / before - 1) < ALIKE ? 'neither' : after < before ? 'after' : 'before';
    const last = leads.at(-1);
    if (last?.faster === faster) leads[leads.length - 1] = { ...last, to: point.at };
    else leads.push({ faster, from: point.at, to: point.at });
  }
  return leads;
}

/**
 * From which place on a side's time grows with what grows along the curve, to its end; `undefined` where it does not, or where
 * there are too few places to tell. Between the last place before and this one the curve has its knee.
 */
export function growsFrom({ points }: VariantCurve, side: VariantName, origin: Origin): number | undefined {
  const known = points.flatMap((point) => {
    const ns = timeAt(point, side, origin);
    return ns === undefined || ns === 0 ? [] : [{ at: point.at, ns }];
  });
  const slopes = known.slice(1).map((to, index) => {
    const from = known[index] ?? to;
    return { from: from.at, slope: Math.log(to.ns / from.ns) / Math.log(to.at / from.at) };
  });
  const lastFlat = slopes.findLastIndex(({ slope }) => slope < GROWING);
  return slopes[lastFlat + 1]?.from;
}
