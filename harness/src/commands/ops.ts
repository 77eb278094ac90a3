/** `s2bench ops`: runs op scripts and prints what the vectors of the real kernel's code hold. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { type OpForm, parseScript, type RunOptions, runScript, type Script, ScriptError } from '@s2bench/kernel/ops';
import { EXIT, oneLine, UsageError } from '../cli/errors.ts';
import { parsePageSize } from '../options/axes.ts';
import { parseChoice, parseKernel } from '../options/values.ts';
import { requireWritten, UPSTREAM, upstreamOf } from '../options/kernels.ts';
import { loadNamedStrategy } from '../plugins/load.ts';
import { guardStrategy, StrategyFault } from '../plugins/visitors.ts';

/** The command's flags as commander gives them. */
export interface OpsFlags {
  readonly kernel: string;
  readonly strategy: string;
  readonly pageSize: string;
  readonly form: string;
}

/** What tests put in the place of the process's own. */
export interface OpsStreams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

const FORMS = ['short', 'long'] as const satisfies readonly OpForm[];

/**
 * Runs the command; the value is the exit code. All scripts are read before the first one runs, so that a malformed
 * one is told before anything is printed.
 */
export async function ops(files: readonly string[], flags: OpsFlags, streams: OpsStreams = process): Promise<number> {
  const options = await readOptions(flags);
  const writer = new LineWriter(streams.stdout);
  try {
    for (const { file, script } of await readScripts(files, streams.stdin)) {
      await writer.write(JSON.stringify({ script: file }));
      for (const result of runScript(script, options)) {
        const written = writer.write(JSON.stringify(result));
        if (written !== undefined) await written;
      }
    }
    await writer.flush();
    return EXIT.ok;
  } catch (error) {
    if (error instanceof MalformedScript) {
      // A compiler's form, which editors jump to.
      streams.stderr.write(`${error.message}\n`);
      return EXIT.usage;
    }
    if (error instanceof StrategyFault) {
      await writer.flush();
      streams.stderr.write(`s2bench: ${error.message}\n`);
      return EXIT.cellFailed;
    }
    throw error;
  }
}

async function readOptions(flags: OpsFlags): Promise<RunOptions> {
  const kernel = parseKernel(flags.kernel, '--kernel');
  const text = flags.strategy === UPSTREAM ? upstreamOf(kernel) : flags.strategy;
  const strategy = await loadNamedStrategy(text, process.cwd(), '--strategy');
  requireWritten(strategy, kernel, `--strategy ${flags.strategy}`);
  return {
    kernel,
    pageSizeBytes: parsePageSize(flags.pageSize, '--page-size'),
    form: parseChoice(flags.form, '--form', 'form', FORMS),
    strategy: guardStrategy(strategy),
  };
}

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

/** A system call a line would cost more than the lines do; a whole output in memory could be gigabytes. */
const CHUNK_CHARS = 64 * 1024;

/** Collects lines, and waits where the reader is slow. */
export class LineWriter {
  readonly #stream: Writable;
  #chunk = '';

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Adds a line. A promise only where a chunk is full: what is not awaited costs nothing. */
  write(line: string): Promise<void> | undefined {
    this.#chunk += `${line}\n`;
    return this.#chunk.length < CHUNK_CHARS ? undefined : this.flush();
  }

  /** Hands on what is collected. */
  async flush(): Promise<void> {
    const chunk = this.#chunk;
    this.#chunk = '';
    if (chunk !== '' && !this.#stream.write(chunk)) await once(this.#stream, 'drain');
  }
}
