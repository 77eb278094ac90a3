/** `s2bench ops`: runs op scripts and prints what the vectors of the real kernel's code hold. */
import type { Writable } from 'node:stream';
import { type OpForm, type RunOptions, runScript } from '@s2bench/core/ops';
import { EXIT } from '../../cli/exit-codes.ts';
import { parsePageSize } from '../../options/axes.ts';
import { parseChoice, parseKernel } from '../../options/choice.ts';
import { guardStrategy, StrategyFault } from '../../plugins/guard.ts';
import { loadNamedStrategy } from '../../plugins/load-named.ts';
import { LineWriter } from './line-writer.ts';
import { MalformedScript, readScripts } from './read-scripts.ts';

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
  return {
    kernel: parseKernel(flags.kernel, '--kernel'),
    pageSizeBytes: parsePageSize(flags.pageSize, '--page-size'),
    form: parseChoice(flags.form, '--form', 'form', FORMS),
    strategy: guardStrategy(await loadNamedStrategy(flags.strategy, process.cwd(), '--strategy')),
  };
}
