/** How long a cell has run: by the CPU time of its thread, so that a busy machine fails no cell that only has to wait for it. */

/** What is asked of a worker. */
export interface TimedWorker {
  /** CPU time of its thread so far, in microseconds. Never settles where the thread is stuck outside of its program. */
  cpuUsage(): Promise<{ readonly user: number; readonly system: number }>;
}

/** So many times its limit a cell may take by the clock on the wall: one that only waits uses no CPU time, and has to end too. */
const WALL_TIMES = 4;
const LOOKS_PER_LIMIT = 8;
const LONGEST_LOOK_MS = 1000;
const US_PER_S = 1e6;

/** Watches one cell, from when it is made until it is stopped. */
export class CellClock {
  readonly #limitS: number;
  readonly #timer: NodeJS.Timeout;
  readonly #wall: NodeJS.Timeout;

  /**
   * @param worker - that runs the cell; left out, only the clock on the wall counts
   * @param startedUs - CPU time of its thread when the cell began
   * @param limitS - seconds of CPU time
   * @param onExpired - told in words what came to its end
   */
  constructor(worker: TimedWorker | undefined, startedUs: number, limitS: number, onExpired: (spent: string) => void) {
    this.#limitS = limitS;
    const look = async (): Promise<void> => {
      const { user, system } = (await worker?.cpuUsage()) ?? { user: 0, system: 0 };
      if (user + system - startedUs >= limitS * US_PER_S) onExpired(`${limitS} s of CPU time`);
    };
    const everyMs = Math.min(LONGEST_LOOK_MS, (limitS * 1000) / LOOKS_PER_LIMIT);
    // A worker that has ended has no usage; whoever runs the cell hears of that otherwise.
    this.#timer = setInterval(() => void look().catch(() => undefined), everyMs);
    this.#wall = setTimeout(() => onExpired(this.#waited()), WALL_TIMES * limitS * 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#wall);
  }

  #waited(): string {
    return `${WALL_TIMES * this.#limitS} s in which it used less than ${this.#limitS} s of CPU time`;
  }
}
