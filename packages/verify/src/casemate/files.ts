/** Results of a verification as Casemate traces, each with what Casemate must answer to it. */
import type { Strategy } from '@s2bench/core';
import type { History } from '@s2bench/kernel';
import { replay } from '../counterexample/counterexample.ts';
import type { Counterexample } from '../counterexample/schema.ts';
import { Model } from '../explore/model.ts';
import type { Architecture } from '../hardware/architecture.ts';
import { architectureOf, STRICTEST } from '../hardware/architecture.ts';
import { VERIFIED_KERNEL } from '../kernel/rig.ts';
import { RULES } from '../rules/index.ts';
import type { RuleName } from '../rules/rule.ts';
import type { Subject } from '../subject.ts';
import type { VerifyResult } from '../verify-world.ts';
import type { World } from '../world.ts';
import { answerTo, type CasemateTrace } from './export-index.ts';
import type { Exported } from './export.ts';
import { exportRun } from './export.ts';
import { hasCoalesce, runOf } from './run.ts';
import { RandomWalker } from './sample.ts';
import { writeTrace } from './write.ts';

/** A trace for Casemate, and what its index says of it. */
export interface CasemateFile extends Readonly<CasemateTrace> {
  readonly text: string;
}

/** Which accepted runs are drawn. */
export interface SampleOptions {
  readonly history: History;
  readonly fwb: boolean;
  /** The hardware; left out: the strictest. */
  readonly arch?: Architecture;
  /** Kernel model, options after a `?`; left out: the one in which strategies are verified. */
  readonly kernel?: string;
  /** The same seed draws the same runs. */
  readonly seed: number;
  /** At most so many; fewer where a world has fewer that differ. */
  readonly count: number;
}

/** Walks for each run that is wanted. Few worlds need more than a handful. */
const WALKS_PER_RUN = 50;

/**
 * The traces of a result: its counterexample, or where none was found, a sample of its runs.
 *
 * @throws VerifyError where the counterexample does not belong to the strategy
 */
export function casemateFiles(
  what: Strategy | Subject,
  world: World,
  result: VerifyResult,
  sample: Omit<SampleOptions, 'history' | 'fwb' | 'arch' | 'kernel'>,
): CasemateFile[] {
  if (result.counterexample !== undefined) return [counterexampleFile(what, world, result.counterexample)];
  const { history, fwb, kernel } = result;
  return sampleAcceptedRuns(what, world, { history, fwb, arch: architectureOf(result.arch).arch, kernel, ...sample });
}

/** The trace of a counterexample. */
export function counterexampleFile(what: Strategy | Subject, world: World, document: Counterexample): CasemateFile {
  // What else is broken on the way is another counterexample's business.
  const rules = RULES.filter(({ name }) => name === document.rule);
  const { model, begin, steps } = replay({ subject: subjectOf(what), world, fwb: document.fwb, rules }, document);
  return fileOf(document, document.rule, exportRun(runOf(model, begin, steps), world), document.rule);
}

/**
 * The traces of runs that break no rule, whatever rules were held before, from the begin of a world to the end of all
 * its programs. Runs within Casemate's reach come first, and of these the ones that coalesce.
 */
export function sampleAcceptedRuns(what: Strategy | Subject, world: World, options: SampleOptions): CasemateFile[] {
  const { history, fwb, arch = STRICTEST, kernel = VERIFIED_KERNEL, seed, count } = options;
  const subject = subjectOf(what);
  const model = new Model({
    subject,
    world,
    fwb,
    arch,
    kernel,
    rules: RULES,
    mergeQuiet: true,
    explicitHardware: false,
  });
  const walker = new RandomWalker(model, history, seed);
  const ranks = Array.from({ length: 4 }, () => new Map<string, Exported>());
  for (let walks = 0; walks < WALKS_PER_RUN * count && (ranks[0]?.size ?? 0) < count; walks++) {
    const run = walker.walk();
    if (run === undefined) continue;
    const exported = exportRun(run, world);
    const rank = (exported.reach.limits(undefined).length === 0 ? 0 : 2) + (hasCoalesce(run) ? 0 : 1);
    ranks[rank]?.set(writeTrace(exported.records), exported);
  }
  const head = { strategy: subject.strategy.name, world: world.name, history, fwb, kernel };
  const drawn = ranks.flatMap((rank) => [...rank.values()]).slice(0, count);
  return drawn.map((exported, index) => fileOf(head, `run-${index + 1}`, exported));
}

function subjectOf(what: Strategy | Subject): Subject {
  return 'strategy' in what ? what : { strategy: what };
}

type Head = Pick<VerifyResult, 'strategy' | 'world' | 'history' | 'fwb' | 'kernel'>;

function fileOf(head: Head, what: string, { records, reach }: Exported, rule?: RuleName): CasemateFile {
  const { strategy, world, history, fwb, kernel } = head;
  const limits = reach.limits(rule);
  const expected = limits.length > 0 ? 'out-of-reach' : rule === undefined ? 'accepted' : 'rejected';
  const setting = [history, ...(fwb ? ['fwb'] : []), ...(kernel === VERIFIED_KERNEL ? [] : [kernel])];
  const name = [strategy, world, ...setting, what, expected].map(inFileName).join('.');
  const answer = answerTo(records, expected);
  return {
    file: `${name}.casemate`,
    strategy,
    world,
    history,
    fwb,
    kernel,
    ...(rule !== undefined && { rule }),
    expected,
    limits,
    records: records.length,
    ...(answer !== undefined && { answer }),
    text: writeTrace(records),
  };
}

/** A text as part of a file's name: different texts stay different, and none leads to another folder. */
function inFileName(text: string): string {
  return text.replace(/[^\w-]/gu, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
