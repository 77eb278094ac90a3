/** A ranking as JSON: a versioned schema of its own, and the shape in which everything else here reads it. */
import * as z from 'zod';
import { cellSchema, stageNameSchema } from '../schema.ts';

/** The version of {@link rankingSchema}. It rises when a consumer would have to change. */
export const RANKING_SCHEMA_VERSION = 1;

const settingSchema = cellSchema.omit({ strategy: true, logStart: true, logStop: true });

const standingSchema = z.object({
  strategy: z.string(),
  timeNs: z.number().describe('of the stage'),
  longestWindowNs: z.number().describe('the longest that any page was out of reach'),
  lockWaitNs: z.number().describe('waiting for mmu_lock, summed over the vCPUs: vCPU time that is lost'),
  speedup: z.number().nullable().describe("the reference's time over this one's; null where there is no reference"),
  regretPercent: z.number().describe('how much more time than the fastest safe strategy takes'),
  isBounded: z
    .literal(true)
    .optional()
    .describe(
      'nothing was found in it, and a bound has cut off some of its explorations: ranked where that was asked for',
    ),
  isPareto: z
    .boolean()
    .describe('no other safe strategy is at least as good in time, longest window and lock wait, and better in one'),
});

const turnSchema = z.object({
  rival: z.string().describe('the strategy that would be faster'),
  cost: z.string().describe('an assumed cost of the profile'),
  value: z.number().describe('what the profile assumes'),
  unit: z.string(),
  from: z
    .number()
    .describe('the value nearest to the assumed one at which the order may turn: all that is charged is waited for'),
  to: z
    .number()
    .nullable()
    .describe(
      'the value at which it turns at the latest: what is charged is spread over all vCPUs; null where it never does then',
    ),
});

const rerunSchema = z.object({
  rival: z.string().describe('the strategy that is first then'),
  cost: z.string(),
  way: z.enum(['below', 'above']).describe('of the value that the profile has'),
  value: z.number().describe('what the profile has'),
  unit: z.string(),
  from: z.number().describe('the value farthest from it at which the order was still as it is'),
  to: z.number().describe('the nearest at which the rival was first'),
});

/** What `s2bench rank --json` prints. */
export const rankingSchema = z.object({
  schemaVersion: z.literal(RANKING_SCHEMA_VERSION),
  tool: z.literal('s2bench rank'),
  command: z.string().describe('the command that gives the results again'),
  stage: stageNameSchema,
  reference: z.string(),
  settings: z.array(
    z.object({
      setting: settingSchema.describe('what the cells have in common: all but the strategy'),
      ranked: z.array(standingSchema).describe('the safe strategies, the fastest first'),
      unranked: z
        .array(z.object({ strategy: z.string(), reason: z.string(), timeNs: z.number().optional() }))
        .describe('results that are not ranked'),
      turns: z
        .array(turnSchema)
        .describe('which assumed cost would put another strategy first, and at which value; the likeliest first'),
      reruns: z
        .array(rerunSchema)
        .optional()
        .describe(
          'the same, of one cost, found by running the cells again; none: nobody else is first from 1/64 to 64 times its value',
        ),
    }),
  ),
  always: z
    .array(
      z.object({
        strategy: z.string(),
        wins: z.number().int().nonnegative().describe('settings in which none is faster, within a millionth'),
        settings: z.number().int().positive(),
        meanRegretPercent: z.number(),
        worstRegretPercent: z.number(),
        worstSetting: settingSchema,
      }),
    )
    .describe('what is lost by always taking one, the least in the worst setting first'),
  unsafe: z.array(z.object({ strategy: z.string(), rules: z.array(z.string()) })),
  notVerified: z.array(z.string()).describe('strategies without a verdict in some setting'),
});
/** A ranking of the strategies of one run. */
export type Ranking = z.infer<typeof rankingSchema>;
/** One setting: cells that differ in the strategy alone. */
export type RankedSetting = Ranking['settings'][number];
/** A strategy in a setting. */
export type Standing = z.infer<typeof standingSchema>;
/** What would turn the order of a setting. */
export type Turn = z.infer<typeof turnSchema>;
/** What turned the order of a setting when its cells were run again. */
export type Rerun = z.infer<typeof rerunSchema>;
