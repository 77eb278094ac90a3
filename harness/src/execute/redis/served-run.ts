/**
 * A run that this worker works for: whether it can, which it can only with the run's simulator and strategies to the
 * last character; its queue, and the threads that simulate its cells.
 */
import type { Cell, CellResult } from '@s2bench/report/schema';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { UsageError } from '../../cli/errors.ts';
import { toolVersion } from '../../cli/installation.ts';
import { cellKey, fingerprintStrategy, fingerprintTool, type RunCode } from '../../plan/fingerprints.ts';
import type { CellJob } from '../../plan/run-plan.ts';
import { type StrategyLocation, withOptionsOf } from '../../plugins/locate.ts';
import { parseStrategy } from '../../plugins/strategy-text.ts';
import { runCells } from '../cells.ts';
import type { PoolOptions } from '../pool.ts';
import { StrategyThreads } from '../strategy-threads.ts';
import type { AllowedStrategy } from './allowed.ts';
import { leaveServer, type RedisLink } from './link.ts';
import {
  type Announcement,
  cellDataSchema,
  type HeardRun,
  type JobData,
  LOCK_MS,
  MAX_LOST_WORKERS,
  PREFIX,
  queueName,
  STALLED_CHECK_MS,
} from './protocol.ts';
import type { Seal } from './seal.ts';

/** A run, and where its strategies are here, by their names. */
export interface MatchedRun {
  readonly run: Announcement;
  readonly locations: ReadonlyMap<string, StrategyLocation>;
}

/**
 * Finds a run's strategies among those that this worker may run. What the run says of them is compared with, and never
 * followed: it names code that is here already.
 *
 * @returns where they are; or, in one line, why the run is refused
 */
export function matchRun(
  run: Exclude<HeardRun, 'of a stranger'>,
  allowed: readonly AllowedStrategy[],
): MatchedRun | { readonly problem: string } {
  if (run === 'not understood')
    return { problem: `this is s2bench ${toolVersion()}, and another version started the run` };
  const { version, fingerprint } = run.tool;
  if (version !== toolVersion()) return { problem: `this is s2bench ${toolVersion()}, the run's is ${version}` };
  if (fingerprint !== fingerprintTool()) {
    return {
      problem: `this s2bench ${version} simulates with other code than the run's; bring both to one commit or package`,
    };
  }
  const found = new Map<string, StrategyLocation>();
  for (const strategy of run.strategies) {
    try {
      found.set(strategy.name, locationIn(allowed, strategy));
    } catch (error) {
      if (error instanceof UsageError) return { problem: error.message };
      throw error;
    }
  }
  return { run, locations: found };
}

function locationIn(allowed: readonly AllowedStrategy[], wanted: Announcement['strategies'][number]): StrategyLocation {
  const { base, options } = parseStrategy(wanted.spec, 'strategy');
  const sameCode = allowed.filter(({ fingerprint }) => fingerprint === wanted.fingerprint);
  const match = sameCode.find((one) => one.base === base) ?? sameCode[0];
  if (match === undefined) {
    const isKnown = allowed.some((one) => one.base === base);
    throw new UsageError(
      `strategy ${wanted.spec}: ${isKnown ? 'its code here is not that of the run' : 'is none of those that this worker was started with; --allow names them'}`,
    );
  }
  if (fingerprintStrategy(match.location) !== match.fingerprint)
    throw new UsageError(`strategy ${wanted.spec}: its code has changed since this worker was started; start it again`);
  return withOptionsOf(match.location, options);
}

/** A run that this worker works for. */
export class ServedRun {
  readonly announcement: Announcement;
  /** Cells that were handed over. */
  finished = 0;
  readonly #locations: ReadonlyMap<string, StrategyLocation>;
  readonly #code: RunCode;
  readonly #threads: StrategyThreads;
  readonly #seal: Seal;
  readonly #worker: Worker<JobData, string>;
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
    seal: Seal,
    { name, ...poolOptions }: PoolOptions & { readonly name: string },
  ) {
    this.announcement = run;
    this.#seal = seal;
    this.#locations = locations;
    const { tool, strategies } = run;
    this.#code = {
      simulator: tool.fingerprint,
      strategies: new Map(strategies.map((one) => [one.name, one.fingerprint])),
    };
    // Threads of its own: what a plugin was when an earlier run loaded it must not be what this one runs.
    this.#threads = new StrategyThreads(poolOptions);
    this.#worker = new Worker<JobData, string>(queueName(run.id), (job, token) => this.#work(job, token), {
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
    await leaveServer([this.#worker]);
    await this.#threads.destroy();
  }

  async #work(job: Job<JobData, string>, token: string | undefined): Promise<string> {
    const { id: key = '' } = job;
    try {
      let result = this.#begun.get(key);
      if (result === undefined) this.#begun.set(key, (result = this.#simulate(this.#cellJob(key, job.data))));
      return this.#seal.close(JSON.stringify(await result), ['result', this.announcement.id, key]);
    } catch (error) {
      this.#begun.delete(key);
      if (!this.#stop.signal.aborted) throw error;
      // Else it would wait for this worker's claim to run out. Fails where the run, and its queue, are gone.
      await job.moveToWait(token).catch(tellDebugger);
      throw new WaitingError();
    }
  }

  /** The job as the pool takes it. */
  #cellJob(key: string, given: JobData): CellJob {
    const { profiles, stages, exact } = this.announcement;
    const cell = this.#cellOf(key, given);
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

  /** The cell of a job, where it is one of this run's. */
  #cellOf(key: string, given: JobData): Cell {
    const sealed: unknown = given.sealed;
    const said = typeof sealed === 'string' ? this.#seal.open(sealed, ['cell', this.announcement.id, key]) : undefined;
    if (said === undefined) throw new UnrecoverableError('a job that its run has not given');
    return cellDataSchema.parse(JSON.parse(said)).cell;
  }

  async #simulate(job: CellJob): Promise<CellResult> {
    let found: CellResult | undefined;
    await runCells(this.#threads, [[job]], {
      jobs: 1,
      keepsStates: true,
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
