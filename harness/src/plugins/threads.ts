/** Where the code of strategies runs. */
import type { Piscina } from 'piscina';

/** Where the work of a strategy is done. */
export interface Threads {
  /** @param strategyUrl - of its module, with options or without: these share the code, and so the threads */
  of(strategyUrl: string): Piscina;
  /** Why threads of a strategy were ended from here, where they were; asked once. */
  whyEnded(strategyUrl: string): string | undefined;
  /** Ends all threads. */
  destroy(): Promise<void>;
}
