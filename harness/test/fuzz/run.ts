/**
 * The fuzzer: command lines and documents that are wrong in some way, and kills. Each command must keep what every one
 * promises (promises.ts). The same seed tries the same; what broke something is kept in .results/fuzz/.
 *
 *   npm run test:fuzz -- [--seed N] [--lines N] [--documents N] [--processes N] [--kills N]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { harm, harmed } from './documents.ts';
import { type Outcome, runHere } from './in-process.ts';
import { killAndResume } from './kills.ts';
import { commandLine } from './lines.ts';
import { KINDS, Scratch, SMALL } from './scratch.ts';
import { broken, stateOf } from './promises.ts';
import { lineOf } from '../../src/execute/journal-file.ts';

const BIN = fileURLToPath(new URL('../../bin/s2bench.js', import.meta.url));
const KEPT = join(process.cwd(), '.results', 'fuzz');
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    lines: { type: 'string', default: '1000' },
    documents: { type: 'string', default: '3000' },
    processes: { type: 'string', default: '50' },
    kills: { type: 'string', default: '20' },
  },
});
const seed = Number(values.seed);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
let violations = 0;

/** Tells of a broken promise, and keeps what broke it. */
function report(problems: readonly string[], what: string, outcome: Outcome, file?: string): void {
  if (problems.length === 0) return;
  violations++;
  const folder = join(KEPT, String(violations));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'case.json'), JSON.stringify({ seed, what, problems, outcome }, null, 2));
  if (file !== undefined) writeFileSync(join(folder, 'file'), readFileSync(file));
  say(
    `BROKEN ${violations}: ${what.slice(0, 300)}: ${problems.join('; ')}; ${JSON.stringify(outcome.stderr.slice(0, 300))}`,
  );
}

/** Good files that only the program can make. */
async function goodFiles(): Promise<Map<string, string>> {
  const scratch = new Scratch();
  const made = new Map<string, string>();
  for (const index of ['1', '2']) {
    const name = index === '1' ? 'shard.json' : 'other-shard.json';
    made.set(name, (await runHere([...SMALL, '--shard', `${index}/2`, '--json'], scratch.folder)).stdout);
  }
  // One that is known to be unsafe, so that there is something to run again.
  const unsafe = ['verify', 'install-first-no-cmo', '--world', 'partial-table', '--fwb', 'off', '--json'];
  made.set('replay.json', (await runHere(unsafe, scratch.folder)).stdout);
  // What an interrupted run has kept: the fake profile's results, under keys that no cell has.
  const { cells } = JSON.parse(made.get('shard.json') ?? '{}') as { cells: unknown[] };
  made.set('out/.journal.ndjson', cells.map((result) => lineOf('a'.repeat(64), result)).join(''));
  scratch.remove();
  return made;
}

async function tryLines(scratch: Scratch, count: number): Promise<void> {
  let before = stateOf(scratch.folder);
  for (const line of fc.sample(commandLine, { seed, numRuns: count })) {
    const outcome = await runHere(line, scratch.folder);
    const after = stateOf(scratch.folder);
    report(broken(outcome, before, after), JSON.stringify(line), outcome);
    if (after === before) continue;
    scratch.reset();
    before = stateOf(scratch.folder);
  }
}

/** As processes of their own: what an end in the middle, or a handler of the process, would hide. */
function tryProcesses(scratch: Scratch, count: number): void {
  const lines = fc.sample(commandLine, { seed: seed + 1, numRuns: 4 * count });
  // The system passes no such text on.
  for (const line of lines
    .filter((one) => one.every((word) => word.isWellFormed() && !word.includes('\0')))
    .slice(0, count)) {
    const before = stateOf(scratch.folder);
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...line], {
      cwd: scratch.folder,
      encoding: 'utf8',
      input: '',
    });
    const outcome = { code: status ?? -1, stdout, stderr };
    const after = stateOf(scratch.folder);
    report(broken(outcome, before, after), `process ${JSON.stringify(line)}`, outcome);
    if (after !== before) scratch.reset();
  }
}

async function tryDocuments(scratch: Scratch, count: number): Promise<Map<string, number>> {
  const kinds = KINDS.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  const tried = new Map<string, number>();
  const cases = fc.record({ kind: fc.constantFrom(...kinds), command: fc.nat(), harm });
  for (const { kind, command: nth, harm: done } of fc.sample(cases, { seed, numRuns: count })) {
    scratch.write(kind.file, harmed(scratch.good(kind.file), done));
    const before = stateOf(scratch.folder);
    const command = kind.commands[nth % kind.commands.length] ?? [];
    const outcome = await runHere(command, scratch.folder);
    const after = stateOf(scratch.folder);
    report(
      broken(outcome, before, after),
      `${kind.name}: ${command.join(' ')}`,
      outcome,
      after === before ? join(scratch.folder, kind.file) : undefined,
    );
    tried.set(`${kind.name} ${outcome.code}`, (tried.get(`${kind.name} ${outcome.code}`) ?? 0) + 1);
    if (after === before && dirname(kind.file) !== 'reports/thread-2021')
      scratch.write(kind.file, scratch.good(kind.file));
    else scratch.reset();
  }
  return tried;
}

say(`seed ${seed}`);
const scratch = new Scratch(await goodFiles());
try {
  await tryLines(scratch, Number(values.lines));
  say(`${values.lines} command lines, ${violations} broken promises`);
  tryProcesses(scratch, Number(values.processes));
  say(`${values.processes} processes, ${violations} broken promises so far`);
  const tried = await tryDocuments(scratch, Number(values.documents));
  say(
    `${values.documents} documents, ${violations} broken promises so far; by kind and exit code: ${[...tried]
      .sort()
      .map(([what, times]) => `${what}: ${times}`)
      .join(', ')}`,
  );
} finally {
  scratch.remove();
}
let state = seed;
// A small generator with a seed: when to kill is no secret.
const random = (): number => (state = (state * 48_271) % 2_147_483_647 || 1) / 2_147_483_647;
const wrong = Number(values.kills) === 0 ? [] : await killAndResume(Number(values.kills), random);
for (const line of wrong) say(`BROKEN: ${line}`);
say(`${values.kills} kills, ${wrong.length} with other bytes`);
process.exit(violations + wrong.length === 0 ? 0 : 1);
