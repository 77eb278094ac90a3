/** The folder that a result is written to. */
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from '../cli/errors.ts';
import type { ConfigFile } from '../config/read.ts';

/** A folder for files, and the option that named it. */
export interface OutFolder {
  readonly folder: string;
  readonly origin: string;
}

/** Where shards go unasked: all of them into one folder, as `s2bench merge results/*.json` wants them. */
export const SHARDS_FOLDER = 'results';

/** Where the report of a preset's own matrix goes unasked. */
export function reportFolder(presetName: string): string {
  return join('reports', presetName);
}

/**
 * The folder of `--out`, else, without `--json`, that of the config file, else the default.
 *
 * @param byDefault - relative to the current directory; `undefined` where nothing is written unasked
 */
export function outFolder(
  flags: { readonly out?: string; readonly json?: boolean },
  config: ConfigFile | undefined,
  byDefault: string | undefined,
  cwd: string,
): OutFolder | undefined {
  if (flags.out !== undefined) {
    if (flags.out === '') throw new UsageError('--out: an empty name; name a folder, for example --out results');
    return { folder: resolve(cwd, flags.out), origin: `--out ${flags.out}` };
  }
  if (flags.json === true) return undefined;
  if (config?.config.out !== undefined) {
    const folder = resolve(dirname(config.path), config.config.out);
    return { folder, origin: `${config.displayName}: out ${config.config.out}` };
  }
  if (byDefault === undefined) return undefined;
  const folder = resolve(cwd, byDefault);
  return { folder, origin: `the report's folder ${relative(cwd, folder)}` };
}
