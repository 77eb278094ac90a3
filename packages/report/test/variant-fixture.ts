/** A document of both sides of a patch series, whose times a test gives. */
import type { CellResult, OkResult, ResultDocument, VariantName } from '../src/schema.ts';
import { documentOf, okResult, threadCell } from './thread-fixture.ts';

/** Milliseconds of a side at a number of vCPUs: simulated, and published where somebody did. */
export type Times = readonly [vcpus: number, simulatedMs: number, publishedMs?: number];

/** Cells of one side. */
export function side(variant: VariantName, times: readonly Times[], workload = 'page-table-test'): OkResult[] {
  const kernel = variant === 'before' ? 'v5.14' : 'v5.18';
  return times.map(([vcpus, simulatedMs, publishedMs]): OkResult => {
    const result = okResult(
      threadCell({ variant, vcpus, workload, kernel, strategy: 'upstream-5-14', history: 'none' }),
    );
    const stage = result.stages['ADJUST'];
    if (stage === undefined) throw new Error('the fixture has no ADJUST');
    const stages = { ADJUST: { ...stage, timeNs: simulatedMs * 1e6 } };
    if (publishedMs === undefined) return { ...result, stages };
    const figure = { stage: 'ADJUST' as const, seconds: [publishedMs / 1e3], source: 'a mail', metric: 'dirty memory' };
    return { ...result, stages, published: [figure] };
  });
}

/** A document of them, both sides side by side. */
export function variantDocument(before: readonly OkResult[], after: readonly OkResult[]): ResultDocument {
  const cells = before.flatMap((result, index): CellResult[] => {
    const other = after[index];
    return other === undefined ? [result] : [result, other];
  });
  return documentOf(cells, {
    comparisons: [],
    variants: [
      { name: 'before', standsFor: 'a spinlock' },
      { name: 'after', standsFor: 'an rwlock' },
    ],
    remarks: ['The machine is not named.'],
  });
}

/** As published: before 926 ms and more, after 965 ms and more. */
export const BEFORE: readonly Times[] = [
  [1, 930, 926],
  [2, 1200],
  [4, 2400, 2503],
  [64, 41_000, 40_994],
];
export const AFTER: readonly Times[] = [
  [1, 960, 965],
  [2, 1000],
  [4, 1100, 1128],
  [64, 15_000, 15_783],
];
