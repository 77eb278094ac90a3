/** `s2bench worker`: from the flags to the cells of others. */
import { hostname } from 'node:os';
import { EXIT } from '../cli/errors.ts';
import { loadOptional, QUEUE_PACKAGES } from '../cli/optional.ts';
import { say, watchInterrupt } from '../cli/terminal.ts';
import type { PoolOptions } from '../execute/pool.ts';
import { allowedStrategies } from '../execute/redis/allowed.ts';
import { readSeal } from '../execute/redis/seal.ts';
import { readConfig, strategyPathsOf } from '../options/config.ts';
import { parseRedisAddress, readJobs } from '../options/values.ts';

/** The flags as they were written. */
export interface WorkerFlags {
  readonly redis: string;
  readonly jobs?: string;
  readonly allow?: string;
  readonly secretFile?: string;
}

/** What tests put in the place of the real thing. */
export interface WorkerSeams {
  readonly pool?: Omit<PoolOptions, 'jobs'>;
}

/** Runs the command; the value is the exit code. It ends with a signal only. */
export async function worker(flags: WorkerFlags, { pool }: WorkerSeams = {}): Promise<number> {
  const cwd = process.cwd();
  const address = parseRedisAddress(flags.redis, '--redis');
  const config = await readConfig(cwd, undefined);
  const jobs = readJobs(flags.jobs, config?.config.jobs);
  const allowed = allowedStrategies(flags.allow, { cwd, strategyPaths: strategyPathsOf(config) });
  const seal = readSeal(flags.secretFile, cwd);
  const { RedisLink, serve } = await loadOptional(loadQueue, QUEUE_PACKAGES, '--redis');
  const link = await RedisLink.open(address);
  const interrupt = watchInterrupt(() => 'stopping; cells that run are given back');
  const name = `${hostname()}:${process.pid}`;
  try {
    say(`worker ${name} waits for runs at ${address.shown}`);
    await serve(link, {
      name,
      allowed,
      seal,
      pool: { ...pool, jobs },
      signal: interrupt.signal,
      say,
    });
  } finally {
    interrupt.stop();
    link.close();
  }
  return EXIT.interrupted;
}

async function loadQueue() {
  const [{ RedisLink }, { serve }] = await Promise.all([
    import('../execute/redis/link.ts'),
    import('../execute/redis/serve.ts'),
  ]);
  return { RedisLink, serve };
}
