/** The vectors: op scripts, and what the page-table code of real kernels did with them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readVectors, type VectorGranule } from '@s2bench/testkit';
import { runProgram } from '../fixtures/program.ts';

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

/** Beside a clone of the project lies a folder with what it was started from. A clone alone has none. */
const GIVEN = new URL('../../../../shared/reference/vectors/', import.meta.url);

/** The project's own copy. */
export function ourVectors(granule: VectorGranule): VectorScript[] {
  return readVectors(granule).map(({ name, script, expected }) => ({
    name,
    script,
    expected: new Map(Object.entries(expected).map(([kernel, values]) => [kernel, toLines(values)])),
  }));
}

/** The given ones, where they lie beside the clone. */
export function givenVectors(granule: VectorGranule): VectorScript[] | undefined {
  if (!existsSync(new URL(`scripts-${granule}.ndjson.gz`, GIVEN))) return undefined;
  const byKernel = VECTOR_KERNELS.map(({ name }) => {
    const results = readGiven(`${name}-${granule}.ndjson.gz`) as { name: string; expected: unknown[] }[];
    return [name, new Map(results.map((result) => [result.name, toLines(result.expected)]))] as const;
  });
  const scripts = readGiven(`scripts-${granule}.ndjson.gz`) as { name: string; script: string }[];
  return scripts.map(({ name, script }) => ({
    name,
    script,
    expected: new Map(byKernel.map(([kernel, results]) => [kernel, results.get(name) ?? []])),
  }));
}

function readGiven(file: string): unknown[] {
  return parseLines(gunzipSync(readFileSync(new URL(file, GIVEN))).toString());
}

function parseLines(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function toLines(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(value));
}

/**
 * Runs scripts with the program itself, as a user does.
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
  const { code, stdout, stderr } = await runProgram(['ops', ...options, ...scripts.map(({ name }) => name)], {
    cwd: folder,
  });
  if (code !== 0 || stderr !== '') return [`exit code ${code}: ${stderr}`];
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
