/** Finds the module that a package's folder stands for. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Conditions of a package's exports in the order in which they are tried. `@s2bench/source` exists in clones only. */
const CONDITIONS = ['@s2bench/source', 'node', 'import', 'module', 'default'];

/** What a package's manifest says that matters here. */
export interface Manifest {
  readonly version?: string;
  readonly exports?: unknown;
  readonly main?: string;
}

/** Reads the manifest of a folder, or `undefined` where it has none. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, 'package.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : undefined;
}

/** The file that `import` of a package's folder would load, its source where that is there. */
export function entryOf(folder: string, manifest: Manifest | undefined): string | undefined {
  const targets = [...targetsOf(manifest?.exports), manifest?.main, 'index.ts', 'index.js'];
  return targets
    .filter((target) => target !== undefined)
    .map((target) => resolve(folder, target))
    .find((path) => existsSync(path));
}

/** The files that the main export may resolve to, the preferred first. */
function targetsOf(exported: unknown): string[] {
  if (typeof exported === 'string') return [exported];
  if (Array.isArray(exported)) return exported.flatMap(targetsOf);
  if (typeof exported !== 'object' || exported === null) return [];
  const entries = exported as Record<string, unknown>;
  if ('.' in entries) return targetsOf(entries['.']);
  return CONDITIONS.flatMap((condition) => targetsOf(entries[condition]));
}
