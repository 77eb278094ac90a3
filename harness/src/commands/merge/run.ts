/** `s2bench merge`: from the documents of the shards to the report. */
import { requireWritable } from '../../cli/files.ts';
import { outFolder, reportFolder } from '../../options/run-request.ts';
import { requireSomething } from '../../results/require-something.ts';
import { mergeShards } from '../../shard/merge.ts';
import { readShards } from '../../shard/read.ts';
import { publishResult } from '../run/publish-result.ts';

/** The flags as they were written. */
export interface MergeFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** Runs the command; the value is the exit code. */
export function merge(files: readonly string[], flags: MergeFlags): number {
  const cwd = process.cwd();
  const document = mergeShards(readShards(files, cwd));
  requireSomething(document.cells);
  const { preset } = document;
  const out = outFolder(flags, undefined, preset === undefined ? undefined : reportFolder(preset), cwd);
  if (out !== undefined) requireWritable(out.folder, out.origin);
  return publishResult(document, { out, json: flags.json ?? false });
}
