/**
 * A run that this worker works for: whether it can, which it can only with the run's simulator and strategies to the
 * last character; its queue, and the threads that simulate its cells.
 */
import type { CellResult } from '@s2bench/report/schema';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Piscina } from 'piscina';
import { UsageError } from '../../cli/errors.ts';
import { toolVersion } from '../../cli/installation.ts';
import { cellKey, fingerprintCode, fingerprintTool, type RunCode } from '../../plan/fingerprints.ts';
import type { CellJob } from '../../plan/run-plan.ts';
import { discoverStrategies, locateStrategy, type StrategyLocation } from '../../plugins/locate.ts';
import { runCells } from '../cells.ts';
import { type PoolOptions, startPool } from '../pool.ts';
import { type RedisLink, within } from './link.ts';
import {
  type Announcement,
  type CellData,
  cellDataSchema,
  GOODBYE_MS,
  type HeardRun,
  LOCK_MS,
  MAX_LOST_WORKERS,
  PREFIX,
  queueName,
  STALLED_CHECK_MS,
} from './protocol.ts';

/** Where a worker looks for strategies. */
export interface WorkerPlace {
  readonly cwd: string;
  /** More strategies, from the config file, absolute. */
  readonly strategyPaths: readonly string[];
}

/** A run, and where its strategies are here, by their names. */
export interface MatchedRun {
  readonly run: Announcement;
  readonly locations: ReadonlyMap<string, StrategyLocation>;
}

/**
 * Finds a run's strategies here.
 *
 * @returns where they are; or, in one line, why the run is refused
 */
export function matchRun(run: HeardRun, place: WorkerPlace): MatchedRun | { readonly problem: string } {
  if (run === 'not understood')
    return { problem: `this is s2bench ${toolVersion()}, and another version started the run` };
  const { version, fingerprint } = run.tool;
  if (version !== toolVersion()) return { problem: `this is s2bench ${toolVersion()}, the run's is ${version}` };
  if (fingerprint !== fingerprintTool()) {
    return {
      problem: `this s2bench ${version} simulates with other code than the run's; bring both to one commit or package`,
    };
  }
  const known = discoverStrategies(place.cwd, place.strategyPaths);
  const found = new Map<string, StrategyLocation>();
  for (const { name, spec, fingerprint: wanted } of run.strategies) {
    try {
      const location = locateStrategy(spec, known, place.cwd, 'strategy');
      if (fingerprintCode(location.sourcePath) !== wanted)
        return { problem: `strategy ${spec}: its code here is not that of the run` };
      found.set(name, location);
    } catch (error) {
      if (error instanceof UsageError) return { problem: error.message };
      throw error;
    }
  }
  return { run, locations: found };
}

/** A run that this worker works for. */
export class ServedRun {
  readonly announcement: Announcement;
  /** Cells that were handed over. */
  finished = 0;
  readonly #locations: ReadonlyMap<string, StrategyLocation>;
  readonly #code: RunCode;
  readonly #pool: Piscina;
  readonly #worker: Worker<CellData, CellResult>;
  readonly #stop = new AbortController();
  /**
   * Cells that were begun here and not yet handed over. After a restart of the server a cell may come a second time:
   * what was begun for it goes on, and what is done already is not done again.
   */
  readonly #begun = new Map<string, Promise<CellResult>>();
  #nextIndex = 0;

  /** @param name - of this worker, for messages */
  constructor(
    { run, locations }: MatchedRun,
    link: RedisLink,
    { name, ...poolOptions }: PoolOptions & { readonly name: string },
  ) {
    this.announcement = run;
    this.#locations = locations;
    const { tool, strategies } = run;
    this.#code = {
      simulator: tool.fingerprint,
      strategies: new Map(strategies.map((one) => [one.name, one.fingerprint])),
    };
    // Threads of its own: what a plugin was when an earlier run loaded it must not be what this one runs.
    this.#pool = startPool(poolOptions);
    this.#pool.setMaxListeners(0);
    this.#worker = new Worker<CellData, CellResult>(queueName(run.id), (job, token) => this.#work(job, token), {
      connection: link.connection,
      prefix: PREFIX,
      name,
      concurrency: poolOptions.jobs,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_LOST_WORKERS,
      runRetryDelay: 1000,
    });
    this.#worker.on('error', tellDebugger);
    this.#worker.on('completed', ({ id = '' }) => {
      this.#begun.delete(id);
      this.finished++;
    });
  }

  /** Cells at the same time. */
  set concurrency(cells: number) {
    this.#worker.concurrency = cells;
  }

  /** Stops at once; cells that run are given back. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the worker stops'));
    await within(GOODBYE_MS, this.#worker.close());
    await this.#pool.destroy();
  }

  async #work(job: Job<CellData, CellResult>, token: string | undefined): Promise<CellResult> {
    const { id: key = '' } = job;
    try {
      let result = this.#begun.get(key);
      if (result === undefined) this.#begun.set(key, (result = this.#simulate(this.#cellJob(key, job.data))));
      return await result;
    } catch (error) {
      this.#begun.delete(key);
      if (!this.#stop.signal.aborted) throw error;
      // Else it would wait for this worker's claim to run out. Fails where the run, and its queue, are gone.
      await job.moveToWait(token).catch(tellDebugger);
      throw new WaitingError();
    }
  }

  /** The job as the pool takes it. */
  #cellJob(key: string, given: CellData): CellJob {
    const { profiles, stages, exact } = this.announcement;
    const { cell } = cellDataSchema.parse(given);
    const location = this.#locations.get(cell.strategy);
    const profile = profiles.find(({ name }) => name === cell.profile);
    if (location === undefined || profile === undefined)
      throw new UnrecoverableError('a cell that its run does not know');
    const { entryUrl, version } = location;
    const parts = {
      cell,
      strategyUrl: entryUrl,
      profile,
      stages,
      exact,
      ...(version !== undefined && { strategyVersion: version }),
    };
    // Indices are the pool's business here; the run knows its cells by their keys.
    const job: CellJob = { index: this.#nextIndex++, ...parts };
    if (cellKey(job, this.#code) !== key)
      throw new UnrecoverableError('its worker would simulate something else than was asked for');
    return job;
  }

  async #simulate(job: CellJob): Promise<CellResult> {
    let found: CellResult | undefined;
    await runCells(this.#pool, [[job]], {
      cellTimeoutS: this.announcement.cellTimeoutS,
      signal: this.#stop.signal,
      onResult: (_index, result) => {
        found = result;
      },
    });
    if (found === undefined) throw new Error('the cell has no result');
    return found;
  }
}

/** Losses of the connection and of claims: BullMQ deals with them. */
function tellDebugger(error: unknown): void {
  if (process.env['S2BENCH_DEBUG'] === '1') console.error(error);
}
