/** `s2bench verify --preset`: runs the questions that a report answers, and writes the page. */
import { relative } from 'node:path';
import { type ProofDocument, renderProof } from '@s2bench/report';
import { type FitColumn, fitPlainTable } from '@s2bench/report/text';
import { ASKED_STUDIES, type Proof, questionsOf } from '@s2bench/studies';
import { EXIT, knownNames, UsageError } from '../cli/errors.ts';
import { requireWritable, writeTogether } from '../cli/files.ts';
import {
  Interrupted,
  note,
  print,
  printJson,
  say,
  SILENT,
  startProgress,
  stdoutOptions,
  watchInterrupt,
} from '../cli/terminal.ts';
import { startPool } from '../execute/pool.ts';
import { proveOnPool } from '../execute/questions.ts';
import { type OutFolder, outFolder, reportFolder } from '../options/run-request.ts';
import { readJobs } from '../options/values.ts';
import type { VerifyFlags } from '../options/verify-request.ts';

const PAGE = 'proof.md';

/** Flags that may stand beside `--preset`: what is run is the preset's. */
const BESIDE = new Set<string>(['preset', 'jobs', 'json', 'out', 'config', 'color', 'quiet']);

/**
 * Runs the questions of a preset; the value is the exit code: 0 where every answer stands, 1 where one does not. Its page
 * is written in either case, as it says which.
 *
 * @throws UsageError where the preset is unknown, or something is asked besides that it cannot be asked
 */
export async function prove(
  preset: string,
  strategies: readonly string[],
  flags: VerifyFlags,
  jobsByConfig: number | undefined,
  cwd: string,
): Promise<number> {
  if (!ASKED_STUDIES.includes(preset))
    throw new UsageError(`--preset ${preset}: unknown preset of questions; ${knownNames(preset, ASKED_STUDIES)}`);
  const origin = `--preset ${preset}`;
  if (strategies.length > 0)
    throw new UsageError(`${origin}: has its own strategies; leave out ${strategies.join(' ')}`);
  const other = Object.keys(flags).find((flag) => !BESIDE.has(flag));
  if (other !== undefined)
    throw new UsageError(`${origin}: has its own worlds, rules and bounds; leave out --${kebab(other)}`);
  const jobs = readJobs(flags.jobs, jobsByConfig);
  const out = outFolder(flags, undefined, reportFolder(preset), cwd);
  if (out !== undefined) requireWritable(out.folder, out.origin);
  const proof = await run(preset, jobs);
  return proof === undefined ? EXIT.interrupted : publish(proof, out, flags.json === true);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function run(study: string, jobs: number): Promise<Proof | undefined> {
  const questions = await questionsOf(study);
  const total = questions.scenarios.length;
  const pool = startPool({ jobs });
  let progress = SILENT;
  let finished = 0;
  const interrupt = watchInterrupt(() => {
    progress.stop();
    return `stopped; ${finished} of ${total} scenarios had finished, and the page is as it was`;
  });
  try {
    progress = await startProgress({ what: 'scenarios', total, done: 0 }, process.stderr);
    const onProgress = (done: number): void => {
      finished = done;
      progress.advance('');
    };
    return await proveOnPool(pool, study, questions, { jobs, signal: interrupt.signal, onProgress });
  } catch (error) {
    if (error instanceof Interrupted || interrupt.signal.aborted) return undefined;
    throw error;
  } finally {
    progress.stop();
    interrupt.stop();
    await pool.destroy();
  }
}

function publish({ document, unexpected }: Proof, out: OutFolder | undefined, json: boolean): number {
  if (json) printJson(document);
  else print(answers(document));
  if (out !== undefined) {
    writeTogether(out.folder, new Map([[PAGE, renderProof(document)]]));
    if (!json) note(`${PAGE} written to ${relative(process.cwd(), out.folder) || '.'}`);
  }
  for (const line of unexpected) say(line);
  return unexpected.length === 0 ? EXIT.ok : EXIT.unexpected;
}

const COLUMNS: readonly FitColumn[] = [
  { label: '', align: 'right', isKey: true },
  { label: 'question', align: 'left', breaks: true },
  { label: 'answer', align: 'left', breaks: true },
];

function answers({ claims }: ProofDocument): string {
  const rows = claims.map(({ number, title, verdict }) => [
    { text: String(number) },
    { text: title },
    { text: verdict },
  ]);
  return `${fitPlainTable(COLUMNS, rows, stdoutOptions()).text}\n`;
}
