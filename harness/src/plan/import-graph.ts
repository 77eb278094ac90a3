/**
 * What a strategy is made of, as far as its imports say: a result depends on all of it. Files are known by what is in
 * them and by the words that import them, not by where they lie, so that every machine finds the same.
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutSearch } from '../plugins/realms.ts';
import { ancestorsOf, findInstalledPackage, readManifest } from '../plugins/locate.ts';

/** What the fingerprint of s2bench itself, or its version, stands for already. */
const OURS = /^(@s2bench\/(core|kernel|machine|workloads)|zod)(\/|$)/;

const CODE = /\.[cm]?[jt]s$/;
/** What may stand between two words of an import. */
const GAP = String.raw`(?:\s|/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*\n)*`;
const IMPORTED = new RegExp(String.raw`\b(?:from|import|require)${GAP}\(?${GAP}(["'])([^"'\n]*)\1`, 'g');

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
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
      // Node says so when it is loaded, unless it was named in a comment.
      hash.update('\0missing');
      continue;
    }
    const content = readFileSync(path);
    hash.update(`\0${content.toString('base64')}`);
    for (const specifier of CODE.test(url) ? importsIn(content.toString('utf8')) : []) {
      hash.update(`\0${specifier}`);
      if (/^(\.{0,2}\/|file:)/.test(specifier)) waiting.push(...besides(specifier, url));
      else if (specifier.startsWith('#')) addFolder(packages, specifier, packageAround(path), ofFolder);
      else addPackage(packages, specifier, dirname(path), ofFolder);
    }
  }
  addAll(hash, packages);
  return hash.digest('hex');
}

/**
 * What a text imports, in its own words and order, and whatever else looks like it: in a comment, or for types alone. A
 * fingerprint of too much is a fingerprint still, and to take types out and parse the rest takes longer than a cell.
 */
function importsIn(text: string): string[] {
  return Array.from(text.matchAll(IMPORTED), ([, , specifier = '']) => specifier);
}

/** The file that is meant; none where no path can be made of it, as of what stands in a comment. */
function besides(specifier: string, url: string): string[] {
  try {
    const { href } = new URL(specifier, url);
    fileURLToPath(href);
    return [withoutSearch(href)];
  } catch {
    return [];
  }
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
