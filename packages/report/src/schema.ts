/** The schema of a result: one versioned document, whatever wrote it. */
import * as z from 'zod';

/** The version of {@link resultDocumentSchema}. It rises when a consumer would have to change. */
export const SCHEMA_VERSION = 2;

/** The stages of a run, in the order in which they happen. */
export const STAGE_NAMES = ['CREATE', 'LOG_ON', 'UPDATE', 'LOG_OFF', 'ADJUST'] as const;
/** A stage of a run. LOG_ON and LOG_OFF are the two changes of the memslot's flag. */
export type StageName = (typeof STAGE_NAMES)[number];

const count = z.number().int().nonnegative();
const nanoseconds = z.number().nonnegative();

/** One point of the matrix. */
export const cellSchema = z.object({
  strategy: z.string(),
  vcpus: z.number().int().positive(),
  memoryBytes: z.number().int().positive(),
  granuleBytes: z.number().int().positive().describe('block that the backing gives; the page size if anonymous'),
  pageSizeBytes: z.number().int().positive(),
  backing: z.enum(['hugetlb', 'thp', 'anonymous']),
  history: z.string(),
  profile: z.string(),
  kernel: z.string(),
  workload: z.string(),
  seed: z.number().int().nonnegative(),
});
/** One point of the matrix. */
export type Cell = z.infer<typeof cellSchema>;

/** What happened in one stage. Times are simulated nanoseconds; counts are of the test's memslot. */
export const stageResultSchema = z.object({
  timeNs: nanoseconds.describe('from the start of the stage until the last vCPU has finished it'),
  faults: z.object({
    translation: count,
    permission: count,
    spurious: count.describe('faults that found the work done by another vCPU'),
  }),
  maps: count.describe('pages or blocks installed'),
  relaxed: count.describe('permission relaxations'),
  tlbi: z.object({ vmid: count, ipa: count, range: count }),
  cleanedBytes: count,
  invalidatedBytes: count,
  tablePages: z.object({ allocated: count, freed: count }),
  invalidWindow: z
    .object({ count, longestNs: nanoseconds, totalNs: nanoseconds })
    .describe('from the clearing of a valid entry until a valid one stands in its place'),
  stallNs: z
    .object({ p50: nanoseconds, p99: nanoseconds, max: nanoseconds })
    .describe('per fault: from the exit to the entry of a vCPU'),
  lockWaitNs: nanoseconds.describe('waiting for mmu_lock, summed over the vCPUs'),
  staleReads: count.describe('pages whose last host write was not cleaned to PoC when a vCPU accessed them, per vCPU'),
  extrapolated: z.boolean().describe('whether a part of the stage was sampled and extrapolated'),
  sampledFraction: z.number().gt(0).max(1).optional().describe('part of the faults that was simulated one by one'),
  errorBound: z
    .number()
    .nonnegative()
    .optional()
    .describe('relative, of the time: covers scatter, work that is rarer than the sample, and where the sample ends'),
  chargedNs: z
    .record(z.string(), nanoseconds)
    .optional()
    .describe('time charged to each cost of the profile, by its name, summed over the vCPUs'),
});
/** What happened in one stage. */
export type StageResult = z.infer<typeof stageResultSchema>;

/** A figure that somebody measured and published for a stage of this cell. */
export const publishedFigureSchema = z.object({
  stage: z.enum(STAGE_NAMES),
  seconds: z.array(z.number().positive()).min(1),
  source: z.string(),
});
/** A figure that somebody measured and published. */
export type PublishedFigure = z.infer<typeof publishedFigureSchema>;

/** What a verdict can be, by how much it should worry a reader. */
export const VERDICT_STATUSES = ['unsafe', 'not-explored', 'safe'] as const;
/** What a verdict can be. */
export type VerdictStatus = (typeof VERDICT_STATUSES)[number];

/** Whether the cell's strategy is safe under the cell's history. */
export const verdictSchema = z.object({
  status: z.enum(VERDICT_STATUSES),
  rule: z.string().optional().describe('the rule that is broken'),
  counterexample: z.string().optional().describe('link to the counterexample, relative to the report'),
});
/** Whether a strategy is safe under a history. */
export type Verdict = z.infer<typeof verdictSchema>;

/** A page that verdicts link to: what a strategy breaks under a history, and how. */
export const proofPageSchema = z.object({
  file: z
    .string()
    .regex(/^[\w./-]+$/)
    .describe('relative to the report; verdicts link to it'),
  strategy: z.string(),
  history: z.string(),
  fwb: z.boolean().describe('whether the machine has FEAT_S2FWB'),
  command: z.string().describe('the command that explores it again'),
  broken: z
    .array(
      z.object({
        rule: z.string(),
        sentence: z.string().describe('what the rule enforces'),
        world: z.string(),
        text: z.string().describe('the steps, as a table in plain text'),
      }),
    )
    .min(1),
});
/** A page that verdicts link to. */
export type ProofPage = z.infer<typeof proofPageSchema>;

