/** Runs scripts in the thread, and hands their lines on in chunks. */
import { inspect } from 'node:util';
import type { Strategy } from '@s2bench/core';
import { kernelModelOf, whyNotWritten } from '@s2bench/kernel';
import { type OpForm, runScript, type Script } from '@s2bench/kernel/ops';
import { oneLine } from '../../cli/errors.ts';
import { resolveOursForPlugins } from '../../cli/installation.ts';
import { loadStrategy } from '../../plugins/load.ts';
import type { ThreadTask } from '../../plugins/thread-task.ts';
import { guardStrategy, StrategyFault, watchStrategy } from '../../plugins/visitors.ts';

/** A script and what the user called it. */
export interface NamedScript {
  readonly file: string;
  readonly script: Script;
}

/** Scripts to be run with one strategy. */
export interface OpsTask {
  readonly entryUrl: string;
  /** A kernel model's name, with its options. */
  readonly kernel: string;
  readonly pageSizeBytes: number;
  readonly form: OpForm;
  readonly scripts: readonly NamedScript[];
  /** Counts the strategy's visits, so that one that does not return is seen. */
  readonly pulse: SharedArrayBuffer;
  /** One number: chunks that were said and are not written yet. */
  readonly waiting: SharedArrayBuffer;
}

/** What the thread says. */
export type OpsSaid =
  /** Whole lines. */
  | { readonly kind: 'chunk'; readonly text: string }
  /** Operations of a script that the kernel model does not have. */
  | { readonly kind: 'unknown'; readonly file: string; readonly count: number; readonly first: string }
  /** The strategy cannot be used. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** It threw while a script ran. */
  | { readonly kind: 'fault'; readonly problem: string }
  | { readonly kind: 'bug'; readonly stack: string };

type Thread = ThreadTask<OpsTask, OpsSaid>;

/** Loads the strategy and runs the scripts. What goes wrong is said, and not thrown. */
export async function runOps(thread: Thread): Promise<void> {
  resolveOursForPlugins();
  const strategy = await load(thread);
  if (strategy === undefined) return;
  const { pageSizeBytes, form, kernel, scripts, waiting } = thread.task;
  const lines = new Lines(thread, new Int32Array(waiting));
  try {
    for (const { file, script } of scripts) {
      lines.add(JSON.stringify({ script: file }));
      const unknown: string[] = [];
      const onUnknown = (text: string): void => void unknown.push(text);
      const options = { kernel: kernelModelOf(kernel), pageSizeBytes, form, strategy, onUnknown };
      for (const result of runScript(script, options)) lines.add(JSON.stringify(result));
      const [first] = unknown;
      if (first !== undefined) thread.say({ kind: 'unknown', file, count: unknown.length, first });
    }
    lines.flush();
  } catch (error) {
    lines.flush();
    if (error instanceof StrategyFault) thread.say({ kind: 'fault', problem: error.message });
    else thread.say({ kind: 'bug', stack: inspect(error) });
  }
}

async function load({
  task: { entryUrl, kernel, pulse },
  say,
  loading,
  untimed,
}: Thread): Promise<Strategy | undefined> {
  loading();
  try {
    const strategy = await loadStrategy(entryUrl);
    const problem = whyNotWritten(strategy, kernelModelOf(kernel));
    if (problem === undefined) return watchStrategy(guardStrategy(strategy), pulse);
    say({ kind: 'refused', problem });
    return undefined;
  } catch (error) {
    say({ kind: 'refused', problem: oneLine(error) });
    return undefined;
  } finally {
    untimed();
  }
}

/** A message a line would cost more than the lines do; a whole output in memory could be gigabytes. */
const CHUNK_CHARS = 64 * 1024;
/** Chunks that may wait for a slow reader. */
const MOST_WAITING = 4;

class Lines {
  readonly #thread: Thread;
  readonly #waiting: Int32Array;
  #chunk = '';

  constructor(thread: Thread, waiting: Int32Array) {
    this.#thread = thread;
    this.#waiting = waiting;
  }

  add(line: string): void {
    this.#chunk += `${line}\n`;
    if (this.#chunk.length >= CHUNK_CHARS) this.flush();
  }

  /** Hands on what is collected, as soon as the reader has room for it. */
  flush(): void {
    if (this.#chunk === '') return;
    for (let count = this.#count(); count >= MOST_WAITING; count = this.#count()) Atomics.wait(this.#waiting, 0, count);
    Atomics.add(this.#waiting, 0, 1);
    this.#thread.say({ kind: 'chunk', text: this.#chunk });
    this.#chunk = '';
  }

  #count(): number {
    return Atomics.load(this.#waiting, 0);
  }
}
