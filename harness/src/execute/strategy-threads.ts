/**
 * Threads that belong to one strategy each: whatever a strategy does to its realm, to the prototypes and to what modules
 * remember, no other strategy finds it.
 */
import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { withoutSearch } from '../plugins/realms.ts';
import type { Threads } from '../plugins/threads.ts';
import { watchMemory } from './memory-watch.ts';
import { type PoolOptions, startPool } from './pool.ts';

/** A pool for each strategy, started when it is needed first. Whoever makes it destroys it. */
export class StrategyThreads implements Threads {
  readonly #options: PoolOptions;
  readonly #pools = new Map<string, Piscina>();
  readonly #reasons = new Map<Piscina, string>();
  readonly #endWatch: () => void;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#endWatch = watchMemory({
      maxBytes: options.maxProcessBytes,
      workers: () => [...this.#pools.values()].flatMap((pool) => pool.threads),
      end: (worker, reason) => this.#end(worker, reason),
    });
  }

  of(strategyUrl: string): Piscina {
    const key = withoutSearch(strategyUrl);
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = startPool({ ...this.#options, isLazy: true });
      this.#pools.set(key, pool);
    }
    return pool;
  }

  whyEnded(strategyUrl: string): string | undefined {
    const pool = this.#pools.get(withoutSearch(strategyUrl));
    if (pool === undefined) return undefined;
    const reason = this.#reasons.get(pool);
    this.#reasons.delete(pool);
    return reason;
  }

  async destroy(): Promise<void> {
    this.#endWatch();
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  async #end(worker: Worker, reason: string): Promise<void> {
    for (const pool of this.#pools.values()) if (pool.threads.includes(worker)) this.#reasons.set(pool, reason);
    await worker.terminate();
  }
}
