/** Reads op scripts from files and from standard input. */
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { parseScript, type Script, ScriptError } from '@s2bench/core/ops';
import { oneLine, UsageError } from '../../cli/errors.ts';

/** Standard input, where a file is expected. */
export const STDIN = '-';

/** A script and what the user called it. */
export interface NamedScript {
  readonly file: string;
  readonly script: Script;
}

/** A script is malformed. The message is the whole line to be printed: `FILE:LINE: what is wrong`. */
export class MalformedScript extends Error {
  override readonly name = 'MalformedScript';
}

/** What is wrong with a file that cannot be read, by the error's code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; name the scripts in it',
  EACCES: 'no permission to read it',
};

/**
 * Reads all scripts.
 *
 * @throws UsageError where one cannot be read, MalformedScript where one is malformed
 */
export async function readScripts(files: readonly string[], stdin: NodeJS.ReadableStream): Promise<NamedScript[]> {
  if (files.filter((file) => file === STDIN).length > 1)
    throw new UsageError('ops -: standard input can be read once only');
  const scripts: NamedScript[] = [];
  for (const file of files) {
    const text = await (file === STDIN ? textOf(stdin) : readText(file));
    scripts.push({ file, script: parse(file, text) });
  }
  return scripts;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    throw new UsageError(`ops ${file}: ${reason ?? `it cannot be read: ${oneLine(error)}`}`);
  }
}

function parse(file: string, text: string): Script {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof ScriptError) throw new MalformedScript(`${file}:${error.line}: ${error.message}`);
    throw error;
  }
}
