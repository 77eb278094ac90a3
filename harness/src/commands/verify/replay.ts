/** `s2bench verify --replay`: runs a counterexample again and shows it. */
import type { Piscina } from 'piscina';
import { renderCounterexample } from '@s2bench/verify';
import { EXIT, UsageError } from '../../cli/errors.ts';
import { Interrupted, stdoutOptions, watchInterrupt } from '../../cli/terminal.ts';
import { runTasks, startPool } from '../../execute/pool.ts';
import type { Replayed, ReplayTask, SubjectRef } from '../../plan/verify-plan.ts';
import { locateStrategy, type StrategyLocation } from '../../plugins/locate.ts';
import { probeStrategies } from '../../plugins/probe.ts';
import { readCounterexample } from './read-counterexample.ts';

/**
 * Runs a counterexample again; the value is the exit code.
 *
 * @param texts - the strategy, where it is not the one that bears the counterexample's name
 * @param known - strategies that can be named
 */
export async function replayFile(
  file: string,
  texts: readonly string[],
  known: ReadonlyMap<string, string>,
  cwd: string,
): Promise<number> {
  const origin = `--replay ${file}`;
  const { document, world } = await readCounterexample(file, cwd);
  if (texts.length > 1) throw new UsageError(`${origin}: a counterexample is of one strategy; name one, or none`);
  const ofZoo = texts.length === 0 ? await refInZoo(document.strategy) : undefined;
  const location =
    ofZoo ?? locateStrategy(texts[0] ?? document.strategy, known, cwd, texts.length === 0 ? origin : 'verify');
  const pool = startPool({ jobs: 1 });
  const interrupt = watchInterrupt(() => 'stopped');
  try {
    const subject = 'kind' in location ? location : await subjectAt(location, pool);
    const { name } = subject;
    if (name !== document.strategy)
      throw new UsageError(`${origin}: is of strategy ${document.strategy}, not of ${name}`);
    let replayed: Replayed | undefined;
    const task: ReplayTask = { subject, world, document };
    await runTasks<ReplayTask, Replayed>(pool, [task], {
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
    await pool.destroy();
  }
}

/** What a worker finds an animal or a variation with; `undefined` where none has the name. */
async function refInZoo(name: string): Promise<SubjectRef | undefined> {
  const { ANIMALS, VARIATIONS } = await import('@s2bench/zoo');
  if (ANIMALS.some((animal) => animal.name === name)) return { kind: 'animal', name };
  return VARIATIONS.some((variation) => variation.name === name) ? { kind: 'variation', name } : undefined;
}

async function subjectAt(location: StrategyLocation, pool: Piscina): Promise<SubjectRef> {
  const [strategy] = await probeStrategies(pool, [location]);
  if (strategy === undefined) throw new Error(`${location.label}: was not loaded`);
  return { kind: 'strategy', name: strategy.name, url: location.entryUrl };
}

function deliver(replayed: Replayed | undefined, origin: string): number {
  if (replayed?.ok === true) {
    process.stdout.write(renderCounterexample(replayed.document, stdoutOptions()));
    return EXIT.ok;
  }
  if (replayed?.isKept !== true) throw new UsageError(`${origin}: ${replayed?.problem ?? 'was not run'}`);
  process.stderr.write(`s2bench: ${origin}: ${replayed.problem}\n`);
  return EXIT.unexpected;
}
