/**
 * Threads that belong to one strategy each: whatever a strategy does to its realm, to the prototypes and to what modules
 * remember, no other strategy finds it. Or threads for all of them, where what one has done is undone. What they hold
 * together is bounded.
 */
import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { watchMemory } from '../plugins/memory-watch.ts';
import { withoutSearch } from '../plugins/realms.ts';
import type { Threads } from '../plugins/threads.ts';
import { type PoolOptions, startPool } from './pool.ts';

/** How threads are set up. */
export interface StrategyThreadsOptions extends PoolOptions {
  /** All strategies share them, one after the other. */
  readonly isShared?: boolean;
}

/** A pool for each strategy, or for all, started when it is needed first. Whoever makes it destroys it. */
export class StrategyThreads implements Threads {
  readonly #options: StrategyThreadsOptions;
  readonly #pools = new Map<string, Piscina>();
  readonly #reasons = new Map<Piscina, string>();
  readonly #endWatch: () => void;

  /** @throws UsageError where the bound of the memory that the user has set is none */
  constructor(options: StrategyThreadsOptions) {
    this.#options = options;
    this.#endWatch = watchMemory({
      maxBytes: options.maxProcessBytes,
      workers: () => [...this.#pools.values()].flatMap((pool) => pool.threads),
      end: (worker, reason) => this.#end(worker, reason),
    });
  }

  of(strategyUrl: string): Piscina {
    const key = this.#keyOf(strategyUrl);
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = startPool({ ...this.#options, isLazy: true });
      this.#pools.set(key, pool);
    }
    return pool;
  }

  whyEnded(strategyUrl: string): string | undefined {
    const pool = this.#pools.get(this.#keyOf(strategyUrl));
    if (pool === undefined) return undefined;
    const reason = this.#reasons.get(pool);
    this.#reasons.delete(pool);
    return reason;
  }

  async destroy(): Promise<void> {
    this.#endWatch();
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  #keyOf(strategyUrl: string): string {
    return this.#options.isShared === true ? '' : withoutSearch(strategyUrl);
  }

  async #end(worker: Worker, reason: string): Promise<void> {
    for (const pool of this.#pools.values()) if (pool.threads.includes(worker)) this.#reasons.set(pool, reason);
    await worker.terminate();
  }
}
