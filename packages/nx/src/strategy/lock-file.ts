/** Keeps `package-lock.json` complete: `npm ci` refuses a workspace that is not in it. */
import { readJson, type Tree, writeJson } from '@nx/devkit';

interface LockFile {
  packages?: Record<string, unknown>;
}

interface Manifest {
  readonly name: string;
  readonly [field: string]: unknown;
}

const LOCK = 'package-lock.json';

/** What npm copies from a workspace's manifest, in its order. */
const FIELDS = ['name', 'version', 'license', 'dependencies', 'devDependencies', 'engines'];

/**
 * Enters a workspace's package as npm would. All that it depends on is in the workspace, so there is nothing to
 * resolve, and neither npm nor a registry is needed.
 */
export function addToLockFile(tree: Tree, folder: string): void {
  if (!tree.exists(LOCK)) return;
  const lock = readJson<LockFile>(tree, LOCK);
  const manifest = readJson<Manifest>(tree, `${folder}/package.json`);
  const packages = {
    ...lock.packages,
    [folder]: Object.fromEntries(FIELDS.filter((field) => field in manifest).map((field) => [field, manifest[field]])),
    [`node_modules/${manifest.name}`]: { resolved: folder, link: true },
  };
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeJson(tree, LOCK, { ...lock, packages: Object.fromEntries(sorted) });
}
