/** Writes traces to a file: for Perfetto, for programs, or as a picture. */
import {
  perfettoTrace,
  renderTimeline,
  type Trace,
  TRACE_SCHEMA_VERSION,
  type TraceDocument,
} from '@s2bench/report/trace';
import writeFileAtomic from 'write-file-atomic';
import { onDisk } from '../cli/files.ts';
import { toolVersion } from '../cli/installation.ts';
import { note } from '../cli/terminal.ts';
import type { TraceFormat, TraceTarget } from '../options/trace-target.ts';

const WRITERS: Record<TraceFormat, (document: TraceDocument) => string | Uint8Array> = {
  perfetto: perfettoTrace,
  json: (document) => `${JSON.stringify(document, undefined, 1)}\n`,
  svg: renderTimeline,
};
const READERS: Record<TraceFormat, string> = {
  perfetto: ', for ui.perfetto.dev',
  json: '',
  svg: '',
};

/**
 * Writes a file, complete or not at all, and says what is left out of it.
 *
 * @throws UsageError where it cannot be written
 */
export function writeTrace({ path, origin, format }: TraceTarget, traces: readonly Trace[]): void {
  const document: TraceDocument = {
    kind: 's2bench-trace',
    schemaVersion: TRACE_SCHEMA_VERSION,
    toolVersion: toolVersion(),
    traces: [...traces],
  };
  const content = WRITERS[format](document);
  const bytes = typeof content === 'string' ? content : Buffer.from(content);
  onDisk(origin, 'cannot be written', () => {
    writeFileAtomic.sync(path, bytes);
  });
  const leftOut = traces.reduce((sum, trace) => sum + trace.leftOut, 0);
  const rest = leftOut === 0 ? '' : `; ${leftOut} spans more than a trace holds are left out`;
  note(
    `${traces.length === 1 ? 'the trace of a cell' : `traces of ${traces.length} cells`} written${READERS[format]}${rest}`,
  );
}
