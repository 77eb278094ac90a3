/**
 * What `npm ci` has made of a clone's sources for the threads that simulate and explore: a few files in the place of
 * hundreds. It is used only while each file that it was made of is as it was; else the sources run.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BUNDLE_URL } from './bundle-url.ts';

/** A file that a bundle was made of. Where size and times are as they were it is not read. */
interface BundledFile {
  /** Below the root. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Of the inode: nothing that writes a file can set it. */
  readonly ctimeMs: number;
  readonly sha256: string;
}

/** What a bundle was made of. */
export interface BundleManifest {
  /** The folder that it was made in, beside the manifest. */
  readonly folder: string;
  /** The clone: a copy of a clone has another one. */
  readonly root: string;
  readonly files: readonly BundledFile[];
}

/** Where bundles are, in a clone: there they find all packages that the harness finds. */
export function bundlesFolder(root: string): string {
  return join(root, 'harness/node_modules/.cache/s2bench');
}

/** Where the manifest of the newest one is. */
export function manifestPath(root: string): string {
  return join(bundlesFolder(root), 'bundle.json');
}

/** How a file is now. */
export function describeFile(root: string, path: string): BundledFile {
  const { size: sizeBytes, mtimeMs, ctimeMs } = statSync(join(root, path));
  const sha256 = createHash('sha256')
    .update(readFileSync(join(root, path)))
    .digest('hex');
  return { path, sizeBytes, mtimeMs, ctimeMs, sha256 };
}

/**
 * The module of a bundle that stands for a module of the sources; `undefined` where there is none, or it is stale, or
 * `S2BENCH_BUNDLE=0` wants the sources.
 */
export function bundledModule(root: string, name: string): URL | undefined {
  if (process.env['S2BENCH_BUNDLE'] === '0') return undefined;
  try {
    // What the program itself runs from is not looked for again: a bundle that is made meanwhile is not for its threads.
    const folder = BUNDLE_URL === undefined ? currentFolder(root) : dirname(fileURLToPath(BUNDLE_URL));
    if (folder === undefined) return undefined;
    const module = join(folder, `${name}.js`);
    return statSync(module).isFile() ? pathToFileURL(module) : undefined;
  } catch {
    // Never made, made half, or no longer what it was made of: the sources are there.
    return undefined;
  }
}

/** Where the newest bundle is; `undefined` where it is not of the sources as they are. */
function currentFolder(root: string): string | undefined {
  const manifest = JSON.parse(readFileSync(manifestPath(root), 'utf8')) as BundleManifest;
  const isCurrent = manifest.root === root && manifest.files.every((file) => isSame(root, file));
  return isCurrent ? join(bundlesFolder(root), manifest.folder) : undefined;
}

function isSame(root: string, { path, sizeBytes, mtimeMs, ctimeMs, sha256 }: BundledFile): boolean {
  const now = statSync(join(root, path));
  if (now.size !== sizeBytes) return false;
  return (now.mtimeMs === mtimeMs && now.ctimeMs === ctimeMs) || describeFile(root, path).sha256 === sha256;
}

/** In a thread that runs a bundle, what plugins import of ours: by the URL of the source, the module that has it. */
export function bundledInstances(): ReadonlyMap<string, string> {
  const instances = new Map<string, string>();
  if (BUNDLE_URL === undefined) return instances;
  for (const [specifier, file] of Object.entries(BUNDLED_FOR_PLUGINS))
    instances.set(import.meta.resolve(specifier), new URL(`${file}.js`, BUNDLE_URL).href);
  return instances;
}

/** What plugins share with the code that runs them, and the module of the bundle that has it. */
export const BUNDLED_FOR_PLUGINS = { '@s2bench/core': 'core', zod: 'zod' } as const;
