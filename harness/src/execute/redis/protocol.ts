/**
 * What a run and its workers say to each other through Redis: keys, messages, and how long each side waits for the
 * other. Everything is checked where it arrives: another version may have written it.
 */
import { profileSchema } from '@s2bench/machine';
import { cellSchema, stageNameSchema } from '@s2bench/report/schema';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Seal } from './seal.ts';

/** Before all our keys. */
export const PREFIX = 's2bench';

/** The set of the ids of all runs. */
export const RUNS_KEY = `${PREFIX}:runs`;

/** What a run says of itself; gone when it has been silent for too long. */
export function runKey(id: string): string {
  return `${PREFIX}:run:${id}`;
}

/** Which workers refuse a run, and why. */
export function refusalsKey(id: string): string {
  return `${PREFIX}:refusals:${id}`;
}

/** The BullMQ queue of a run's cells. */
export function queueName(id: string): string {
  return `cells-${id}`;
}

/** A worker's claim to a cell; it renews it at half of this. A cell of a worker that is gone waits no longer. */
export const LOCK_MS = 5000;
/** How often workers look for cells whose claim has run out. */
export const STALLED_CHECK_MS = 2000;
/** How often a cell may lose its worker before it is failed: it may be what brings them down. */
export const MAX_LOST_WORKERS = 3;
/** How often a run says that it is there, and looks for cells that have vanished. */
export const HEARTBEAT_MS = 2000;
/** How long workers believe in a run that says nothing: longer than a Redis takes to come back. */
export const RUN_SILENCE_MS = 20_000;
/** How often workers look for new runs. */
export const POLL_MS = 1000;
/** How long a run that every worker refuses waits for one that does not. */
export const REFUSED_MS = 5000;

/** The version of these schemas. */
export const PROTOCOL_VERSION = 2;

/** Longer than any name, path or command of ours: what is longer was not written by us. */
const text = z.string().max(10_000);
/** As Node's timers hold it, in seconds. */
const MAX_TIMEOUT_S = 2_000_000;

/** What a run says of itself, for workers to see whether they can work for it. All that its cells have in common. */
export const announcementSchema = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  id: z.uuid().describe('names keys and a queue on the server'),
  host: text,
  command: text,
  tool: z.object({ version: text, fingerprint: text }),
  strategies: z.array(z.object({ name: text, spec: text, version: text.optional(), fingerprint: text })),
  profiles: z.array(profileSchema),
  stages: z.array(stageNameSchema),
  exact: z.boolean(),
  cellTimeoutS: z.number().positive().max(MAX_TIMEOUT_S),
  ended: z.boolean().describe('its cells need not be finished'),
});
/** What a run says of itself. */
export type Announcement = z.infer<typeof announcementSchema>;

/** The data of a job. Its id is the key of the cell's result, a hash of all that this depends on. */
export interface JobData {
  /** A {@link cellDataSchema} as JSON. */
  readonly sealed: string;
}

/** The cell of a job. */
export const cellDataSchema = z.object({ cell: cellSchema });

/** What a run said last; a text where this version does not understand it, or nobody with the secret has said it. */
export type HeardRun = Announcement | 'not understood' | 'of a stranger';

/** What all runs say, by their ids. Those that have been silent for too long are forgotten. */
export async function findRuns(client: Redis, seal: Seal): Promise<Map<string, HeardRun>> {
  const runs = new Map<string, HeardRun>();
  const ids = await client.smembers(RUNS_KEY);
  if (ids.length === 0) return runs;
  const texts = await client.mget(ids.map(runKey));
  for (const [nth, id] of ids.entries()) {
    const text = texts[nth];
    if (typeof text === 'string') runs.set(id, read(id, text, seal));
    else await client.srem(RUNS_KEY, id);
  }
  return runs;
}

function read(id: string, sealed: string, seal: Seal): HeardRun {
  const said = seal.open(sealed, ['announcement', id, '']);
  if (said === undefined) return 'of a stranger';
  try {
    const announcement = announcementSchema.parse(JSON.parse(said));
    return announcement.id === id ? announcement : 'not understood';
  } catch {
    return 'not understood';
  }
}
