/** `s2bench run`: from the flags to the report. */
import type { CellResult, ResultDocument } from '@s2bench/report/schema';
import { type Workload, WORKLOADS } from '@s2bench/workloads';
import { EXIT, UsageError } from '../cli/errors.ts';
import { requireWritable } from '../cli/files.ts';
import { loadOptional, QUEUE_PACKAGES } from '../cli/optional.ts';
import { Interrupted, say, SILENT, startProgress, watchInterrupt } from '../cli/terminal.ts';
import { embeddedExecutor, type Executor } from '../execute/cells.ts';
import { estimateRun } from '../execute/estimate.ts';
import { openRunJournal, type RunJournal } from '../execute/journal.ts';
import type { PoolOptions } from '../execute/pool.ts';
import type { RunAgain } from '../execute/turns.ts';
import { recheck } from '../execute/recheck.ts';
import { StrategyThreads } from '../execute/strategy-threads.ts';
import { requireReference } from '../options/layout.ts';
import { requireFewCells } from '../options/trace-target.ts';
import { readRunRequest, type RunFlags, type RunRequest } from '../options/run-request.ts';
import { codeOfRun, type RunCode, shardNote } from '../plan/fingerprints.ts';
import type { ContentHashes } from '../plan/content-hash.ts';
import { type CellJob, findSources, planRun, type RunPlan } from '../plan/run-plan.ts';
import { probeStrategies } from '../plugins/probe.ts';
import { dryRunOf, printDryRun } from '../report/dry-run.ts';
import { makeDocument, requireSomething } from '../report/document.ts';
import { environmentOf } from '../report/environment.ts';
import { takeFolder } from '../report/exchange.ts';
import type { Verdicts } from '../report/verdicts.ts';

/** What tests, and commands that run a matrix for something else, put in the place of the real thing. */
export interface RunSeams {
  readonly workloads?: readonly Workload[];
  readonly pool?: Omit<PoolOptions, 'jobs'>;
  /** What becomes of the result, where it is not to be printed and published. The value is the exit code. */
  readonly publish?: (document: ResultDocument, ran: Ran) => number | Promise<number>;
}

/** A matrix that has been run, and how its cells are run again. */
export interface Ran {
  readonly jobs: readonly CellJob[];
  readonly runAgain: RunAgain;
}

