/** What a result says of the things that it was made of: profiles, strategies, workloads and kernel models. */
import * as z from 'zod';

/** A hash as results carry it. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal');

/** Where a cost of a profile comes from. */
export const PROVENANCES = ['measured', 'calibrated', 'assumed'] as const;

/** What a report says of a machine profile that its cells ran on. */
export const profileNoteSchema = z.object({
  name: z.string(),
  summary: z.string(),
  hash: sha256
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
  hash: sha256
    .optional()
    .describe(
      'SHA-256 of its code as it runs and of all that it imports but s2bench, hooks included, whatever types, comments and white space there are; older documents have none',
    ),
  summary: z.string(),
  source: z.string(),
});

/** What a report says of a workload. */
export const workloadNoteSchema = z.object({
  name: z.string(),
  version: z.string().optional().describe('of its package; one that comes with s2bench has its version'),
  hash: sha256.optional().describe("SHA-256 of its code, as a strategy's"),
  summary: z.string(),
  isShipped: z.boolean().describe('whether it comes with s2bench'),
});

/** What a report says of a kernel model. */
export const kernelNoteSchema = z.object({
  name: z.string(),
  hash: sha256
    .optional()
    .describe(
      'SHA-256 of the options that make it, whether given or not; its code has the version of s2bench; older documents have none',
    ),
  summary: z.string().describe('which code it is, and what it lacks of the release whose name it has'),
});
