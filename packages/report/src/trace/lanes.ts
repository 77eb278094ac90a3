/** Spans on tracks: on one track nothing overlaps that does not lie within the other. */

/** From when to when. */
export interface Span {
  readonly startNs: number;
  readonly endNs: number;
}

/**
 * Puts spans on as few tracks as they need, so that on each they follow one another: two sections that share a lock, or
 * two windows of one operation, come to stand side by side.
 */
export function spread<T extends Span>(spans: readonly T[]): T[][] {
  const tracks: T[][] = [];
  for (const span of spans.toSorted((a, b) => a.startNs - b.startNs || b.endNs - a.endNs)) {
    const free = tracks.find((track) => (track.at(-1)?.endNs ?? 0) <= span.startNs);
    if (free === undefined) tracks.push([span]);
    else free.push(span);
  }
  return tracks;
}
