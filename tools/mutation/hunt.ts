/**
 * Looks for a test that notices, for each mutant. All mutants of a file stand in it at once, and one process with all tests
 * of the package turns on one after the other: a mutant costs its tests alone, and most die of the first.
 */
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import type { ScratchClone } from '../scratch-clone.ts';
import { type Answer, type Target, UNFIT, type Wish } from './inside/messages.ts';
import { instrument, type Instrumented, type Mutant, type Status } from './mutants.ts';
import { survives } from './survivors.ts';

/** Processor time of a mutant's tests, as they took without it: those behind it are not run. The score is a lower bound. */
const MOST_TESTS_MS = 15_000;
/** A process that says nothing for so long has met a mutant that never ends. */
const SILENCE_MS = 120_000;

const PROGRAM = join(import.meta.dirname, 'inside', 'run-tests.ts');

/** Some of all mutants, drawn by a seed. */
export interface Sample {
  readonly size: number;
  readonly seed: number;
}

/** Where and how mutants are looked for. */
export interface Hunt {
  readonly clone: ScratchClone;
  /** The folders whose tests are run, or the tests. */
  readonly tests: readonly string[];
  readonly concurrency: number;
  /** Left out: all of them. */
  readonly sample?: Sample | undefined;
  /** What became of a file's mutants when they were run last: only those that survived are run again. */
  readonly last?: ((file: string) => readonly Mutant[] | undefined) | undefined;
  readonly interrupted: AbortSignal;
}

/**
 * What becomes of each mutant of some files, file by file. All are put back at the end.
 *
 * @throws Error where a test fails without any mutant at the end
 */
export async function* mutantsOf(files: readonly string[], hunt: Hunt): AsyncGenerator<Mutant[]> {
  const sources = files.map((file) => ({ file, text: readFileSync(join(hunt.clone.root, file), 'utf8') }));
  const write = (file: string, text: string): void => writeFileSync(join(hunt.clone.root, file), text);
  const putBack = (): void => sources.forEach(({ file, text }) => write(file, text));
  try {
    const durationsMs = await durationsOf(hunt);
    const all = await instrument(sources);
    for (const { file, counting } of all) write(file, counting);
    const targets = await targetsOf(hunt, durationsMs);
    putBack();
    const within = sampled([...targets.keys(), ...unmet(all, targets)], hunt.sample);
    for (const instrumented of all) {
      if (instrumented.mutants.length === 0) continue;
      const last = lastOf(instrumented, hunt);
      yield last === undefined
        ? await hunted(instrumented, targets, within, hunt, write)
        : await huntedAgain(instrumented, last, targets, hunt, write);
      putBack();
    }
  } finally {
    putBack();
  }
}

async function hunted(
  { file, mutants, holding }: Instrumented,
  targets: ReadonlyMap<string, Target>,
  within: ReadonlySet<string>,
  hunt: Hunt,
  write: (file: string, text: string) => void,
): Promise<Mutant[]> {
  const wanted = mutants.flatMap(({ id }) => (within.has(id) ? (targets.get(id) ?? []) : [])).filter(isMet);
  write(file, holding(new Set(wanted.map(({ id }) => id))));
  const lanes = Array.from({ length: Math.min(hunt.concurrency, wanted.length) }, (_, lane) =>
    wanted.filter((_target, at) => at % hunt.concurrency === lane),
  );
  const found = new Map<string, Status>();
  await Promise.all(lanes.map((lane) => killAll(lane, hunt, found)));
  return mutants.map(({ id, ...mutant }) => {
    const target = targets.get(id);
    const unfound = target !== undefined && !isMet(target) ? 'Ignored' : within.has(id) ? 'NoCoverage' : 'NotRun';
    return { ...mutant, status: found.get(id) ?? unfound };
  });
}

/** What is known of exactly these mutants; nothing, where the file has changed since. */
function lastOf({ file, mutants }: Instrumented, { last }: Hunt): readonly Mutant[] | undefined {
  const known = last?.(file);
  if (known?.length !== mutants.length) return undefined;
  const isSame = known.every(({ status: _status, ...mutant }, at) => {
    const { id: _id, ...planted } = mutants[at] ?? {};
    return isDeepStrictEqual(mutant, planted);
  });
  return isSame ? known : undefined;
}

/** What has died has died of tests that are still there. */
async function huntedAgain(
  instrumented: Instrumented,
  last: readonly Mutant[],
  targets: ReadonlyMap<string, Target>,
  hunt: Hunt,
  write: (file: string, text: string) => void,
): Promise<Mutant[]> {
  const alive = instrumented.mutants.filter((_, at) => survives(last[at] ?? { status: 'NotRun' }));
  const found = await hunted(instrumented, targets, new Set(alive.map(({ id }) => id)), hunt, write);
  return last.map((mutant, at) => (survives(mutant) ? (found[at] ?? mutant) : mutant));
}

/** Not where it is met while modules are loaded alone. */
function isMet({ by }: Target): boolean {
  return by.length > 0;
}

