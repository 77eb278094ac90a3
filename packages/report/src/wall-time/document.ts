/** Wall time of the host, kept with its samples: another thing than a simulated result, and never mixed with one. */
import * as z from 'zod';
import { ResultDocumentError } from '../parse.ts';

/** The version of {@link wallTimeSchema}. It rises when a consumer would have to change. */
export const WALL_TIME_SCHEMA_VERSION = 1;

/** What `s2bench bench --save` keeps. A round is one process that has run every benchmark. */
export const wallTimeSchema = z.object({
  schemaVersion: z.literal(WALL_TIME_SCHEMA_VERSION),
  tool: z.literal('s2bench bench --save'),
  rounds: z
    .array(
      z.object({
        startedMs: z.number().nonnegative().describe('milliseconds since 1970: in which order rounds were run'),
        toolVersion: z.string(),
        machine: z.object({ node: z.string(), arch: z.string(), cpu: z.string(), cores: z.number().int().positive() }),
        samplesNs: z
          .record(z.string(), z.array(z.number().positive()).min(1))
          .describe('by benchmark, nanoseconds a leaf'),
      }),
    )
    .min(1),
});
/** What `s2bench bench --save` keeps. */
export type WallTimes = z.infer<typeof wallTimeSchema>;

/** Whether a text is meant to be one of these documents; whether it is right is {@link parseWallTimes}'s business. */
export function looksLikeWallTimes(text: string): boolean {
  return /^\s*\{\s*"schemaVersion":\s*\d+,\s*"tool":\s*"s2bench bench --save"/.test(text);
}

/**
 * Reads kept wall times.
 *
 * @throws ResultDocumentError of one line
 */
export function parseWallTimes(text: string, sourceName: string): WallTimes {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ResultDocumentError(
      `${sourceName}: cut off or not JSON: ${error instanceof Error ? error.message.replace(/\s+/g, ' ') : ''}`,
    );
  }
  const parsed = wallTimeSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ResultDocumentError(
    `${sourceName}: ${issue?.path.join('.') ?? ''}: ${(issue?.message ?? '').replace(/\s+/g, ' ')}`,
  );
}
