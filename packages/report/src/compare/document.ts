/** Comparisons as JSON, for programs: a versioned schema of its own. */
import * as z from 'zod';
import { cellSchema, stageNameSchema } from '../schema.ts';
import { ratioOf } from './change.ts';
import { isFailed } from './compare.ts';
import type { CellChange, ResultComparison, WordChange } from './compare.ts';
import { findingLine, headlineOf } from './headline.ts';
import { formatThreshold } from './threshold.ts';
import type { Threshold } from './threshold.ts';

/** The version of {@link comparisonDocumentSchema}. It rises when a consumer would have to change. */
export const COMPARISON_SCHEMA_VERSION = 1;

const hits = z.array(z.string()).describe('thresholds that are passed, as --fail-on writes them');
const wordChangeSchema = z.object({ from: z.string(), to: z.string(), isWorse: z.boolean(), hits });

/** What `s2bench compare --json` prints. */
export const comparisonDocumentSchema = z.object({
  schemaVersion: z.literal(COMPARISON_SCHEMA_VERSION),
  tool: z.literal('s2bench compare'),
  failOn: z.array(z.string()),
  failed: z.boolean().describe('whether a threshold is passed: exit code 1'),
  comparisons: z.array(
    z.object({
      base: z.string(),
      head: z.string(),
      failed: z.boolean(),
      headline: z.array(z.string()).describe('what got better and worse, in words, what matters most first'),
      differences: z.array(z.object({ text: z.string(), isWarning: z.boolean() })),
      changed: z
        .array(
          z.object({
            cell: cellSchema.describe('as the head has it'),
            outcome: wordChangeSchema.optional(),
            verdict: wordChangeSchema.optional(),
            metrics: z.array(
              z.object({
                stage: stageNameSchema,
                metric: z.string().describe('as the schema of a result names it'),
                from: z.number(),
                to: z.number(),
                ratio: z.number().nullable().describe('null where the base is nothing'),
                hits,
              }),
            ),
          }),
        )
        .describe('the cell that matters most first'),
      unchangedCells: z.number().int().nonnegative(),
      onlyBase: z.array(cellSchema),
      onlyHead: z.array(cellSchema),
      missingHits: hits,
    }),
  ),
});
/** What `s2bench compare --json` prints. */
export type ComparisonDocument = z.infer<typeof comparisonDocumentSchema>;

/** Comparisons as a document. */
export function comparisonDocument(
  comparisons: readonly ResultComparison[],
  thresholds: readonly Threshold[],
): ComparisonDocument {
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    tool: 's2bench compare',
    failOn: thresholds.map(formatThreshold),
    failed: comparisons.some(isFailed),
    comparisons: comparisons.map((comparison) => ({
      base: comparison.base,
      head: comparison.head,
      failed: isFailed(comparison),
      headline: headlineOf(comparison).map(findingLine),
      differences: comparison.differences.map(({ text, isWarning }) => ({ text, isWarning })),
      changed: comparison.changed.map(cellEntry),
      unchangedCells: comparison.unchangedCells,
      onlyBase: [...comparison.onlyBase],
      onlyHead: [...comparison.onlyHead],
      missingHits: comparison.missingHits.map(formatThreshold),
    })),
  };
}

/** The JSON Schema of {@link comparisonDocumentSchema}, for consumers in other languages. */
export function comparisonJsonSchema(): object {
  return z.toJSONSchema(comparisonDocumentSchema, { io: 'input' });
}

function cellEntry({
  cell,
  outcome,
  verdict,
  metrics,
}: CellChange): ComparisonDocument['comparisons'][number]['changed'][number] {
  return {
    cell,
    ...(outcome && { outcome: wordEntry(outcome) }),
    ...(verdict && { verdict: wordEntry(verdict) }),
    metrics: metrics.map((change) => ({
      stage: change.stage,
      metric: change.metric.name,
      from: change.from,
      to: change.to,
      ratio: ratioOf(change) ?? null,
      hits: change.hits.map(formatThreshold),
    })),
  };
}

function wordEntry({ from, to, isWorse, hits: passed }: WordChange): z.infer<typeof wordChangeSchema> {
  return { from, to, isWorse, hits: passed.map(formatThreshold) };
}
