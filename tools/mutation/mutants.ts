/** Runs Stryker in a scratch clone, and names the mutants so that they keep their names when code moves. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import ts from 'typescript';
import { ROOT, type ScratchClone } from '../scratch-clone.ts';
import type { Mutated } from './mutated.ts';

/** Where a report with every mutant in its place goes, below the repository. */
const REPORTS = '.results/mutation';
/** For mutants that never end. A slow machine must not make others look as if they did not. */
const TIMEOUT_MS = 15_000;
/** Longer code is shown by its beginning and its end. */
const LONGEST_CODE = 110;

type StrykerMutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** A mutant and what became of it. Line numbers are for whoever looks for it, not part of its name. */
export interface Mutant {
  /** The file, from the repository's root. */
  readonly file: string;
  /** The innermost function, method or constant around it. */
  readonly within: string;
  readonly mutator: string;
  /** The code that was replaced, on one line. */
  readonly from: string;
  readonly to: string;
  readonly line: number;
  readonly status: StrykerMutant['status'];
}

/** How mutants are made. */
export interface MutationOptions {
  /** Files to mutate, from the repository's root; all of its sources if left out. */
  readonly files?: readonly string[] | undefined;
  readonly concurrency?: number | undefined;
}

/**
 * Mutates sources in place, in a clone that is thrown away: in Stryker's own sandbox, imports of workspace packages
 * would lead to sources that are not mutated.
 */
export async function mutantsOf(
  clone: ScratchClone,
  { name, sources, tests }: Mutated,
  { files, concurrency }: MutationOptions,
): Promise<Mutant[]> {
  process.chdir(clone.root);
  const results = await new Stryker({
    mutate: [...(files ?? sources), '!**/*.test.ts', '!**/*.test-d.ts'],
    inPlace: true,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    ...runnerOptions(tests),
    coverageAnalysis: 'perTest',
    ...(concurrency !== undefined && { concurrency }),
    timeoutMS: TIMEOUT_MS,
    dryRunTimeoutMinutes: 60,
    reporters: [process.stdout.isTTY ? 'progress' : 'progress-append-only', 'html'],
    htmlReporter: { fileName: join(ROOT, REPORTS, `${name}.html`) },
  }).runMutationTest();
  return results.map((result) => nameMutant(clone.root, result));
}

/** Options that Stryker's types do not know: a plugin's, and one of an enum that is not exported. */
function runnerOptions(tests: string): Record<string, unknown> {
  return { vitest: { configFile: 'tools/mutation/vitest.config.ts', dir: tests, related: false }, logLevel: 'warn' };
}

function nameMutant(root: string, { fileName, location, mutatorName, replacement, status }: StrykerMutant): Mutant {
  const text = readFileSync(fileName, 'utf8');
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  // Stryker counts lines and columns from 1, TypeScript from 0.
  const [start, end] = [location.start, location.end].map(({ line, column }) =>
    source.getPositionOfLineAndCharacter(line - 1, column - 1),
  );
  return {
    file: relative(root, fileName),
    within: nameAround(source, start ?? 0),
    mutator: mutatorName,
    from: onOneLine(text.slice(start, end)),
    to: onOneLine(replacement),
    line: location.start.line,
    status,
  };
}

/** Names of the class and the function around a place, or of the constant that it belongs to. */
export function nameAround(source: ts.SourceFile, position: number): string {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (position < node.getStart() || position >= node.getEnd()) return;
    const outermost = names.length === 0;
    if (ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node)) names.push(node.name?.text ?? 'default');
    else if (ts.isConstructorDeclaration(node)) names.push('constructor');
    else if (ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isPropertyDeclaration(node))
      names.push(node.name.getText());
    else if (outermost && ts.isVariableDeclaration(node)) names.push(node.name.getText());
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names.slice(0, 2).join('.') || 'module';
}

/** Code without line breaks, cut in the middle where it is long. */
export function onOneLine(code: string): string {
  const line = code.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= LONGEST_CODE) return line;
  const end = Math.floor(LONGEST_CODE / 4);
  return `${line.slice(0, LONGEST_CODE - end)} … ${line.slice(-end)}`;
}
