/** `--trace` and `--trace-all`: what is traced, where it goes, and as what. */
import { dirname, resolve } from 'node:path';
import { UsageError } from '../cli/errors.ts';

/** What a trace is written as. */
export type TraceFormat = 'perfetto' | 'json' | 'svg';

/** Where a trace goes. */
export interface TraceTarget {
  /** Absolute. */
  readonly path: string;
  readonly folder: string;
  /** The option that named it, for messages. */
  readonly origin: string;
  readonly format: TraceFormat;
  /** All of the stage, not only what is around its longest invalid window. */
  readonly all: boolean;
}

/** Cells that one file is made for: more are neither read on one page nor kept in memory at a time. */
export const MOST_TRACED = 24;

/** The flags. */
export interface TraceFlags {
  readonly trace?: string;
  readonly traceAll?: boolean;
}

/**
 * Reads the flags; `undefined` where nothing is traced.
 *
 * @throws UsageError
 */
export function readTraceTarget({ trace, traceAll = false }: TraceFlags, cwd: string): TraceTarget | undefined {
  if (trace === undefined) {
    if (traceAll) throw new UsageError('--trace-all: there is no trace to be all of; name its file with --trace');
    return undefined;
  }
  if (trace === '' || trace.endsWith('/'))
    throw new UsageError(`--trace ${trace}: is no file; name one, for example --trace trace.pftrace`);
  const format = trace.endsWith('.json') ? 'json' : trace.endsWith('.svg') ? 'svg' : 'perfetto';
  if (format === 'svg' && traceAll)
    throw new UsageError(
      `--trace ${trace}: --trace-all is more than a picture can show; write it to a .pftrace or a .json`,
    );
  const path = resolve(cwd, trace);
  return { path, folder: dirname(path), origin: `--trace ${trace}`, format, all: traceAll };
}

/**
 * Refuses more cells than one file is made for, before any is run.
 *
 * @throws UsageError
 */
export function requireFewCells({ origin }: TraceTarget, cells: number): void {
  if (cells <= MOST_TRACED) return;
  throw new UsageError(
    `${origin}: the run has ${cells} cells, and a trace is of ${MOST_TRACED} at most; choose with --filter`,
  );
}