const cellParts = { cell: cellSchema, verdict: verdictSchema.optional() };

/** A cell and what came of it. */
export const cellResultSchema = z.discriminatedUnion('status', [
  z.object({
    ...cellParts,
    status: z.literal('ok'),
    strategyVersion: z.string().optional(),
    stages: z.partialRecord(z.enum(STAGE_NAMES), stageResultSchema),
    published: z.array(publishedFigureSchema).optional(),
  }),
  z.object({ ...cellParts, status: z.literal('skipped'), reason: z.string() }),
  z.object({ ...cellParts, status: z.literal('failed'), reason: z.string() }),
]);
/** A cell and what came of it. */
export type CellResult = z.infer<typeof cellResultSchema>;
/** A cell that was simulated. */
export type OkResult = Extract<CellResult, { status: 'ok' }>;

/** What a comparison is for: a part of one gain, or another strategy set beside. */
export const COMPARISON_ROLES = ['part', 'alternative'] as const;

/**
 * Two strategies to be compared: they differ in one thing. Comparisons of role `part` form a chain, in order:
 * each starts where the one before ends, and together they are the way from the first strategy to the last.
 */
export const comparisonSchema = z.object({
  from: z.string(),
  to: z.string(),
  factor: z.string().min(1).describe('the one thing that differs, as a noun: "order of install"'),
  role: z.enum(COMPARISON_ROLES),
});
/** Two strategies to be compared. */
export type Comparison = z.infer<typeof comparisonSchema>;

/** Where a cost of a profile comes from. */
export const PROVENANCES = ['measured', 'calibrated', 'assumed'] as const;

/** What a report says of a machine profile that its cells ran on. */
export const profileNoteSchema = z.object({
  name: z.string(),
  summary: z.string(),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .describe('SHA-256 of all of it that a time depends on; null where a document of schema version 1 did not say'),
  costs: z.array(
    z.object({
      name: z.string(),
      value: z.number(),
      unit: z.string(),
      provenance: z.enum(PROVENANCES),
      source: z.string(),
    }),
  ),
  calibration: z
    .array(
      z.object({
        figure: z.string(),
        published: z.number(),
        model: z.number(),
        unit: z.string(),
        errorPercent: z.number(),
      }),
    )
    .optional()
    .describe('the residual of every published figure that the profile was fitted to'),
});
/** What a report says of a machine profile. */
export type ProfileNote = z.infer<typeof profileNoteSchema>;

/** What a report says of a strategy. */
export const strategyNoteSchema = z.object({
  name: z.string(),
  version: z.string().optional(),
  summary: z.string(),
  source: z.string(),
});

/** Which part of a matrix a document holds. Shards can be merged where they agree in all but `index` and `places`. */
export const shardSchema = z.object({
  index: z.number().int().positive().describe('from 1'),
  count: z.number().int().positive(),
  places: z.array(count).describe('where its cells stand in the matrix, from 0, in the order of `cells`'),
  matrixCells: count.describe('cells of the whole matrix'),
  fingerprints: z
    .object({ matrix: z.string(), simulator: z.string(), strategies: z.string(), profiles: z.string() })
    .describe('of all that a result depends on'),
});
/** Which part of a matrix a document holds. */
export type Shard = z.infer<typeof shardSchema>;

/** A run of the matrix: what `s2bench run --json` prints and `results.json` holds. */
export const resultDocumentSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  tool: z.object({ name: z.literal('s2bench'), version: z.string() }),
  command: z.string().describe('the command that gives this document again'),
  preset: z.string().optional(),
  title: z.string().optional().describe('the heading of the report'),
  interrupted: z
    .object({ missingCells: count })
    .optional()
    .describe('the run was stopped: cells of the matrix that are not in this document'),
  shard: shardSchema.optional().describe('present where the document is a part, to be merged with the others'),
  comparisons: z.array(comparisonSchema).optional(),
  strategies: z.array(strategyNoteSchema),
  profiles: z.array(profileNoteSchema),
  cells: z.array(cellResultSchema),
  counterexamples: z.array(proofPageSchema).optional().describe('the pages that the verdicts link to'),
});
/** A run of the matrix. */
export type ResultDocument = z.infer<typeof resultDocumentSchema>;

/** The JSON Schema of {@link resultDocumentSchema}, for consumers in other languages. */
export function resultJsonSchema(): object {
  // The input side: a reader accepts fields that a later version adds.
  return z.toJSONSchema(resultDocumentSchema, { io: 'input' });
}
