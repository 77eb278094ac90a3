/**
 * What a strategy is made of, as far as its imports say: a result depends on all of it. Files are known by what is in
 * them and by the words that import them, not by where they lie, so that every machine finds the same.
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importsIn } from '../plugins/modules.ts';
import { withoutSearch } from '../plugins/realms.ts';
import { ancestorsOf, findInstalledPackage, readManifest } from '../plugins/locate.ts';

/** What the fingerprint of s2bench itself, or its version, stands for already. */
const OURS = /^(@s2bench\/(core|kernel|machine|workloads)|zod)(\/|$)/;

/** How a folder of code is known; a package that is imported is known as a whole. */
type FolderFingerprint = (folder: string) => string;

/**
 * A fingerprint of a module and of all that it imports: files beside it, one after the other, and packages.
 *
 * @param entryUrl - options in its query make no other code
 */
export function fingerprintImports(entryUrl: string, ofFolder: FolderFingerprint): string {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  const packages = new Map<string, string>();
  const waiting = [withoutSearch(entryUrl)];
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    if (seen.has(url)) continue;
    seen.add(url);
    const path = fileURLToPath(url);
    if (!existsSync(path)) {
      // Node says so when it is loaded.
      hash.update('\0missing');
      continue;
    }
    hash.update(`\0${readFileSync(path, 'base64')}`);
    for (const specifier of importsIn(url)) {
      hash.update(`\0${specifier}`);
      if (/^(\.{0,2}\/|file:)/.test(specifier)) waiting.push(withoutSearch(new URL(specifier, url).href));
      else if (specifier.startsWith('#')) addFolder(packages, specifier, packageAround(path), ofFolder);
      else addPackage(packages, specifier, dirname(path), ofFolder);
    }
  }
  addAll(hash, packages);
  return hash.digest('hex');
}

/** A package that is imported, and those that it depends on. */
function addPackage(packages: Map<string, string>, specifier: string, from: string, ofFolder: FolderFingerprint): void {
  const [name = ''] = /^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  if (OURS.test(name) || name.startsWith('node:') || packages.has(name)) return;
  const folder = findInstalledPackage(name, from);
  if (folder === undefined) return;
  addFolder(packages, name, folder, ofFolder);
  for (const dependency of Object.keys(readManifest(folder)?.dependencies ?? {}))
    addPackage(packages, dependency, folder, ofFolder);
}

function addFolder(
  packages: Map<string, string>,
  name: string,
  folder: string | undefined,
  ofFolder: FolderFingerprint,
): void {
  if (folder !== undefined) packages.set(name, ofFolder(folder));
}

function addAll(hash: Hash, packages: ReadonlyMap<string, string>): void {
  for (const [name, fingerprint] of [...packages].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`\0${name}\0${fingerprint}`);
}

/** The folder of the package that a file is in. */
export function packageAround(path: string): string | undefined {
  return ancestorsOf(dirname(path)).find((folder) => existsSync(join(folder, 'package.json')));
}
