/** Verdicts as a document: what `s2bench verify --json` prints. */
import * as z from 'zod';
import { counterexampleSchema } from './counterexample/schema.ts';
import { VERIFIED_KERNEL } from './kernel/rig.ts';
import { RULE_NAMES } from './rules/rule.ts';
import { HISTORIES } from '@s2bench/kernel';

/** The version of {@link verifyDocumentSchema}. It rises when a consumer would have to change. */
export const VERIFY_SCHEMA_VERSION = 1;

const count = z.int().min(0);

/** What was found of one subject in one world. */
export const verifyResultSchema = z.object({
  strategy: z.string(),
  world: z.string(),
  history: z.enum(HISTORIES),
  fwb: z.boolean().describe('FEAT_S2FWB'),
  arch: z
    .string()
    .default('lenient')
    .describe('the hardware, as in --arch: a profile, or settings that differ from the strictest'),
  kernel: z.string().default(VERIFIED_KERNEL).describe('kernel model, with its options'),
  verdict: z
    .enum(['safe', 'unsafe', 'incomplete'])
    .describe('safe: every state was expanded; incomplete: a bound was met'),
  rule: z.enum(RULE_NAMES).optional().describe('the rule that is broken'),
  steps: count.optional().describe('turns of the counterexample: its rows'),
  counterexample: counterexampleSchema.optional(),
  finding: z.string().optional().describe('what is wrong, in one line, where it was found in a table of real size'),
  foundAt: z
    .object({
      population: z.string().describe('which entries of the table were valid'),
      action: count.describe('of the map of the block, from 1; 0: when it had returned'),
      what: z.string().describe('what is wrong'),
    })
    .optional()
    .describe('the finding in its parts'),
  untested: z
    .array(z.string())
    .optional()
    .describe(
      'branches of the strategy that no exploration of the whole run took, each with file, line and column; left out: not judged',
    ),
  coalesces: z.array(z.string()).default([]).describe('shapes of the coalesces that were gone through, in words'),
  states: count,
  transitions: count,
  depth: count.describe('steps on the longest of the shortest ways to a state'),
  complete: z.boolean(),
  bounds: z.object({ maxStates: count, maxSeconds: z.number(), maxBytes: z.number() }),
  bytesPerState: z.number().min(0),
  elapsedMs: z.number().min(0).describe('wall time on the host'),
});

/** What a kernel model breaks by itself. */
export const modelFindingSchema = z.object({
  kernel: z.string(),
  rule: z.enum(RULE_NAMES),
  what: z.string().describe('what is wrong, in one sentence'),
  mendedBy: z.string().describe('the commit that mended it'),
  mendedModel: z.string().describe('the kernel model without it'),
  world: z.string(),
  history: z.enum(HISTORIES),
  arch: z.string().describe('the hardware on which it shows, as in --arch'),
  counterexample: counterexampleSchema,
});

/** What was found of all subjects in all worlds. */
export const verifyDocumentSchema = z.object({
  schemaVersion: z.literal(VERIFY_SCHEMA_VERSION),
  interrupted: z
    .object({ missing: count })
    .optional()
    .describe('the run was stopped: so many explorations are not in this document'),
  failures: z
    .array(z.object({ strategy: z.string(), problem: z.string() }))
    .optional()
    .describe('strategies that throw or do not return; there are no results of them'),
  modelFindings: z
    .array(modelFindingSchema)
    .default([])
    .describe('what the kernel model breaks with no strategy in it; verdicts leave out what every unmap runs into'),
  results: z.array(verifyResultSchema).describe('a world in which several rules are broken has a result for each'),
});
/** What was found of all subjects in all worlds. */
export type VerifyDocument = z.infer<typeof verifyDocumentSchema>;
