/** The schema of a result: one versioned document, whatever wrote it. */
import * as z from 'zod';
import { environmentSchema } from './environment-schema.ts';
import { hostResultSchema } from './host-result.ts';
import { kernelNoteSchema, profileNoteSchema, sha256, strategyNoteSchema, workloadNoteSchema } from './notes-schema.ts';
import { stageNameSchema } from './stage-names.ts';
import { VARIANT_NAMES, variantNoteSchema } from './variant-schema.ts';

export type { Environment } from './environment-schema.ts';
export { type ProfileNote, PROVENANCES } from './notes-schema.ts';
export * from './stage-names.ts';
export { VARIANT_NAMES, type VariantName } from './variant-schema.ts';

/** The version of {@link resultDocumentSchema}. It rises when a consumer would have to change. */
export const SCHEMA_VERSION = 4;

/** A document before it is checked: what JSON has given. */
export type JsonObject = Readonly<Record<string, unknown>>;

const count = z.number().int().nonnegative();
const nanoseconds = z.number().nonnegative();

/** One point of the matrix. */
export const cellSchema = z.object({
  strategy: z.string().describe('with hooks of others it is named after them too: baseline+recover-zap'),
  logStart: z
    .string()
    .optional()
    .describe('the plugin whose hook runs where logging starts; left out: what the kernel does'),
  logStop: z
    .string()
    .optional()
    .describe('the plugin whose hook runs where logging stops; left out: what the kernel does'),
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
  variant: z
    .enum(VARIANT_NAMES)
    .optional()
    .describe(
      'which side of a patch series it is: only in presets that have two, whose kernel models or workloads differ',
    ),
});
/** One point of the matrix. */
export type Cell = z.infer<typeof cellSchema>;

/**
 * What happened in one stage, whoever did it: all vCPUs, and the host. Times are simulated nanoseconds; counts are of the
 * test's memslot.
 *
 * Every fault that a vCPU takes is a translation or a permission fault and is counted once as that: their sum is all
 * faults. `spurious`, `retried` and `relaxed` say of some of them what came of them, and are no faults in addition.
 *
 * `chargedNs` adds up what everybody did, also at the same time, so it is not the stage's length: it is the time of each
 * vCPU until it had finished, and of the host, without what they waited (`lockWaitNs` but for `lockAcquire`, `readAcquire`
 * and `lockHandover`, and `hostPageWaitNs`). An access of a guest is charged to `guestAccess` with what it takes where one
 * vCPU runs alone, without the walk, which is charged to `guestWalkRead` and `guestWalkLine`; to `farMemory` with what
 * distance adds, and to `memoryService` with what the company of others adds.
 *
 * Where a part of the stage was extrapolated, counts, sums and maxima are those of all of it; the percentiles of `stallNs`
 * are of the part that was simulated.
 */
export const stageResultSchema = z.object({
  timeNs: nanoseconds.describe('from the start of the stage until the last vCPU has finished it'),
  faults: z
    .object({
      translation: count.describe(
        'faults on an address that no valid entry maps, spurious and retried ones included; an access that faults again counts again',
      ),
      permission: count.describe(
        'faults on an entry that forbids the access, spurious and retried ones included; an access that faults again counts again',
      ),
      spurious: count.describe(
        'those of the translation and permission faults that had nothing left to install under mmu_lock: another vCPU had done it',
      ),
      retried: count
        .nullable()
        .describe(
          'those of the translation and permission faults that found under mmu_lock that the host had taken pages away since they began: the guest makes its access again; null where a document of schema version 1 or 2 did not say',
        ),
    })
    .describe('all faults are translation + permission; spurious and retried ones are among these'),
  maps: count.describe(
    'pages and blocks installed, one for each valid leaf written where none stood: by faults, and by the notifier where the host exchanged a page',
  ),
  relaxed: count.describe(
    'those of the permission faults that ended in a relaxation of the leaf, also where another vCPU had relaxed it before',
  ),
  tlbi: z
    .object({
      vmid: count.describe('of the whole VMID'),
      ipa: count.describe('of one address'),
      range: count.describe('of a range of addresses'),
    })
    .describe('TLB invalidations by whoever and for whatever; one, with its barriers, counts once'),
  cleanedBytes: count.describe(
    'cleaned to the point of coherency by the stage-2 code; what is cleaned twice counts twice',
  ),
  invalidatedBytes: count.describe(
    'invalidated in the I-cache by the stage-2 code; what is invalidated twice counts twice',
  ),
  tablePages: z
    .object({
      allocated: count.describe('table pages put into the tables'),
      freed: count.describe('table pages given back'),
    })
    .describe('without the root, which is there before the first stage'),
  invalidWindow: z
    .object({
      count: count.describe(
        'pages, blocks and tables made valid in an operation under mmu_lock where it had taken pages away: each ends one window',
      ),
      longestNs: nanoseconds.describe('the longest that any page was out of reach'),
      totalNs: nanoseconds.describe('the sum of these windows, each as long as its longest page'),
      pageSeconds: z
        .number()
        .nonnegative()
        .nullable()
        .describe(
          'the sum over all pages that were mapped, each times how long it was out of reach; null where a document of schema version 1 to 3 did not say, whose windows are those of the replaced entry alone',
        ),
    })
    .describe(
      "the time in which a page that was mapped is out of the guest's reach: from the clearing of its entry, or of one above it, until the same operation has a valid leaf for it again, or a table in the place of the entry that it cleared; what stays unmapped is none",
    ),
  stallNs: z
    .object({
      p50: nanoseconds.describe('the median'),
      p99: nanoseconds.describe('the 99th percentile'),
      max: nanoseconds.describe('the longest'),
    })
    .describe(
      'per fault that was simulated one by one, spurious ones included: from the exit to the entry of a vCPU, to three digits',
    ),
  stalledNs: nanoseconds
    .optional()
    .describe(
      'time that vCPUs were out of the guest for faults, summed over them: the faults themselves and all waiting in them; divided by the blocks that came back it is what one of them cost the guest',
    ),
  lockWaitNs: nanoseconds.describe(
    'from asking for mmu_lock until holding it, the cost of taking it included, summed over the vCPUs',
  ),
  hostPageWaitNs: nanoseconds
    .optional()
    .describe('waiting for a host page that another vCPU was zeroing or copying, summed over the vCPUs'),
  staleReads: count.describe(
    'accesses of vCPUs, loads and stores, to a page whose last host write was not cleaned to the point of coherency',
  ),
  extrapolated: z.boolean().describe('whether a part of the stage was sampled and extrapolated'),
  sampledFraction: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe("part of the slowest vCPU's accesses that was simulated one by one"),
  errorBound: z
    .number()
    .nonnegative()
    .optional()
    .describe('relative, of the time: covers scatter, work that is rarer than the sample, and where the sample ends'),
  host: hostResultSchema
    .optional()
    .describe('what the host did, between the guests or beside them; left out where it did nothing'),
  chargedNs: z
    .record(z.string(), nanoseconds)
    .optional()
    .describe(
      'time charged to each cost of the profile, by its name, summed over all vCPUs and the host; costs that nothing was charged to are left out',
    ),
});
/** What happened in one stage. */
export type StageResult = z.infer<typeof stageResultSchema>;