function unmet(all: readonly Instrumented[], targets: ReadonlyMap<string, Target>): string[] {
  return all.flatMap(({ mutants }) => mutants.map(({ id }) => id)).filter((id) => !targets.has(id));
}

/** The same ones for the same seed and the same code; who cannot be judged is in the draw, and in no score. */
function sampled(ids: readonly string[], sample: Sample | undefined): Set<string> {
  if (sample === undefined) return new Set(ids);
  const keyOf = (id: string): string => createHash('sha256').update(`${sample.seed} ${id}`).digest('hex');
  const drawn = ids.map((id) => ({ id, key: keyOf(id) })).sort((one, other) => (one.key < other.key ? -1 : 1));
  return new Set(drawn.slice(0, sample.size).map(({ id }) => id));
}

/** Of each test, with no mutant and nothing that counts: what a mutant gets does not hang on how many there are. */
async function durationsOf(hunt: Hunt): Promise<readonly number[]> {
  let found: readonly number[] | undefined;
  await converse({ do: 'cover' }, hunt, (answer) => {
    if (answer.kind !== 'covered') return;
    for (const test of answer.failed) process.stdout.write(`left out, since it fails without a mutant: ${test}\n`);
    found = answer.durationsMs;
  });
  if (found === undefined) throw new Error(`the tests of ${hunt.tests.join(', ')} did not say how long they take`);
  return found;
}

/** Which tests reach a mutant, the quickest first. */
async function targetsOf(hunt: Hunt, durationsMs: readonly number[]): Promise<Map<string, Target>> {
  const targets = new Map<string, { id: string; by: { test: number; hits: number }[] }>();
  let heard = 0;
  await converse({ do: 'cover' }, hunt, (answer) => {
    if (answer.kind === 'reached') heard++;
    const reached = answer.kind === 'reached' ? answer.reached : answer.kind === 'covered' ? answer.whileLoading : {};
    for (const [id, hits] of Object.entries(reached)) {
      const target = targets.get(id) ?? { id, by: [] };
      targets.set(id, target);
      if (answer.kind === 'reached') target.by.push({ test: answer.test, hits });
    }
  });
  if (heard !== durationsMs.length)
    throw new Error(`${heard} of ${durationsMs.length} tests have said which mutants they reach`);
  const durationOf = ({ test }: { readonly test: number }): number => durationsMs[test] ?? UNFIT;
  for (const target of targets.values()) {
    target.by.sort((one, other) => durationOf(one) - durationOf(other));
    let sumMs = 0;
    const fit = target.by.filter((each) => durationOf(each) !== UNFIT);
    target.by = fit.filter((each) => (sumMs += durationOf(each)) <= MOST_TESTS_MS);
  }
  return targets;
}

/** Works through a list; a mutant that never ends costs its process, and the next one goes on behind it. */
async function killAll(targets: readonly Target[], hunt: Hunt, found: Map<string, Status>): Promise<void> {
  let rest = targets;
  while (rest.length > 0) {
    let current: string | undefined;
    const isDone = await converse({ do: 'kill', targets: rest }, hunt, (answer) => {
      if (answer.kind === 'begun') current = answer.id;
      else if (answer.kind === 'ended') found.set(answer.id, answer.status);
    });
    if (isDone) return;
    if (current !== undefined && !found.has(current)) found.set(current, 'Timeout');
    rest = rest.filter(({ id }) => !found.has(id));
  }
}

/**
 * Asks a process of its own, and hears what it says.
 *
 * @returns whether it came to its end; not, if it fell silent or broke down
 */
async function converse(wish: Wish, hunt: Hunt, hear: (answer: Answer) => void): Promise<boolean> {
  const { clone, tests, interrupted } = hunt;
  const child = spawn(process.execPath, ['--conditions=@s2bench/source', PROGRAM, ...tests], {
    cwd: clone.root,
    env: clone.env,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const exited = new Promise<boolean>((resolve, reject) => {
    child.once('exit', (code) => resolve(code === 0));
    child.once('error', reject);
  });
  const end = (): boolean => child.kill('SIGKILL');
  interrupted.addEventListener('abort', end, { once: true });
  let silence = setTimeout(end, SILENCE_MS);
  let broken: Error | undefined;
  const noise: string[] = [];
  child.stdin.end(`${JSON.stringify(wish)}\n`);
  for await (const line of createInterface({ input: child.stderr })) {
    clearTimeout(silence);
    silence = setTimeout(end, SILENCE_MS);
    const answer = parse(line);
    if (answer === undefined) noise.push(line);
    else if (answer.kind === 'broken')
      broken = new Error(`mutants have left something behind: ${answer.test} fails without one`);
    else hear(answer);
  }
  const isDone = await exited;
  clearTimeout(silence);
  interrupted.removeEventListener('abort', end);
  interrupted.throwIfAborted();
  if (broken !== undefined) throw broken;
  if (!isDone && wish.do === 'cover')
    throw new Error(`the tests of ${tests.join(', ')} cannot be run\n${noise.join('\n')}`);
  return isDone;
}

function parse(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}
