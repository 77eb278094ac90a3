/** The vectors: op scripts, and what the page-table code of real kernels did with them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVectors, type VectorGranule, type VectorKernelName } from '@s2bench/testkit';
import { callProgram } from '../fixtures/call-program.ts';

/** A script and the lines that each kernel gives for it, as JSON text. */
export interface VectorScript {
  readonly name: string;
  readonly script: string;
  readonly expected: ReadonlyMap<string, readonly string[]>;
}

/** A kernel of the vectors, as the kernel model and the strategy that must equal it. */
export interface VectorKernel {
  readonly name: string;
  readonly kernel: string;
  readonly strategy: string;
}

export const VECTOR_KERNELS: readonly VectorKernel[] = [
  { name: 'v5.11', kernel: 'v5.11', strategy: 'baseline' },
  { name: 'v5.12', kernel: 'v5.12', strategy: 'baseline' },
  { name: 'v5.12p1', kernel: 'v5.12p1', strategy: 'baseline' },
  { name: 'v5.12p1rfc', kernel: 'v5.12p1', strategy: 'install-first-no-cmo' },
  { name: 'v5.12rfc', kernel: 'v5.12', strategy: 'install-first-no-cmo' },
];

/** Later kernels: what the release itself does. */
export const LATER_KERNELS: readonly VectorKernel[] = ['v5.14', 'v6.1', 'v6.4', 'v6.6', 'v6.12', 'v7.1'].map(
  (name) => ({
    name,
    kernel: name,
    strategy: 'upstream',
  }),
);

/** The project's own copy. */
export function ourVectors(granule: VectorGranule, kernels: readonly VectorKernel[]): VectorScript[] {
  return readVectors(
    granule,
    kernels.map(({ name }) => name as VectorKernelName),
  ).map(({ name, script, expected }) => ({
    name,
    script,
    expected: new Map(Object.entries(expected).map(([kernel, values]) => [kernel, toLines(values)])),
  }));
}

function toLines(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value));
}

/**
 * Runs scripts with the program, as a user does.
 *
 * @param folder - where the scripts are written to
 * @returns a message for each script that differs from what the kernel did, with the first line that does
 */
export async function differences(
  scripts: readonly VectorScript[],
  kernel: VectorKernel,
  granule: VectorGranule,
  folder: string,
): Promise<string[]> {
  for (const { name, script } of scripts) writeFileSync(join(folder, name), script);
  const long = scripts.filter(({ name }) => name.startsWith('named-'));
  const short = scripts.filter(({ name }) => !name.startsWith('named-'));
  return [
    ...(await differencesInForm(long, 'long', kernel, granule, folder)),
    ...(await differencesInForm(short, 'short', kernel, granule, folder)),
  ];
}

async function differencesInForm(
  scripts: readonly VectorScript[],
  form: 'short' | 'long',
  { name: kernelName, kernel, strategy }: VectorKernel,
  granule: VectorGranule,
  folder: string,
): Promise<string[]> {
  if (scripts.length === 0) return [];
  const options = ['--kernel', kernel, '--strategy', strategy, '--page-size', granule.toUpperCase(), '--form', form];
  const { code, stdout, stderr } = await callProgram(['ops', ...options, ...scripts.map(({ name }) => name)], {
    cwd: folder,
  });
  // What a release does not have is said beside the results, which say it too.
  const problems = stderr.split('\n').filter((line) => line !== '' && !line.includes(': "unsup", since kernel model '));
  if (code !== 0 || problems.length > 0) return [`exit code ${code}: ${problems.join('\n')}`];
  const lines = stdout.trimEnd().split('\n');
  const found: string[] = [];
  let at = 0;
  for (const { name, expected } of scripts) {
    const wanted = [JSON.stringify({ script: name }), ...(expected.get(kernelName) ?? [])];
    const wrong = wanted.findIndex((line, index) => line !== lines[at + index]);
    at += wanted.length;
    if (wrong < 0) continue;
    const [here = 'nothing', there = 'nothing'] = [lines[at - wanted.length + wrong], wanted[wrong]];
    found.push(`${name}, line ${wrong}:\n  here: ${here.slice(0, 400)}\n  ${kernelName}: ${there.slice(0, 400)}`);
  }
  if (at !== lines.length) found.push(`${lines.length} lines instead of ${at}`);
  return found;
}
