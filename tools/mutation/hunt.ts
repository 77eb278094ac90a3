/**
 * Looks for a test that notices, for each mutant of a file. All mutants stand in the file at once, and one process with all
 * tests of the package turns on one after the other: a mutant costs its tests alone, and most die of the first.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ScratchClone } from '../scratch-clone.ts';
import { type Answer, type Target, UNFIT, type Wish } from './inside/messages.ts';
import { instrument, type Mutant, type Status } from './mutants.ts';

/** Time of a mutant's tests, as they took without it: those behind it are not run. The score is a lower bound. */
const MOST_TESTS_MS = 15_000;
/** A process that says nothing for so long has met a mutant that never ends. */
const SILENCE_MS = 240_000;

const PROGRAM = join(import.meta.dirname, 'inside', 'run-tests.ts');

/** Where and how mutants are looked for. */
export interface Hunt {
  readonly clone: ScratchClone;
  /** The folder whose tests are run. */
  readonly tests: string;
  readonly concurrency: number;
  readonly interrupted: AbortSignal;
}

/**
 * What becomes of each mutant of a file, which is put back at the end.
 *
 * @throws Error where a test fails without any mutant at the end
 */
export async function mutantsOf(file: string, hunt: Hunt): Promise<Mutant[]> {
  const path = join(hunt.clone.root, file);
  const sound = readFileSync(path, 'utf8');
  try {
    const { mutants, counting, plain } = await instrument(file, sound);
    if (mutants.length === 0) return [];
    writeFileSync(path, counting);
    const targets = await targetsOf(hunt);
    writeFileSync(path, plain);
    const wanted = mutants.flatMap(({ id }) => targets.get(id) ?? []).filter(({ by }) => by.length > 0);
    const lanes = Array.from({ length: Math.min(hunt.concurrency, wanted.length) }, (_, lane) =>
      wanted.filter((_target, at) => at % hunt.concurrency === lane),
    );
    const found = new Map<string, Status>();
    await Promise.all(lanes.map((lane) => killAll(lane, hunt, found)));
    return mutants.map(({ id, ...mutant }) => {
      const target = targets.get(id);
      return { ...mutant, status: found.get(id) ?? (target === undefined ? 'NoCoverage' : 'Ignored') };
    });
  } finally {
    writeFileSync(path, sound);
  }
}

/** Which tests reach a mutant, the quickest first. */
async function targetsOf(hunt: Hunt): Promise<Map<string, Target>> {
  const targets = new Map<string, { id: string; by: { test: number; hits: number }[] }>();
  await converse({ do: 'cover' }, hunt, (answer) => {
    if (answer.kind !== 'covered') return;
    const { durationsMs, failed, perTest, whileLoading } = answer;
    for (const test of failed) process.stdout.write(`left out, since it fails without a mutant: ${test}\n`);
    for (const id of Object.keys(whileLoading)) targets.set(id, { id, by: [] });
    for (const [test, reached] of perTest.entries())
      for (const [id, hits] of Object.entries(reached)) {
        const target = targets.get(id) ?? { id, by: [] };
        targets.set(id, target);
        target.by.push({ test, hits });
      }
    const durationOf = ({ test }: { readonly test: number }): number => durationsMs[test] ?? 0;
    for (const target of targets.values()) {
      target.by.sort((one, other) => durationOf(one) - durationOf(other));
      let sumMs = 0;
      const fit = target.by.filter((each) => durationOf(each) !== UNFIT);
      target.by = fit.filter((each) => (sumMs += durationOf(each)) <= MOST_TESTS_MS);
    }
  });
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
  const child = spawn(process.execPath, ['--conditions=@s2bench/source', PROGRAM, tests], {
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
  if (!isDone && wish.do === 'cover') throw new Error(`the tests of ${tests} cannot be run\n${noise.join('\n')}`);
  return isDone;
}

function parse(line: string): Answer | undefined {
  try {
    return JSON.parse(line) as Answer;
  } catch {
    return undefined;
  }
}
