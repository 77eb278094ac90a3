/** Fingerprints of code: a result that was kept is worth something only while the code that made it is the same. */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER, toolVersion } from '../cli/installation.ts';
import { findInstalledPackage } from '../plugins/locate.ts';

/** The packages that a result depends on, besides its strategy. */
const SIMULATOR_PACKAGES = ['@s2bench/core', '@s2bench/machine', '@s2bench/workloads'];

const CODE = /\.([cm]?[jt]s|json)$/;
const NOT_CODE = /\.(test|test-d|d)\.ts$|^tsconfig|^vitest\.config/;
const NOT_CODE_FOLDERS = new Set(['node_modules', 'out-tsc', 'coverage', 'test']);

/** A fingerprint of a file, or of the code in a folder: of its `src` if it has one, not of what was built from it. */
export function fingerprintCode(path: string): string {
  const hash = createHash('sha256');
  if (statSync(path).isFile()) hash.update(readFileSync(path));
  else addFolder(hash, path);
  return hash.digest('hex');
}

/** A fingerprint of s2bench itself: its version and the code that simulates. */
export function fingerprintTool(): string {
  const hash = createHash('sha256').update(toolVersion());
  for (const name of SIMULATOR_PACKAGES) {
    const folder = findInstalledPackage(name, PACKAGE_FOLDER);
    if (folder !== undefined) hash.update(fingerprintCode(folder));
  }
  for (const folder of ['src/simulate', 'dist/simulate']) {
    if (existsSync(join(PACKAGE_FOLDER, folder)))
      return hash.update(fingerprintCode(join(PACKAGE_FOLDER, folder))).digest('hex');
  }
  return hash.digest('hex');
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const hasSource = entries.some(({ name }) => name === 'src');
  for (const entry of entries) {
    const { name } = entry;
    const path = join(folder, name);
    if (name.startsWith('.') || NOT_CODE_FOLDERS.has(name) || (hasSource && name === 'dist')) continue;
    if (entry.isDirectory()) addFolder(hash.update(`${name}/`), path);
    else if (entry.isFile() && CODE.test(name) && !NOT_CODE.test(name))
      hash.update(`${name}\0`).update(readFileSync(path));
  }
}
