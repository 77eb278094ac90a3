/** What a worker does for `s2bench verify`: it explores a world, or runs a counterexample again. */
import {
  architectureOf,
  type CasemateFile,
  casemateFiles,
  type ExplorationRecord,
  isRealTable,
  joinExploration,
  replay,
  RuleKeptError,
  type RuleName,
  RULES,
  STOCK,
  STRICTEST,
  type Subject,
  VerifyError,
  type VerifyResult,
  verifySetting,
  type World,
} from '@s2bench/verify';
import { oneLine } from '../cli/errors.ts';
import type { Explored, ExploreTask, Replayed, ReplayTask, SubjectRef } from '../plan/verify-plan.ts';
import type { Branch } from '../plan/branch.ts';
import { loadStrategy } from '../plugins/load.ts';
import { settle, takeRealmFault } from '../plugins/realm-guard.ts';
import { Pulse, type Watched, watchStrategy } from '../plugins/visitors.ts';
import { isCounting } from './branches/counting.ts';
import { companyFor, type MateTask } from './mates.ts';

/** Explores the world of a task. */
export async function explore({ task, pulse }: Watched<ExploreTask>): Promise<Explored> {
  const records: ExplorationRecord[] = [];
  try {
    const subject = await findSubject(task.subject, pulse);
    const { results, untaken } = await exploreCounted(subject, task, records);
    const { world } = task;
    const traces = task.casemate === true && !isRealTable(world) ? tracesOf(subject, world, results) : [];
    await settle();
    const fault = takeRealmFault();
    if (fault !== undefined) return { ok: false, problem: `strategy ${task.subject.name} ${fault}` };
    return { ok: true, results, traces, ...(untaken && { untaken }), ...(records.length > 0 && { records }) };
  } catch (error) {
    if (process.env['S2BENCH_DEBUG'] === '1') console.error(error);
    return { ok: false, problem: whyFailed(error, task.subject.name) };
  }
}

/** The results, and where this worker counts, the branches of the strategy that it has not seen taken yet. */
async function exploreCounted(
  subject: Subject,
  task: ExploreTask,
  records: ExplorationRecord[],
): Promise<{ results: VerifyResult[]; untaken?: readonly Branch[] }> {
  if (!isCounting() || task.subject.kind !== 'strategy') return { results: resultsOf(subject, task, records) };
  const { counted } = await import('./branches/meter.ts');
  const [results, untaken] = counted(task.subject.url, task.kernel, () => resultsOf(subject, task, records));
  return { results, untaken };
}

/** What a strategy has done to its realm may be why it fails. Asked in any case: the thread may be another's next. */
function whyFailed(error: unknown, name: string): string {
  const fault = takeRealmFault();
  return fault === undefined ? problemOf(error, name) : `strategy ${name} ${fault}`;
}

/** The message of an error, which names the subject once. */
export function problemOf(error: unknown, name: string): string {
  const line = oneLine(error);
  if (!(error instanceof VerifyError)) return `strategy ${name}: the exploration failed: ${line}`;
  return line.includes(name) ? line : `strategy ${name}: ${line}`;
}

function resultsOf(subject: Subject, task: ExploreTask, records: ExplorationRecord[]): VerifyResult[] {
  const { world, rules, everyRule, known, keepsRecords } = task;
  const keep = (record: ExplorationRecord): void => {
    if (keepsRecords === true) records.push(record);
  };
  const shared = known && { known, keep };
  const results: VerifyResult[] = [];
  const left = new Set<RuleName>(rules);
  while (left.size > 0) {
    const company = companyFor(task, [...left]);
    const result = verifySetting(subject, world, {
      ...settingOf(task),
      rules: [...left],
      ...(shared && { shared }),
      ...(company && { company }),
    });
    // That nothing is found besides is no news.
    if (results.length === 0 || result.verdict !== 'safe') results.push(result);
    if (!everyRule || result.rule === undefined) break;
    left.delete(result.rule);
  }
  return results;
}

/** What is asked of a world, but for the rules. */
function settingOf({ history, fwb, arch, kernel, bounds }: ExploreTask) {
  return { history, fwb, arch: arch === undefined ? STRICTEST : architectureOf(arch).arch, kernel, bounds };
}

/** Takes part in what another thread explores. */
export async function exploreAlong({ task, rules, buffers, me }: MateTask): Promise<void> {
  // What it counts, nobody asks for: who does not come back from a visitor does so in the other thread too.
  const subject = await findSubject(task.subject, new Pulse().shared);
  if (isRealTable(task.world)) return;
  const observers = RULES.filter(({ name }) => rules.includes(name));
  joinExploration(subject, task.world, { ...settingOf(task), rules: observers }, buffers, me);
}

/** Accepted runs are drawn of each world that is not unsafe. */
const SAMPLE = { seed: 1, count: 3 };

function tracesOf(subject: Subject, world: World, results: readonly VerifyResult[]): CasemateFile[] {
  const unsafe = results.filter(({ counterexample }) => counterexample !== undefined);
  return (unsafe.length > 0 ? unsafe : results).flatMap((result) => casemateFiles(subject, world, result, SAMPLE));
}

/** Runs the counterexample of a task again. */
export async function runAgain({ task: { subject, world, document }, pulse }: Watched<ReplayTask>): Promise<Replayed> {
  try {
    const found = await findSubject(subject, pulse);
    // What else is broken on the way is another counterexample's business.
    const rules = RULES.filter(({ name }) => name === document.rule);
    const again = replay({ subject: found, world, fwb: document.fwb, rules }, document);
    return { ok: true, document: again.document };
  } catch (error) {
    return { ok: false, isKept: error instanceof RuleKeptError, problem: whyFailed(error, subject.name) };
  }
}

/**
 * The subject that a task means.
 *
 * @param pulse - counts its visitors
 */
export async function findSubject(ref: SubjectRef, pulse: SharedArrayBuffer): Promise<Subject> {
  // Whatever another world has left in its modules: the verdict must not hang on the order of worlds.
  if (ref.kind === 'strategy')
    return { strategy: watchStrategy(await loadStrategy(ref.url, { isFresh: true }), pulse) };
  if (ref.kind === 'model') return { strategy: STOCK };
  return (await import('../plan/zoo.ts')).subjectInZoo(ref.name);
}
