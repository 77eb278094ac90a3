/** `s2bench ops`: runs op scripts and prints what the vectors of the real kernel's code hold. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { type OpForm, parseScript, type Script, ScriptError } from '@s2bench/kernel/ops';
import { printableLine } from '@s2bench/report/printable';
import { EXIT, UsageError } from '../cli/errors.ts';
import { onDisk, readText } from '../cli/files.ts';
import { workerUrl } from '../cli/installation.ts';
import { saidLine } from '../cli/terminal.ts';
import type { NamedScript, OpsSaid, OpsTask } from '../execute/ops/run.ts';
import { parsePageSize } from '../options/axes.ts';
import { parseChoice, parseKernel } from '../options/values.ts';
import { UPSTREAM, upstreamOf } from '../options/kernels.ts';
import { discoverStrategies, locateStrategy, type StrategyLocation } from '../plugins/locate.ts';
import { runInThread } from '../plugins/thread.ts';
import { Pulse } from '../plugins/visitors.ts';

const worker = (): URL => workerUrl('ops-worker', '../execute/ops/worker.ts', import.meta.url);

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
  const { location, ...options } = readOptions(flags);
  let scripts: NamedScript[];
  try {
    scripts = await readScripts(files, streams.stdin);
  } catch (error) {
    if (!(error instanceof MalformedScript)) throw error;
    // A compiler's form, which editors jump to.
    streams.stderr.write(`${printableLine(error.message)}\n`);
    return EXIT.usage;
  }
  const pulse = new Pulse();
  const output = new ChunkWriter(streams.stdout);
  const task: OpsTask = {
    ...options,
    entryUrl: location.entryUrl,
    scripts,
    pulse: pulse.shared,
    waiting: output.waiting,
  };
  let fault: string | undefined;
  const problem = await runInThread<OpsSaid>(worker(), task, {
    pulse,
    hear: async (said) => {
      if (said.kind === 'chunk') await output.write(said.text);
      else if (said.kind === 'unknown') streams.stderr.write(saidLine(unknownText(said, options.kernel)));
      else if (said.kind === 'refused') throw new UsageError(`${location.label}: ${said.problem}`);
      else if (said.kind === 'bug') throw new Error(said.stack);
      else fault = said.problem;
    },
  });
  const failure = fault ?? (problem === undefined ? undefined : `${location.label}: ${problem}`);
  if (failure === undefined) return EXIT.ok;
  streams.stderr.write(saidLine(failure));
  return EXIT.cellFailed;
}

function unknownText({ file, count, first }: Extract<OpsSaid, { kind: 'unknown' }>, kernel: string): string {
  const others = count === 1 ? '' : ` and ${count - 1} more`;
  return `ops ${file}: ${first}${others}: "unsup", since kernel model ${kernel} does not do that; --kernel v6.12 does`;
}

type Options = Pick<OpsTask, 'kernel' | 'pageSizeBytes' | 'form'> & { readonly location: StrategyLocation };

function readOptions(flags: OpsFlags): Options {
  const cwd = process.cwd();
  const kernel = parseKernel(flags.kernel, '--kernel');
  const text = flags.strategy === UPSTREAM ? upstreamOf(kernel) : flags.strategy;
  return {
    kernel: kernel.name,
    pageSizeBytes: parsePageSize(flags.pageSize, '--page-size'),
    form: parseChoice(flags.form, '--form', 'form', FORMS),
    location: locateStrategy(text, discoverStrategies(cwd), cwd, '--strategy'),
  };
}

/** Standard input, where a file is expected. */
const STDIN = '-';

/** A script is malformed. The message is the whole line to be printed: `FILE:LINE: what is wrong`. */
class MalformedScript extends Error {
  override readonly name = 'MalformedScript';
}

/**
 * Reads all scripts.
 *
 * @throws UsageError where one cannot be read, MalformedScript where one is malformed
 */
async function readScripts(files: readonly string[], stdin: NodeJS.ReadableStream): Promise<NamedScript[]> {
  if (files.filter((file) => file === STDIN).length > 1)
    throw new UsageError('ops -: standard input can be read once only');
  const scripts: NamedScript[] = [];
  for (const file of files) {
    const text = await (file === STDIN ? textOf(stdin) : readScript(file));
    scripts.push({ file, script: parse(file, text) });
  }
  return scripts;
}

function readScript(file: string): string {
  const origin = `ops ${file}`;
  const stat = onDisk(origin, 'cannot be read', () => statSync(file, { throwIfNoEntry: false }));
  if (stat === undefined) throw new UsageError(`${origin}: there is no such file`);
  if (stat.isDirectory()) throw new UsageError(`${origin}: it is a folder; name the scripts in it`);
  return readText(file, origin);
}

function parse(file: string, text: string): Script {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof ScriptError) throw new MalformedScript(`${file}:${error.line}: ${error.message}`);
    throw error;
  }
}

/** Writes chunks, waits where the reader is slow, and goes on without one that has gone. */
class ChunkWriter {
  /** For the thread: how many chunks wait. */
  readonly waiting = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #waiting = new Int32Array(this.waiting);
  readonly #stream: Writable;
  #isGone = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async write(text: string): Promise<void> {
    if (!this.#isGone && !this.#stream.write(text)) {
      try {
        await once(this.#stream, 'drain');
      } catch {
        // Whoever watches the stream says why, where it is no pipe that was closed.
        this.#isGone = true;
      }
    }
    Atomics.sub(this.#waiting, 0, 1);
    Atomics.notify(this.#waiting, 0);
  }
}
