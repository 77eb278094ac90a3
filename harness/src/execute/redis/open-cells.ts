/** The cells of a run that have no result yet, and the queue that holds them. */
import type { CellResult } from '@s2bench/report/schema';
import type { Queue } from 'bullmq';
import type { CellJob } from '../../plan/run-plan.ts';
import { resultOf } from '../cell-result.ts';
import type { RunCellsOptions } from '../cells.ts';
import { type JobData, MAX_LOST_WORKERS } from './protocol.ts';
import type { Seal } from './seal.ts';

/** Jobs that one request asks for. */
const BATCH = 200;
/** What goes wrong beside a cell, on a worker's machine, is tried again; a cell that fails is a result. */
const RETRIES = { attempts: 3, backoff: { type: 'fixed', delay: 1000 } } as const;

/** The cells of a run that have no result yet. */
export class OpenCells {
  /** Comes back when every cell has a result. */
  readonly done: Promise<undefined>;
  /** Cells that have one. */
  finished = 0;
  readonly #queue: Queue<JobData>;
  readonly #id: string;
  readonly #seal: Seal;
  readonly #open: Map<string, CellJob>;
  readonly #onResult: RunCellsOptions['onResult'];
  readonly #end = Promise.withResolvers<undefined>();

  /**
   * @param id - of the run
   * @param jobs - by the keys of their results
   */
  constructor(
    queue: Queue,
    id: string,
    seal: Seal,
    jobs: ReadonlyMap<string, CellJob>,
    onResult: RunCellsOptions['onResult'],
  ) {
    this.#queue = queue as Queue<JobData>;
    this.#id = id;
    this.#seal = seal;
    this.#open = new Map(jobs);
    this.#onResult = onResult;
    this.done = this.#end.promise;
  }

  /**
   * Takes the result of a cell. The first counts; a second, of a worker thought lost, is the same anyway. One that does
   * not bear the secret is nobody's: it is taken away, and the cell put into the queue again.
   */
  complete(key: string, value: unknown): void {
    const job = this.#open.get(key);
    if (job === undefined) return;
    const said = typeof value === 'string' ? this.#seal.open(value, ['result', this.#id, key]) : undefined;
    if (said === undefined && this.#seal.isSecret) {
      void this.#queue.remove(key).catch(() => undefined);
      return;
    }
    const result = resultOf(job, jsonOrNothing(said));
    if (result !== undefined) this.#finish(key, job, result);
    else this.fail(key, 'what a worker answered is no result of this cell');
  }

  /** Fails a cell whose workers were lost, or could not do it. */
  fail(key: string, why: string): void {
    const job = this.#open.get(key);
    if (job === undefined) return;
    const { cell } = job;
    const what = why.includes('stalled')
      ? `its workers were lost ${MAX_LOST_WORKERS + 1} times while they ran it`
      : why;
    this.#finish(key, job, { cell, status: 'failed', reason: `strategy ${cell.strategy}: ${what}` });
  }

  /**
   * Holds the queue to what is open: adds cells that are not in it, at first all, later those that a server lost when
   * it was restarted; and takes the results whose events were missed.
   */
  async reconcile(): Promise<void> {
    const keys = [...this.#open.keys()];
    for (let at = 0; at < keys.length; at += BATCH) {
      const batch = keys.slice(at, at + BATCH);
      const states = await Promise.all(batch.map((key) => this.#queue.getJobState(key)));
      const missing = batch.filter((_, nth) => states[nth] === 'unknown');
      if (missing.length > 0) await this.#queue.addBulk(missing.flatMap((key) => this.#jobOf(key)));
      await Promise.all(
        batch
          .filter((_, nth) => states[nth] === 'completed' || states[nth] === 'failed')
          .map((key) => this.#collect(key)),
      );
    }
  }

  /** Takes no more results. */
  close(): void {
    this.#open.clear();
  }

  #jobOf(key: string) {
    const job = this.#open.get(key);
    if (job === undefined) return [];
    const sealed = this.#seal.close(JSON.stringify({ cell: job.cell }), ['cell', this.#id, key]);
    return [{ name: 'cell', data: { sealed }, opts: { jobId: key, ...RETRIES } }];
  }

  async #collect(key: string): Promise<void> {
    const job = await this.#queue.getJob(key);
    if (job === undefined) return;
    if (await job.isCompleted()) this.complete(key, job.returnvalue);
    else if (await job.isFailed()) this.fail(key, job.failedReason);
  }

  #finish(key: string, { index }: CellJob, result: CellResult): void {
    this.#open.delete(key);
    this.finished++;
    try {
      this.#onResult(index, result);
      if (this.#open.size === 0) this.#end.resolve(undefined);
    } catch (error) {
      // Thrown from an event it would end the program; the run ends with it instead.
      this.#end.reject(error);
    }
  }
}

function jsonOrNothing(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
