/**
 * `npm run test:mutation`: do the tests notice when the code is wrong?
 *
 * Plants named faults and Stryker's mutants in a clone that it throws away, and runs each package's own tests. Fails
 * where too few die, where one survives that docs/mutation-survivors.md does not list, or does not that is listed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, ScratchClone } from '../scratch-clone.ts';
import { FAULTS, isNoticed } from './faults.ts';
import { mutantsOf, type Sample } from './hunt.ts';
import type { Mutant } from './mutants.ts';
import { isSourceOf, MUTATED, type Mutated, sourcesOf } from './mutated.ts';
import { interval95, percentDead, SCORE_HEAD, type Score, scoreOf, scoreRow } from './score.ts';
import { judge, parseSurvivors, survivorLine } from './survivors.ts';

const LIST = 'docs/mutation-survivors.md';
/** Where every mutant is written, with its place and what became of it, below the repository. */
const FOUND = '.results/mutation';
const USAGE = `usage: npm run test:mutation -- [${MUTATED.map(({ name }) => name).join('|')}|FILE …] [--concurrency N] [--sample N] [--seed N] [--again] [--tests FILE …]`;

/** What a run mutates: all of a room, or some of its files. */
interface Part {
  readonly mutated: Mutated;
  readonly files?: readonly string[];
}

/** What the command line asks for. */
interface Wishes {
  readonly parts: readonly Part[];
  readonly concurrency: number;
  readonly sample?: Sample;
  /** Only what has survived last time. */
  readonly isAgain: boolean;
  /** Only these, so that who has written one need not wait for all. */
  readonly tests?: readonly string[];
}

const wishes = readWishes(process.argv.slice(2));
if (typeof wishes === 'string') {
  process.stderr.write(`${wishes}\n${USAGE}\n`);
  process.exitCode = 2;
} else {
  const clone = new ScratchClone();
  process.on('exit', () => clone.remove());
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interrupted.abort(new Error('interrupted')));
  try {
    const objections: string[] = [];
    for (const part of wishes.parts) {
      if (part.files === undefined) objections.push(...(await plantFaults(clone, part.mutated, interrupted.signal)));
      const { concurrency, sample, isAgain } = wishes;
      const last = isAgain ? kept : undefined;
      const tests = wishes.tests ?? part.mutated.tests;
      const hunt = { clone, tests, concurrency, sample, last, interrupted: interrupted.signal };
      const mutants: Mutant[] = [];
      process.stdout.write(`\n${SCORE_HEAD}\n`);
      for await (const ofFile of mutantsOf(part.files ?? sourcesOf(part.mutated), hunt)) {
        const file = ofFile[0]?.file ?? '';
        keep(file, ofFile);
        process.stdout.write(`${scoreRow(`\`${file}\``, scoreOf(ofFile))}\n`);
        mutants.push(...ofFile);
      }
      process.stdout.write(`${scoreRow(part.mutated.name, scoreOf(mutants))}\n\n`);
      objections.push(...reportScore(part, mutants), ...compare(mutants));
    }
    for (const objection of objections) process.stdout.write(`\n${objection}\n`);
    process.stdout.write(`\n${objections.length === 0 ? 'no objections' : `objections: ${objections.length}`}\n`);
    process.exitCode = objections.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function readWishes(args: string[]): Wishes | string {
  let parsed;
  try {
    const number = { type: 'string' } as const;
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        concurrency: number,
        sample: number,
        seed: number,
        again: { type: 'boolean', default: false },
        tests: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { positionals, values } = parsed;
  const { again: isAgain, tests, ...numbers } = values;
  if (isAgain && numbers.sample !== undefined) return '--again: runs what has survived last time, so no --sample';
  for (const [option, value] of Object.entries(numbers))
    if (!/^[1-9]\d{0,8}$/.test(value)) return `--${option}: a whole number from 1 on is wanted, not ${value}`;
  if (values.seed !== undefined && values.sample === undefined) return '--seed: draws a sample, and wants --sample N';
  const concurrency = Number(values.concurrency ?? 1);
  const size = values.sample === undefined ? undefined : Number(values.sample);
  const parts: Part[] = [];
  for (const mutated of MUTATED) {
    const files = positionals.filter((wish) => isSourceOf(mutated, wish));
    if (positionals.length === 0 || positionals.includes(mutated.name)) parts.push({ mutated });
    else if (files.length > 0) parts.push({ mutated, files });
  }
  const unknown = positionals.find(
    (wish) => !parts.some(({ mutated }) => wish === mutated.name || isSourceOf(mutated, wish)),
  );
  if (unknown !== undefined) return `neither a name nor a file that is mutated: ${unknown}`;
  return {
    parts,
    concurrency,
    isAgain,
    ...(tests && { tests }),
    ...(size === undefined ? {} : { sample: { size, seed: Number(values.seed ?? 1) } }),
  };
}

/** Plants named faults one by one, and says which of them the tests do not notice. */
async function plantFaults(clone: ScratchClone, { name, tests }: Mutated, interrupted: AbortSignal): Promise<string[]> {
  const faults = FAULTS.filter(({ room }) => room === name);
  const unnoticed: string[] = [];
  for (const fault of faults)
    if (!(await isNoticed(clone, tests, fault, interrupted)))
      unnoticed.push(`no test of ${name} notices: ${fault.name} (${fault.file})`);
  process.stdout.write(`${name}: ${faults.length - unnoticed.length} of ${faults.length} named faults noticed\n`);
  return unnoticed;
}

/** Holds the mutants of a run against the list. */
function compare(mutants: readonly Mutant[]): string[] {
  const files = new Set(mutants.map(({ file }) => file));
  const listed = parseSurvivors(readFileSync(join(ROOT, LIST), 'utf8')).filter(({ file }) => files.has(file));
  const { unlisted, gone } = judge(mutants, listed);
  return [
    ...unlisted.map(
      (mutant) => `survives, and ${LIST} does not say why: ${mutant.file}:${mutant.line}\n${survivorLine(mutant)}`,
    ),
    ...gone.map((survivor) => `does not survive, and ${LIST} lists it: ${survivor.file}\n${survivorLine(survivor)}`),
  ];
}

/** Prints a score; gives a failure where it is below what has to be reached. */
function reportScore({ mutated, files }: Part, mutants: readonly Mutant[]): string[] {
  const least = files === undefined ? mutated.leastScore : undefined;
  const wanted = least === undefined ? '' : `, at least ${least} % wanted`;
  const score = scoreOf(mutants);
  process.stdout.write(`${mutated.name}: ${scoreText(score)}${wanted}\n`);
  if (least === undefined || percentDead(score) >= least) return [];
  return [`${mutated.name}: ${percentDead(score).toFixed(1)} % of the mutants die, and ${least} % have to`];
}

function scoreText(score: Score): string {
  const [low, high] = interval95(score).map((percent) => percent.toFixed(1));
  const sampled = score.notRun === 0 ? '' : `, which says of all ${score.mutants} that ${low} to ${high} % do (95 %)`;
  return `${percentDead(score).toFixed(1)} % of ${score.dead + score.alive} mutants die (${score.late} of them by time)${sampled}, ${score.alive} survive; ${score.ignored} are met while loading alone`;
}

/** What {@link keep} has kept of a file. */
function kept(file: string): readonly Mutant[] | undefined {
  const path = join(ROOT, FOUND, `${file}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as readonly Mutant[]) : undefined;
}

function keep(file: string, mutants: readonly Mutant[]): void {
  const path = join(ROOT, FOUND, `${file}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(mutants, undefined, 1)}\n`);
}
