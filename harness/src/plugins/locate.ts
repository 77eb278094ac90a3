/** Turns what a user writes for a strategy into the module that holds it. Loads nothing. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { knownNames, UsageError } from '../cli/errors.ts';
import { findInstalledPackage } from './discover.ts';
import { entryOf, readManifest } from './package-entry.ts';
import { formatStrategy, parseStrategy } from './strategy-text.ts';

/** Where a strategy is. Plain values: it is handed to workers. */
export interface StrategyLocation {
  /** How the normalised command writes it: a name, or a path relative to the current directory, and its options. */
  readonly spec: string;
  /** How messages name it, with the option that it came from. */
  readonly label: string;
  /** URL of its module; its options are the query, so that whatever loads it gives them to it. */
  readonly entryUrl: string;
  /** The file or the folder that its code is in. */
  readonly sourcePath: string;
  readonly version?: string;
}

/** Whether a text means a file or folder and not a name. */
export function looksLikePath(text: string): boolean {
  return (
    /^\.{0,2}[/\\]/.test(text) || text === '.' || text === '..' || isAbsolute(text) || /\.([cm]?[jt]s|json)$/.test(text)
  );
}

/** A path as it can stand in a command, relative to the current directory. */
export function relativeSpec(path: string, cwd: string): string {
  const found = relative(cwd, path).replaceAll('\\', '/');
  return found.startsWith('.') ? found : `./${found}`;
}

/**
 * Locates a strategy.
 *
 * @param text - a name, a package's name, or the path of a folder or of a .ts or .js file; options may follow
 * @param known - strategies that can be named, from `discoverStrategies`
 * @param origin - the option that it stands in, for messages
 * @throws UsageError where there is none, or its options are malformed
 */
export function locateStrategy(
  text: string,
  known: ReadonlyMap<string, string>,
  cwd: string,
  origin: string,
): StrategyLocation {
  const label = `${origin} ${text}`;
  const { base, options } = parseStrategy(text, origin);
  const found = locateBase(base, known, cwd, label);
  if (options.length === 0) return found;
  const entryUrl = new URL(found.entryUrl);
  entryUrl.search = new URLSearchParams(options.map(([name, value]): [string, string] => [name, value])).toString();
  return { ...found, spec: formatStrategy({ base: found.spec, options }), entryUrl: entryUrl.href };
}

function locateBase(base: string, known: ReadonlyMap<string, string>, cwd: string, label: string): StrategyLocation {
  if (looksLikePath(base)) {
    const path = resolve(cwd, base);
    if (!existsSync(path)) throw new UsageError(`${label}: there is no such file or folder`);
    return locationOf(path, relativeSpec(path, cwd), label);
  }
  const path = known.get(base) ?? findInstalledPackage(base, cwd);
  if (path === undefined) throw new UsageError(`${label}: unknown strategy; ${knownNames(base, [...known.keys()])}`);
  return locationOf(path, base, label);
}

/** Where the strategy of a folder or file is. */
export function locationOf(path: string, spec: string, label: string): StrategyLocation {
  // Node strips types only outside of node_modules; a workspace's packages are links into it.
  const sourcePath = realpathSync(path);
  if (statSync(sourcePath).isFile()) return { spec, label, sourcePath, entryUrl: pathToFileURL(sourcePath).href };
  const manifest = readManifest(sourcePath);
  const entry = entryOf(sourcePath, manifest);
  if (entry === undefined) {
    throw new UsageError(
      `${label}: no strategy package; its folder has neither an index.ts nor a package.json with exports`,
    );
  }
  const version = manifest?.version;
  return { spec, label, sourcePath, entryUrl: pathToFileURL(entry).href, ...(version !== undefined && { version }) };
}
