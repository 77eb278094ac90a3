/** Hands verdicts over: to stdout, and to files, each counterexample in one that can be run again. */
import { relative } from 'node:path';
import {
  CASEMATE_INDEX,
  type Counterexample,
  judgeStrategy,
  type StrategyJudgement,
  VERIFY_SCHEMA_VERSION,
  type VerifyDocument,
  verifyDocumentSchema,
  type VerifyResult,
  writeCasemateIndex,
} from '@s2bench/verify';
import { EXIT } from '../cli/errors.ts';
import { writeTogether } from '../cli/files.ts';
import { say, stdoutOptions, type TextOptions } from '../cli/terminal.ts';
import type { Findings } from '../execute/explorations.ts';
import type { VerifyRequest } from '../options/verify-request.ts';
import type { VerifyPlan } from '../plan/verify-plan.ts';

/** The name of a counterexample's file: what it breaks, and where. */
export function counterexampleFile({ strategy, rule, world, history, fwb }: Counterexample): string {
  // A strategy's options are no part of a path.
  return `${[strategy.replaceAll(/[^\w-]+/g, '-'), rule, world, history, ...(fwb ? ['fwb'] : [])].join('.')}.json`;
}

/** A file for each counterexample: name to content. */
export function counterexampleFiles(results: readonly VerifyResult[]): Map<string, string> {
  return new Map(
    results.flatMap(({ counterexample }) =>
      counterexample === undefined
        ? []
        : [[counterexampleFile(counterexample), `${JSON.stringify(counterexample, null, 2)}\n`] as const],
    ),
  );
}

/** What was found, and what it is held against. */
export interface Verdicts extends Pick<VerifyPlan, 'expectations' | 'couldShow'> {
  readonly findings: Findings;
  /** Explorations that were not finished when the run was stopped. */
  readonly missing: number;
}

/** Results as text. */
export type RenderVerdicts = (
  results: readonly VerifyResult[],
  judgements: readonly StrategyJudgement[],
  options: TextOptions,
) => string;

/** Prints the verdicts and writes their files; the value is the exit code. */
export function publishVerdicts(
  { findings, missing, expectations, couldShow }: Verdicts,
  request: VerifyRequest,
  render: RenderVerdicts,
): number {
  const { results, failures } = findings;
  const document = documentOf(findings, missing);
  const judgements = expectations
    .filter(({ name }) => !failures.has(name))
    .map((expectation) =>
      judgeStrategy(
        expectation,
        results.filter(({ strategy }) => strategy === expectation.name),
        missing === 0 ? couldShow : [],
      ),
    );
  const { stdout } = process;
  if (request.json) stdout.write(jsonOf(document));
  else if (results.length > 0) stdout.write(render(results, judgements, stdoutOptions()));
  for (const problem of failures.values()) say(problem);
  if (missing > 0) return EXIT.interrupted;
  if (request.out !== undefined && failures.size === 0) {
    writeTogether(request.out.folder, new Map([['verify.json', jsonOf(document)], ...counterexampleFiles(results)]));
    if (!request.json) say(`written to ${relative(process.cwd(), request.out.folder) || '.'}`);
  }
  if (request.casemate !== undefined && failures.size === 0) {
    const { traces } = findings;
    const files = new Map(traces.map(({ file, text }) => [file, text]));
    writeTogether(request.casemate.folder, files.set(CASEMATE_INDEX, writeCasemateIndex(traces)));
    if (!request.json)
      say(`${traces.length} Casemate traces written to ${relative(process.cwd(), request.casemate.folder) || '.'}`);
  }
  for (const line of judgements.flatMap(contradictions)) say(line);
  return exitCodeOf(judgements, failures.size);
}

function documentOf({ results, failures }: Findings, missing: number): VerifyDocument {
  // Parsed, so that the fields stand in the schema's order.
  return verifyDocumentSchema.parse({
    schemaVersion: VERIFY_SCHEMA_VERSION,
    ...(missing > 0 && { interrupted: { missing } }),
    ...(failures.size > 0 && { failures: [...failures].map(([strategy, problem]) => ({ strategy, problem })) }),
    results,
  });
}

function contradictions({ name, isDeclared, unexpected, missing }: StrategyJudgement): string[] {
  const says = isDeclared ? 'and does not declare it' : 'and declares nothing';
  return [
    ...unexpected.map((rule) => `${name} breaks ${rule}, ${says}`),
    ...missing.map((rule) => `${name} declares that it breaks ${rule}, and it breaks it in none of the worlds`),
  ];
}

function exitCodeOf(judgements: readonly StrategyJudgement[], failures: number): number {
  if (failures > 0) return EXIT.cellFailed;
  if (judgements.some(({ unexpected, missing }) => unexpected.length + missing.length > 0)) return EXIT.unexpected;
  return judgements.every(({ isComplete }) => isComplete) ? EXIT.ok : EXIT.incomplete;
}

function jsonOf(document: VerifyDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
