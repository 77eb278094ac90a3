/** Whether a strategy's types hold, as the compiler and the tsconfig beside it see them. Node itself takes types away unread. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ancestorsOf } from '../../plugins/locate.ts';

/** What the compiler says, line by line; or why it was not asked. */
export type TypeCheck =
  | { readonly isChecked: true; readonly errors: readonly string[] }
  | { readonly isChecked: false; readonly why: string };

const run = promisify(execFile);
const CONFIG = 'tsconfig.json';

/**
 * Asks the compiler.
 *
 * @param path - the strategy's file
 * @param cwd - paths of what is said are shown from there
 * @param signal - ends the compiler: its answer is no longer wanted
 */
export async function checkTypes(path: string, cwd: string, signal: AbortSignal): Promise<TypeCheck> {
  if (!path.endsWith('.ts')) return { isChecked: false, why: 'not a .ts file' };
  const tsc = compilerOf(path);
  if (tsc === undefined) return { isChecked: false, why: 'no TypeScript beside it; npm install --save-dev typescript' };
  const config = await configOf(path, tsc, signal);
  if (config === undefined)
    return { isChecked: false, why: `no ${CONFIG} that includes it; s2bench init writes one with a new strategy` };
  const said = await tscSays(tsc, ['--noEmit', '--pretty', 'false', '-p', config], signal, dirname(config));
  return { isChecked: true, errors: errorsIn(said, dirname(config), cwd) };
}

function compilerOf(path: string): string | undefined {
  try {
    return createRequire(path).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}

/** The nearest config that includes the file, or one that it refers to. */
async function configOf(path: string, tsc: string, signal: AbortSignal): Promise<string | undefined> {
  const nearest = ancestorsOf(dirname(path))
    .map((folder) => join(folder, CONFIG))
    .find((config) => existsSync(config));
  if (nearest === undefined) return undefined;
  const shown = await show(nearest, tsc, signal);
  const candidates = (shown.references ?? []).map((reference) => {
    const target = resolve(dirname(nearest), reference.path);
    return target.endsWith('.json') ? target : join(target, CONFIG);
  });
  if (includes(shown, nearest, path)) return nearest;
  for (const config of candidates) if (includes(await show(config, tsc, signal), config, path)) return config;
  return undefined;
}

interface Shown {
  readonly files?: readonly string[];
  readonly references?: readonly { readonly path: string }[];
}

async function show(config: string, tsc: string, signal: AbortSignal): Promise<Shown> {
  try {
    return JSON.parse(await tscSays(tsc, ['--showConfig', '-p', config], signal, dirname(config))) as Shown;
  } catch (error) {
    // A config that the compiler cannot read: it says so, when it is asked to check.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function includes({ files = [] }: Shown, config: string, path: string): boolean {
  return files.some((file) => resolve(dirname(config), file) === path);
}

/** What the compiler prints, whether or not it found errors. */
async function tscSays(tsc: string, args: readonly string[], signal: AbortSignal, cwd: string): Promise<string> {
  try {
    return (await run(process.execPath, [tsc, ...args], { signal, cwd })).stdout;
  } catch (error) {
    const { stdout } = error as { readonly stdout?: string };
    if (signal.aborted || stdout === undefined || stdout === '') throw error;
    return stdout;
  }
}

/** `src/index.ts(12,5): error TS2322: …`, as editors and terminals know it: `mine.ts:12:5: error …`. */
function errorsIn(said: string, folder: string, cwd: string): string[] {
  return said
    .split('\n')
    .filter((line) => /\berror TS\d+:/.test(line))
    .map((line) => {
      const match = /^(.*)\((\d+),(\d+)\): (.*)$/.exec(line);
      if (match === null) return line;
      const [, file = '', row = '', column = '', what = ''] = match;
      return `${relative(cwd, resolve(folder, file))}:${row}:${column}: ${what}`;
    });
}
