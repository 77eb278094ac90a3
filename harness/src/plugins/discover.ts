/** Finds strategies where they lie: in a clone's folders and in installed packages. No list is kept by hand. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { IN_CLONE, PACKAGE_FOLDER } from '../cli/installation.ts';

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

function foldersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The folder of an installed package, looked for from the current directory and from here. */
export function findInstalledPackage(name: string, cwd: string): string | undefined {
  if (!/^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(name)) return undefined;
  return [...ancestorsOf(cwd), ...ancestorsOf(PACKAGE_FOLDER)]
    .map((folder) => join(folder, 'node_modules', name))
    .find((folder) => existsSync(join(folder, 'package.json')));
}
