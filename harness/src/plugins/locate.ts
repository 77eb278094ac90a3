/**
 * From what a user writes for a strategy to the module that holds it: where strategies lie, and which file a package
 * stands for. Loads nothing.
 */
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OptionText } from '@s2bench/core';
import { knownNames, UsageError } from '../cli/errors.ts';
import { onDisk, readJson } from '../cli/files.ts';
import { IN_CLONE, PACKAGE_FOLDER } from '../cli/installation.ts';
import { formatStrategy, parseStrategy } from './strategy-text.ts';

/** Conditions of a package's exports in the order in which they are tried. `@s2bench/source` exists in clones only. */
const CONDITIONS = ['@s2bench/source', 'node', 'import', 'module', 'default'];

/** What a package's manifest says that matters here. */
export interface Manifest {
  readonly version?: string;
  readonly exports?: unknown;
  readonly main?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly keywords?: readonly unknown[];
}

/**
 * Reads the manifest of a folder, or `undefined` where it has none.
 *
 * @throws UsageError where it is none: a package manager has not finished, or a text editor has gone wrong
 */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  const json = readJson(path, path);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UsageError(`${path}: must be an object, as { "name": …, "exports": … }`);
  const { version, exports, main, dependencies = {}, keywords } = json as Record<string, unknown>;
  for (const [name, value] of Object.entries({ version, main })) {
    if (value !== undefined && typeof value !== 'string') throw new UsageError(`${path}: ${name}: must be a text`);
  }
  if (typeof dependencies !== 'object' || dependencies === null)
    throw new UsageError(`${path}: dependencies: must be an object of names and ranges`);
  return {
    exports,
    dependencies: dependencies as Record<string, string>,
    ...(typeof version === 'string' && { version }),
    ...(typeof main === 'string' && { main }),
    ...(Array.isArray(keywords) && { keywords }),
  };
}

/** The file that `import` of a package's folder would load, its source where that is there. */
export function entryOf(folder: string, manifest: Manifest | undefined): string | undefined {
  const targets = [...targetsOf(manifest?.exports), manifest?.main, 'index.ts', 'index.js'];
  return targets
    .filter((target) => target !== undefined)
    .map((target) => resolve(folder, target))
    .find((path) => existsSync(path));
}

/** Conditions within conditions: no package has more. */
const MAX_DEPTH = 16;

/** The files that the main export may resolve to, the preferred first. */
function targetsOf(exported: unknown, depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  if (typeof exported === 'string') return [exported];
  if (Array.isArray(exported)) return exported.flatMap((one) => targetsOf(one, depth + 1));
  if (typeof exported !== 'object' || exported === null) return [];
  const entries = exported as Record<string, unknown>;
  if ('.' in entries) return targetsOf(entries['.'], depth + 1);
  return CONDITIONS.flatMap((condition) => targetsOf(entries[condition], depth + 1));
}

/** Where strategies are installed: a folder in node_modules, and the prefix of their packages' names. */
const PACKAGE_HOMES = [
  { scope: '@s2bench', prefix: 'strategy-' },
  { scope: '', prefix: 's2bench-strategy-' },
] as const;

/** A folder and every folder above it. */
export function ancestorsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestorsOf(parent)];
}

/**
 * The strategies that can be named, by name: a package's folder bears its strategy's name. Where two bear the same
 * name, the first found stands: extra paths, then the clone, then what is installed beside the current directory.
 *
 * @param extraPaths - folders or files, absolute, that a config file adds
 * @returns name to folder or file, sorted by name
 */
export function discoverStrategies(cwd: string, extraPaths: readonly string[] = []): Map<string, string> {
  const found = new Map<string, string>();
  const add = (name: string, path: string): void => {
    if (!found.has(name)) found.set(name, path);
  };
  for (const path of extraPaths) add(basename(path, extname(path)), path);
  if (IN_CLONE) {
    const folder = join(PACKAGE_FOLDER, '..', 'strategies');
    for (const name of foldersIn(folder)) {
      if (existsSync(join(folder, name, 'package.json'))) add(name, join(folder, name));
    }
  }
  for (const folder of [...ancestorsOf(cwd), ...ancestorsOf(PACKAGE_FOLDER)]) {
    for (const { scope, prefix } of PACKAGE_HOMES) {
      const home = join(folder, 'node_modules', scope);
      for (const name of foldersIn(home)) {
        if (name.startsWith(prefix)) add(name.slice(prefix.length), join(home, name));
      }
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a folder holds. In one that is missing, is none or may not be read, no strategy is found. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The folder of an installed package, looked for from the current directory and from here. */
export function findInstalledPackage(name: string, cwd: string): string | undefined {
  if (!/^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(name)) return undefined;
  return [...ancestorsOf(cwd), ...ancestorsOf(PACKAGE_FOLDER)]
    .map((folder) => join(folder, 'node_modules', name))
    .find((folder) => existsSync(join(folder, 'package.json')));
}

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
  /** Plugins whose hooks it is given. */
  readonly hooks?: readonly StrategyLocation[];
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
  return withOptionsOf(locateBase(base, known, cwd, label), options);
}

/** The same strategy, to be loaded with these options. */
export function withOptionsOf(found: StrategyLocation, options: readonly OptionText[]): StrategyLocation {
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
export function locationOf(path: string, spec: string, label: string, what = 'strategy'): StrategyLocation {
  // Node strips types only outside of node_modules; a workspace's packages are links into it.
  const sourcePath = onDisk(label, 'cannot be read', () => realpathSync(path));
  const isFile = onDisk(label, 'cannot be read', () => statSync(sourcePath).isFile());
  if (isFile) return { spec, label, sourcePath, entryUrl: pathToFileURL(sourcePath).href };
  const manifest = readManifest(sourcePath);
  const entry = entryOf(sourcePath, manifest);
  if (entry === undefined) {
    throw new UsageError(
      `${label}: no ${what} package; its folder has neither an index.ts nor a package.json with exports`,
    );
  }
  const version = manifest?.version;
  return { spec, label, sourcePath, entryUrl: pathToFileURL(entry).href, ...(version !== undefined && { version }) };
}
