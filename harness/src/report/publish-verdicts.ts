/** Hands verdicts over: to stdout, and to files, each counterexample in one that can be run again. */
import { relative } from 'node:path';
import { printable } from '@s2bench/report/printable';
import {
  CASEMATE_INDEX,
  type Counterexample,
  judgeStrategy,
  type ModelFinding,
  VERIFIED_KERNEL,
  VERIFY_SCHEMA_VERSION,
  type VerifyDocument,
  verifyDocumentSchema,
  type VerifyResult,
  writeCasemateIndex,
} from '@s2bench/verify';
import { EXIT } from '../cli/errors.ts';
import { writeTogether } from '../cli/files.ts';
import { note, print, printJson, say, stdoutOptions, type TextOptions } from '../cli/terminal.ts';
import type { Findings } from '../execute/explorations.ts';
import type { VerifyRequest } from '../options/verify-request.ts';
import type { VerifyPlan } from '../plan/verify-plan.ts';
import { renderModelFindings } from './model-findings.ts';
import { isUntested, type Judgement } from './verdicts.ts';

/** The name of a counterexample's file: what it breaks, and where. */
export function counterexampleFile({ strategy, rule, world, history, fwb, kernel }: Counterexample): string {
  const setting = [history, ...(fwb ? ['fwb'] : []), ...(kernel === VERIFIED_KERNEL ? [] : [inPath(kernel)])];
  return `${[inPath(strategy), rule, world, ...setting].join('.')}.json`;
}

/** The options of a strategy or of a kernel model are no part of a path. */
function inPath(text: string): string {
  return text.replaceAll(/[^\w-]+/g, '-');
}

/** A file for each counterexample: name to content. */
export function counterexampleFiles(results: readonly Pick<VerifyResult, 'counterexample'>[]): Map<string, string> {
  return new Map(
    results.flatMap(({ counterexample }) =>
      counterexample === undefined
        ? []
        : [[counterexampleFile(counterexample), `${JSON.stringify(counterexample, null, 2)}\n`] as const],
    ),
  );
}

/** What was found, and what it is held against. */
export interface Verdicts extends Pick<VerifyPlan, 'expectations' | 'kernels' | 'couldShow' | 'isCovered'> {
  /** What the kernel model breaks by itself, where that was asked. */
  readonly modelFindings: readonly ModelFinding[];
  readonly findings: Findings;
  /** Explorations that were not finished when the run was stopped. */
  readonly missing: number;
}

/** Results as text. */
export type RenderVerdicts = (
  results: readonly VerifyResult[],
  judgements: readonly Judgement[],
  options: TextOptions,
) => string;

/** Prints the verdicts and writes their files; the value is the exit code. */
export function publishVerdicts(
  { findings, missing, expectations, kernels, couldShow, isCovered, modelFindings }: Verdicts,
  request: VerifyRequest,
  render: RenderVerdicts,
): number {
  const { results, failures } = findings;
  const untestedOf = (strategy: string, kernel: string): readonly string[] | undefined =>
    isCovered && missing === 0 ? findings.untested(strategy, kernel) : undefined;
  const document = documentOf(findings, missing, modelFindings, untestedOf);
  const judgements = expectations
    .filter(({ name }) => !failures.has(name))
    .flatMap((expectation) =>
      (expectation.kernels ?? kernels).map((model): Judgement => {
        const theirs = results.filter(({ strategy, kernel }) => strategy === expectation.name && kernel === model);
        const judgement = judgeStrategy(expectation, theirs, missing === 0 ? couldShow : []);
        return { ...judgement, kernel: model, untested: untestedOf(expectation.name, model) };
      }),
    );
  if (request.json) printJson(document);
  else if (results.length > 0) {
    print(render(printable(results, { keepsLines: true }), printable(judgements), stdoutOptions()));
    if (modelFindings.length > 0) print(renderModelFindings(printable(modelFindings), stdoutOptions()));
  }
  for (const problem of failures.values()) say(problem);
  if (missing > 0) return EXIT.interrupted;
  if (request.out !== undefined && failures.size === 0) {
    writeTogether(
      request.out.folder,
      new Map([['verify.json', jsonOf(document)], ...counterexampleFiles([...results, ...modelFindings])]),
    );
    if (!request.json) note(`written to ${relative(process.cwd(), request.out.folder) || '.'}`);
  }
  if (request.casemate !== undefined && failures.size === 0) {
    const { traces } = findings;
    const files = new Map(traces.map(({ file, text }) => [file, text]));
    writeTogether(request.casemate.folder, files.set(CASEMATE_INDEX, writeCasemateIndex(traces)));
    if (!request.json)
      note(`${traces.length} Casemate traces written to ${relative(process.cwd(), request.casemate.folder) || '.'}`);
  }
  for (const line of judgements.flatMap((judgement) => contradictions(judgement, kernels))) say(line);
  return exitCodeOf(judgements, failures.size);
}

function documentOf(
  { results, failures }: Findings,
  missing: number,
  modelFindings: readonly ModelFinding[],
  untestedOf: (strategy: string, kernel: string) => readonly string[] | undefined,
): VerifyDocument {
  // Parsed, so that the fields stand in the schema's order.
  return verifyDocumentSchema.parse({
    schemaVersion: VERIFY_SCHEMA_VERSION,
    ...(missing > 0 && { interrupted: { missing } }),
    ...(failures.size > 0 && { failures: [...failures].map(([strategy, problem]) => ({ strategy, problem })) }),
    modelFindings,
    results: results.map((result) => {
      const untested = untestedOf(result.strategy, result.kernel);
      return { ...result, ...(untested !== undefined && { untested }) };
    }),
  });
}

function contradictions(judgement: Judgement, kernels: readonly string[]): string[] {
  const { name, kernel, isDeclared, unexpected, missing } = judgement;
  const says = isDeclared ? 'and does not declare it' : 'and declares nothing';
  const under = kernels.length > 1 || kernel !== VERIFIED_KERNEL ? ` under ${kernel}` : '';
  return [
    ...unexpected.map((rule) => `${name} breaks ${rule}${under}, ${says}`),
    ...missing.map((rule) => `${name}${under} declares that it breaks ${rule}, and it breaks it in none of the worlds`),
  ];
}

function exitCodeOf(judgements: readonly Judgement[], failures: number): number {
  if (failures > 0) return EXIT.cellFailed;
  if (judgements.some(({ unexpected, missing }) => unexpected.length + missing.length > 0)) return EXIT.unexpected;
  return judgements.every((judgement) => judgement.isComplete && !isUntested(judgement)) ? EXIT.ok : EXIT.incomplete;
}

function jsonOf(document: VerifyDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