/** Runs the command; the value is the exit code. */
export async function run(
  flags: RunFlags,
  { workloads = WORKLOADS, pool: poolOptions, publish }: RunSeams = {},
): Promise<number> {
  const cwd = process.cwd();
  const request = await readRunRequest(flags, cwd, workloads);
  const sources = findSources(request, cwd);
  // A dry run writes nothing, and may be asked for while another one runs.
  const unlock = request.dryRun ? () => undefined : takeOut(request);
  const remote = await connect(request, cwd).catch((error: unknown) => {
    unlock();
    throw error;
  });
  const jobs = remote === undefined ? request.jobs : 1;
  const threads = new StrategyThreads({ ...poolOptions, jobs });
  const executor = remote ?? embeddedExecutor(threads, jobs);
  // What writes the report, and what explores, is loaded while the workers simulate.
  const publishing = import('../report/publish-result.ts');
  const exploring = request.verify ? import('../execute/explore-matrix.ts') : undefined;
  let journal: RunJournal | undefined;
  let total = 0;
  let progress = SILENT;
  const interrupt = watchInterrupt(() => {
    progress.stop();
    return farewell(journal?.size ?? 0, total);
  });
  const limits = { cellTimeoutS: request.cellTimeoutS, signal: interrupt.signal };
  try {
    const plan = planRun(request, sources, await probeStrategies(threads, sources.locations, jobs));
    requireReference(
      request.layout,
      plan.points.map(({ cell }) => cell),
    );
    if (request.dryRun) {
      const local = request.executor === undefined && plan.jobs.length > 0;
      const estimate = local ? { jobs, ...(await estimateRun(threads, plan.jobs, { jobs, ...limits })) } : undefined;
      printDryRun(dryRunOf(plan, estimate), request.json);
      return EXIT.ok;
    }
    if (request.trace !== undefined) {
      requireFewCells(request.trace, plan.jobs.length);
      requireWritable(request.trace.folder, request.trace.origin, '--trace');
    }
    const code = codeOfRun(plan);
    // Of what is there now, where somebody writes on while the cells run; other threads run them meanwhile.
    const hashing = import('../plan/content-hash.ts').then(({ hashesOfRun }) => hashesOfRun(plan, request.axes.kernel));
    // Said where it is waited for, unless something else ends the run before.
    hashing.catch(() => undefined);
    const cells = openRunJournal(request, plan, code, cwd);
    journal = cells;
    total = plan.jobs.length;
    const results = new Map(cells.kept);
    progress = await startProgress({ what: 'cells', total, done: results.size }, process.stderr);
    try {
      const waiting = plan.jobs.filter(({ index }) => !results.has(index));
      await executor.run(
        { plan, code, waiting },
        {
          ...limits,
          onResult: (index, result) => {
            results.set(index, result);
            cells.keep(index, result);
            progress.advance(labelOf(result));
          },
          say: (line) => progress.say(line),
        },
      );
    } finally {
      progress.stop();
    }
    if (request.recheck) {
      for (const [strategy, difference] of await recheck(threads, plan.jobs, results, { jobs, ...limits }))
        failAll(plan, results, cells, strategy, difference);
    }
    if (request.trace !== undefined) await traceRun(request, plan, results, threads, jobs, limits.signal);
    const { publishResult } = await publishing;
    const inOrder = inMatrixOrder(plan, results);
    if (request.shard === undefined) requireSomething(inOrder, () => cells.remove());
    const explorer = await exploring;
    const findings = await explorer?.exploreMatrix(threads, plan, inOrder, {
      jobs,
      signal: interrupt.signal,
      // Stand-ins for the worker explore nothing that is worth keeping.
      ...(request.preset.mostStates !== undefined && { bounds: { maxStates: request.preset.mostStates } }),
      ...(request.cache && poolOptions?.workerUrl === undefined && { keepFor: code.strategies }),
      onStart: async (worlds, known) =>
        (progress = await startProgress({ what: 'worlds', total: worlds, done: known }, process.stderr)),
    });
    const machines = plan.profiles.map(({ profile }) => profile);
    const verdicts = findings && (await import('../report/verdicts.ts')).verdictsOf(findings, machines);
    const document = documentOf(request, plan, { code, hashes: await hashing }, inOrder, verdicts);
    if (publish === undefined) return publishResult(document, request, cells);
    const runAgain: RunAgain = async (again) => {
      const found = new Map<number, CellResult>();
      const onResult = (index: number, result: CellResult): void => void found.set(index, result);
      await executor.run({ plan, code, waiting: again }, { ...limits, onResult, say });
      return found;
    };
    const exitCode = await publish(document, { jobs: plan.jobs, runAgain });
    cells.remove();
    return exitCode;
  } catch (error) {
    if (error instanceof Interrupted || interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.stop();
    journal?.close();
    unlock();
    await Promise.all([executor.close(), threads.destroy()]);
  }
}

/** Writes the trace of the cells that have a result; where one has failed, none, as there is no report. Loaded only then. */
async function traceRun(
  { axes, trace }: RunRequest,
  plan: RunPlan,
  results: ReadonlyMap<number, CellResult>,
  threads: StrategyThreads,
  jobs: number,
  signal: AbortSignal,
): Promise<void> {
  const cells = plan.jobs.filter(({ index }) => results.get(index)?.status === 'ok');
  const stage = axes.stages.at(-1);
  const hasFailed = plan.jobs.some(({ index }) => results.get(index)?.status === 'failed');
  if (trace === undefined || stage === undefined || cells.length === 0 || hasFailed) return;
  const { traceCells } = await import('../execute/trace/traces.ts');
  const { traces, problems } = await traceCells(threads, cells, { stage, all: trace.all, jobs, signal });
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(`${trace.origin}: ${problem}`);
  const { writeTrace } = await import('../report/trace-file.ts');
  writeTrace(trace, traces);
}

/** Takes the folder of the report, if there is one; shards take no more than their own journals. The value gives it back. */
function takeOut({ out, shard }: RunRequest): () => void {
  if (out !== undefined && shard === undefined) return takeFolder(out);
  if (out !== undefined) requireWritable(out.folder, out.origin);
  return () => undefined;
}

/** Takes back all that is known of a strategy: of numbers that cannot be repeated none counts. */
function failAll(
  { jobs }: RunPlan,
  results: Map<number, CellResult>,
  journal: RunJournal,
  strategy: string,
  difference: string,
): void {
  const reason = `strategy ${strategy} is not repeatable: ${difference}; it must not throw dice, look at a clock or remember anything (--no-recheck does not look)`;
  const own = jobs.filter(({ cell }) => cell.strategy === strategy);
  for (const { index, cell } of own) results.set(index, { cell, status: 'failed', reason });
  journal.drop(own.map(({ index }) => index));
}

function labelOf({ cell, status }: CellResult): string {
  return `${cell.strategy}, ${cell.vcpus} vCPUs, ${cell.history}${status === 'ok' ? '' : `: ${status}`}`;
}

/** Who runs the cells, where that is not this machine. Loaded only then. */
async function connect({ executor, secretFile, dryRun }: RunRequest, cwd: string): Promise<Executor | undefined> {
  if (executor === undefined || dryRun) return undefined;
  const { redisExecutor } = await loadOptional(
    () => import('../execute/redis/executor.ts'),
    QUEUE_PACKAGES,
    '--executor',
  );
  const { readSeal } = await import('../execute/redis/seal.ts');
  return redisExecutor(executor, readSeal(secretFile, cwd));
}

function farewell(kept: number, total: number): string {
  if (kept === 0) return 'stopped; no cell had finished';
  return `stopped; ${kept} of ${total} cells are kept: the same command with --resume goes on from there`;
}

function inMatrixOrder({ points, places }: RunPlan, results: ReadonlyMap<number, CellResult>): CellResult[] {
  return places.map((place): CellResult => {
    const point = points[place];
    if (point?.skipReason !== undefined) return { cell: point.cell, status: 'skipped', reason: point.skipReason };
    const result = results.get(place);
    if (result === undefined) throw new Error(`cell ${place} has no result`);
    return result;
  });
}

function documentOf(
  request: RunRequest,
  plan: RunPlan,
  { code, hashes }: { readonly code: RunCode; readonly hashes: ContentHashes },
  results: readonly CellResult[],
  verdicts: Verdicts | undefined,
): ResultDocument {
  return makeDocument({
    command: plan.command,
    preset: request.isExactlyPreset ? request.preset : undefined,
    shard: shardNote(request, plan, code),
    comparisons: request.preset.comparisons ?? [],
    series: request.preset,
    strategies: plan.strategies,
    workloads: plan.workloads,
    hashes,
    kernels: request.axes.kernel,
    profiles: plan.profiles.map(({ profile }) => profile),
    stages: request.axes.stages,
    results,
    verdicts,
    ...(request.recordEnvironment && { environment: environmentOf(process.cwd()) }),
  });
}