/** A figure that somebody measured and published for a stage of this cell. */
export const publishedFigureSchema = z.object({
  stage: stageNameSchema,
  seconds: z.array(z.number().positive()).min(1),
  source: z.string(),
  metric: z.string().min(1).optional().describe('what it is of, where one report has several'),
});
/** A figure that somebody measured and published. */
export type PublishedFigure = z.infer<typeof publishedFigureSchema>;

/** What a verdict can be, by how much it should worry a reader. */
export const VERDICT_STATUSES = ['unsafe', 'not-explored', 'safe'] as const;
/** What a verdict can be. */
export type VerdictStatus = (typeof VERDICT_STATUSES)[number];

/** A file below a folder: no scheme, no way out, nothing hidden. */
const RELATIVE_FILE = /^\w[\w-]*(\.[\w-]+)*(\/\w[\w-]*(\.[\w-]+)*)*$/;

/** Whether the cell's strategy is safe under the cell's history. */
export const verdictSchema = z.object({
  status: z.enum(VERDICT_STATUSES),
  rule: z.string().optional().describe('the rule that is broken'),
  counterexample: z
    .string()
    .regex(RELATIVE_FILE, 'must be a file below the report')
    .optional()
    .describe('link to the counterexample, relative to the report'),
  bounded: z
    .object({
      explorations: count.describe('worlds that were explored'),
      met: count.describe('those of them that a bound has cut off'),
      mostStates: count.describe('states that an exploration went to at most'),
    })
    .optional()
    .describe('nothing was found, and not everything was explored: it is not-explored'),
});
/** Whether a strategy is safe under a history. */
export type Verdict = z.infer<typeof verdictSchema>;

/** A page that verdicts link to: what a strategy breaks under a history, and how. */
export const proofPageSchema = z.object({
  file: z
    .string()
    .regex(/^counterexamples\/[\w-]+(\.[\w-]+)*\.md$/, 'must be counterexamples/NAME.md')
    .describe(
      'relative to the report, and in a folder of its own: no page takes the place of another file; verdicts link to it',
    ),
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
    stages: z.record(stageNameSchema, stageResultSchema).describe('in the order in which they happen'),
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
  whereNothing: z
    .object({
      workload: z.string(),
      because: z.string().min(1).describe('a clause without a full stop'),
    })
    .optional()
    .describe('why the factor gives nothing in this workload: said where the results are of it and say so'),
});
/** Two strategies to be compared. */
export type Comparison = z.infer<typeof comparisonSchema>;

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
  preset: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens')
    .optional()
    .describe('names the folder that its report is published in'),
  title: z.string().optional().describe('the heading of the report'),
  shard: shardSchema.optional().describe('present where the document is a part, to be merged with the others'),
  comparisons: z.array(comparisonSchema).optional(),
  variants: z
    .array(variantNoteSchema)
    .optional()
    .describe('the two sides of a patch series, where cells have a variant'),
  remarks: z
    .array(z.string().min(1))
    .optional()
    .describe('what a reader of the published figures beside the simulated ones has to know, and what cannot be had'),
  strategies: z.array(strategyNoteSchema),
  kernels: z.array(kernelNoteSchema).optional().describe('the kernel models of the cells; older documents have none'),
  workloads: z.array(workloadNoteSchema).optional().describe('the workloads of the cells; older documents have none'),
  profiles: z.array(profileNoteSchema),
  cells: z.array(cellResultSchema),
  counterexamples: z
    .array(proofPageSchema)
    .refine((pages) => new Set(pages.map(({ file }) => file)).size === pages.length, 'two pages of one file')
    .optional()
    .describe('the pages that the verdicts link to'),
  environment: environmentSchema
    .optional()
    .describe('where it was made: s2bench run --record-environment; no committed report has it'),
  hash: sha256
    .optional()
    .describe('SHA-256 of the JSON of all other fields without white space; older documents have none'),
});
/** A run of the matrix. */
export type ResultDocument = z.infer<typeof resultDocumentSchema>;

/** The JSON Schema of {@link resultDocumentSchema}, for consumers in other languages. */
export function resultJsonSchema(): object {
  // The input side: a reader accepts fields that a later version adds.
  return z.toJSONSchema(resultDocumentSchema, { io: 'input' });
}
