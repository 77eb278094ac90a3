/** `s2bench verify --replay`: reads a counterexample, runs it again and shows it. */
import { resolve } from 'node:path';
import { printable } from '@s2bench/report/printable';
import {
  type Counterexample,
  COUNTEREXAMPLE_VERSION,
  counterexampleSchema,
  MODEL_WORLDS,
  NAMED_WORLDS,
  renderCounterexample,
  STOCK,
  VERIFY_SCHEMA_VERSION,
  verifyDocumentSchema,
  type World,
} from '@s2bench/verify';
import type * as z from 'zod';
import { EXIT, knownNames, UsageError } from '../cli/errors.ts';
import { readJson } from '../cli/files.ts';
import { Interrupted, print, say, stdoutOptions, watchInterrupt } from '../cli/terminal.ts';
import { runTasks } from '../execute/pool.ts';
import { StrategyThreads } from '../execute/strategy-threads.ts';
import type { Threads } from '../plugins/threads.ts';
import type { Replayed, ReplayTask, SubjectRef } from '../plan/verify-plan.ts';
import { locateStrategy, type StrategyLocation } from '../plugins/locate.ts';
import { probeStrategies } from '../plugins/probe.ts';
import { baseOf } from '../plugins/strategy-text.ts';

/**
 * Runs a counterexample again; the value is the exit code.
 *
 * @param texts - the strategy, where it is not the one that bears the counterexample's name
 * @param known - strategies that can be named
 * @param own - worlds besides those that have a name
 */
export async function replayFile(
  file: string,
  texts: readonly string[],
  known: ReadonlyMap<string, string>,
  own: readonly World[],
  cwd: string,
): Promise<number> {
  const origin = `--replay ${file}`;
  const { document, world } = await readCounterexample(file, cwd, own);
  if (texts.length > 1) throw new UsageError(`${origin}: a counterexample is of one strategy; name one, or none`);
  const inside = texts.length === 0 ? await refInside(document.strategy) : undefined;
  const [text] = texts;
  const location =
    inside ??
    (text === undefined ? registered(document.strategy, known, cwd, file) : locateStrategy(text, known, cwd, 'verify'));
  const threads = new StrategyThreads({ jobs: 1 });
  const interrupt = watchInterrupt(() => 'stopped');
  try {
    const subject = 'kind' in location ? location : await subjectAt(location, threads);
    const { name } = subject;
    if (name !== document.strategy)
      throw new UsageError(`${origin}: is of strategy ${document.strategy}, not of ${name}`);
    let replayed: Replayed | undefined;
    const task: ReplayTask = { subject, world, document };
    await runTasks<ReplayTask, Replayed>(threads, [task], {
      entry: 'runAgain',
      jobs: 1,
      signal: interrupt.signal,
      onEnd: (_task, end) => {
        replayed = end.ok ? end.outcome : { ok: false, isKept: false, problem: `strategy ${name}: ${end.problem}` };
      },
    });
    return deliver(replayed, origin);
  } catch (error) {
    if (error instanceof Interrupted || interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.stop();
    await threads.destroy();
  }
}

/** What is found by its name alone: in the zoo, or the kernel model without a strategy. */
async function refInside(name: string): Promise<SubjectRef | undefined> {
  if (name === STOCK.name) return { kind: 'model', name };
  return (await import('../plan/zoo.ts')).refInZoo(name);
}

/**
 * Where the strategy of a document is. A document is data: it can name what is registered, but what it says is never
 * followed as a path or as the name of some package.
 */
function registered(strategy: string, known: ReadonlyMap<string, string>, cwd: string, file: string): StrategyLocation {
  const origin = `--replay ${file}`;
  const base = baseOf(strategy);
  if (known.has(base)) return locateStrategy(strategy, known, cwd, origin);
  throw new UsageError(
    `${origin}: strategy ${JSON.stringify(strategy)}: unknown strategy; ${knownNames(base, [...known.keys()])}; ` +
      `name its file beside the option, for example s2bench verify ./mine.ts --replay ${file}`,
  );
}

async function subjectAt(location: StrategyLocation, threads: Threads): Promise<SubjectRef> {
  const [strategy] = await probeStrategies(threads, [location], 1);
  if (strategy === undefined) throw new Error(`${location.label}: was not loaded`);
  return { kind: 'strategy', name: strategy.name, url: location.entryUrl };
}

function deliver(replayed: Replayed | undefined, origin: string): number {
  if (replayed?.ok === true) {
    print(renderCounterexample(printable(replayed.document, { keepsLines: true }), stdoutOptions()));
    return EXIT.ok;
  }
  if (replayed?.isKept !== true) throw new UsageError(`${origin}: ${replayed?.problem ?? 'was not run'}`);
  say(`${origin}: ${replayed.problem}`);
  return EXIT.unexpected;
}

/** A counterexample, and the world that it is of. */
export interface KnownCounterexample {
  readonly document: Counterexample;
  readonly world: World;
}

/**
 * Reads a counterexample: a file of its own, or a document of `s2bench verify --json` that holds one.
 *
 * @throws UsageError where the file cannot be read, is cut off, or is of another version
 */
export async function readCounterexample(
  file: string,
  cwd: string,
  own: readonly World[] = [],
): Promise<KnownCounterexample> {
  const origin = `--replay ${file}`;
  const json = readJson(resolve(cwd, file), origin);
  const document =
    isObject(json) && 'results' in json
      ? onlyOneOf(json, origin)
      : checked(counterexampleSchema, json, COUNTEREXAMPLE_VERSION, origin);
  const world = [...own, ...NAMED_WORLDS, ...MODEL_WORLDS, ...(await import('../plan/zoo.ts')).ZOO_WORLDS].find(
    ({ name }) => name === document.world,
  );
  if (world !== undefined) return { document, world };
  const names = NAMED_WORLDS.map(({ name }) => name);
  throw new UsageError(
    `${origin}: world ${document.world}: unknown world; name its file with --world, or ${knownNames(document.world, names)}`,
  );
}

function onlyOneOf(json: object, origin: string): Counterexample {
  const { results } = checked(verifyDocumentSchema, json, VERIFY_SCHEMA_VERSION, origin);
  const found = results.flatMap(({ counterexample }) => counterexample ?? []);
  const [only] = found;
  if (only === undefined) throw new UsageError(`${origin}: holds no counterexample`);
  if (found.length > 1) {
    throw new UsageError(
      `${origin}: holds ${found.length} counterexamples; "s2bench verify --out FOLDER" writes a file for each`,
    );
  }
  return only;
}

function checked<T extends z.ZodType>(schema: T, json: unknown, version: number, origin: string): z.infer<T> {
  const theirs = isObject(json) && 'schemaVersion' in json ? json.schemaVersion : undefined;
  if (typeof theirs === 'number' && theirs !== version) {
    throw new UsageError(
      `${origin}: has schema version ${theirs}, this s2bench reads version ${version}; make it again with "s2bench verify"`,
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${origin}: no counterexample: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`);
}

function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null;
}
