/** Finds the runs that workers can work for. */
import type { Redis } from 'ioredis';
import { runKey, RUNS_KEY } from './names.ts';
import { type Announcement, announcementSchema } from './payload.ts';

/** What a run said last; a text where this version does not understand it. */
export type HeardRun = Announcement | 'not understood';

/** What all runs say, by their ids. Those that have been silent for too long are forgotten. */
export async function findRuns(client: Redis): Promise<Map<string, HeardRun>> {
  const runs = new Map<string, HeardRun>();
  const ids = await client.smembers(RUNS_KEY);
  if (ids.length === 0) return runs;
  const texts = await client.mget(ids.map(runKey));
  for (const [nth, id] of ids.entries()) {
    const text = texts[nth];
    if (typeof text === 'string') runs.set(id, read(text));
    else await client.srem(RUNS_KEY, id);
  }
  return runs;
}

function read(text: string): HeardRun {
  try {
    return announcementSchema.parse(JSON.parse(text));
  } catch {
    return 'not understood';
  }
}
