/** What travels through Redis. Everything is checked where it arrives: another version may have written it. */
import { profileSchema } from '@s2bench/machine';
import { cellSchema, STAGE_NAMES } from '@s2bench/report/schema';
import * as z from 'zod';

/** The version of these schemas. */
export const PROTOCOL_VERSION = 1;

/** What a run says of itself, for workers to see whether they can work for it. All that its cells have in common. */
export const announcementSchema = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  id: z.string(),
  host: z.string(),
  command: z.string(),
  tool: z.object({ version: z.string(), fingerprint: z.string() }),
  strategies: z.array(
    z.object({ name: z.string(), spec: z.string(), version: z.string().optional(), fingerprint: z.string() }),
  ),
  profiles: z.array(profileSchema),
  stages: z.array(z.enum(STAGE_NAMES)),
  exact: z.boolean(),
  cellTimeoutS: z.number().positive(),
  ended: z.boolean().describe('its cells need not be finished'),
});
/** What a run says of itself. */
export type Announcement = z.infer<typeof announcementSchema>;

/** The data of a job. Its id is the key of the cell's result, a hash of all that this depends on. */
export const cellDataSchema = z.object({ cell: cellSchema });
/** The data of a job. */
export type CellData = z.infer<typeof cellDataSchema>;
