/**
 * `npm run bundle`, which `npm ci` runs: makes bundles of the program and of what its threads run. V8 looks an import up at
 * each use and folds what is declared in the same module, so that loops over pages and states are quicker in them too.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from 'rolldown';
import {
  BUNDLED_FOR_PLUGINS,
  type BundleManifest,
  bundlesFolder,
  describeFile,
  manifestPath,
} from '../src/cli/bundle.ts';
import { chunksInOrder, filesInCircles, joinChunks, modulesOf } from './chunks.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SRC = join(ROOT, 'harness/src');
/** Loaded by few commands, and large, or made of what is not JavaScript. */
const APART =
  /^(bullmq|ioredis|chokidar|typescript|create-s2bench-strategy|@bomb\.sh\/tab|ml-levenberg-marquardt)(\/|$)/;
/** A process that began with an older one may still load parts of it. */
const KEPT_MS = 24 * 3600 * 1000;

/** A module looks for files and other modules where its source is; but the one that asks for the bundle. */
const urlsOfSources: Plugin = {
  name: 'urls-of-sources',
  transform: (code, id) => {
    if (id.endsWith('/cli/bundle-url.ts')) return 'export const BUNDLE_URL = import.meta.url;';
    if (!/import\.meta\.(url|dirname)|__(dirname|filename)/.test(code)) return undefined;
    return code
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
      .replaceAll(/\b__filename\b/g, JSON.stringify(id))
      .replaceAll(/import\.meta\.dirname|\b__dirname\b/g, JSON.stringify(dirname(id)));
  },
};

const folder = `bundle-${Date.now().toString(36)}-${process.pid}`;
// A thread shares no module with the program, so that each of the two has chunks of its own.
const modules = [
  ...(await makeBundle('program', { main: 'main.ts' }, [
    ['main.ts'],
    ['commands/run.ts'],
    ['report/publish-result.ts'],
  ])),
  ...(await makeBundle(
    'thread',
    {
      worker: 'execute/worker.ts',
      'load-worker': 'plugins/load-worker.ts',
      'ops-worker': 'execute/ops/worker.ts',
      'bench-worker': 'execute/bench/worker.ts',
      ...Object.fromEntries(Object.entries(BUNDLED_FOR_PLUGINS).map(([specifier, name]) => [name, specifier])),
    },
    [['execute/worker.ts', 'plugins/load-worker.ts'], ['plugins/load.ts'], ['execute/work.ts'], ['execute/explore.ts']],
  )),
];
const files = new Set(modules.filter((id) => !id.startsWith('\0')).map((id) => relative(ROOT, id)));
// What says where imports lead.
for (const path of [...files]) for (const manifest of manifestsAbove(path)) files.add(manifest);
const manifest: BundleManifest = {
  folder,
  root: ROOT,
  files: [...files].sort().map((path) => describeFile(ROOT, path)),
};
const part = `${manifestPath(ROOT)}.${process.pid}`;
writeFileSync(part, JSON.stringify(manifest));
renameSync(part, manifestPath(ROOT));
forgetOld();

/**
 * Makes the chunks of some entries.
 *
 * @param what - what their files begin with
 * @param entries - by the name of the file that is made: a module of the harness, or a package
 * @param order - modules of the harness that are loaded most often, those that need the least first
 * @returns the modules that they are made of
 */
async function makeBundle(
  what: string,
  entries: Readonly<Record<string, string>>,
  order: readonly (readonly string[])[],
): Promise<string[]> {
  const placeOf = (name: string): string => (name.endsWith('.ts') ? join(SRC, name) : name);
  const options: InputOptions = {
    cwd: ROOT,
    platform: 'node',
    resolve: { conditionNames: ['@s2bench/source', 'node', 'import', 'default'] },
    external: (id) => APART.test(id),
    // A part that is asked for late may be loaded early by another.
    checks: { ineffectiveDynamicImport: false },
    plugins: [urlsOfSources],
    preserveEntrySignatures: 'allow-extension',
  };
  const places = order.map((modules) => modules.map(placeOf));
  const chunkOf = await chunksInOrder(what, places, SRC, options);
  const input = Object.fromEntries(Object.entries(entries).map(([name, module]) => [name, placeOf(module)]));
  const build = await rolldown({ ...options, input });
  const written: OutputOptions = {
    dir: join(bundlesFolder(ROOT), folder),
    format: 'esm',
    minify: false,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ debugName: what, name: (id) => chunkOf.get(id) ?? null }],
    },
  };
  while (joinChunks(await build.generate(written), chunkOf));
  mkdirSync(bundlesFolder(ROOT), { recursive: true });
  const output = await build.write(written);
  const circles = filesInCircles(output);
  if (circles.length > 0) throw new Error(`${circles.join(', ')} import one another`);
  return modulesOf(output);
}

function* manifestsAbove(path: string): Generator<string> {
  for (let above = dirname(path); above !== '.'; above = dirname(above)) {
    const candidate = join(above, 'package.json');
    if (statSync(join(ROOT, candidate), { throwIfNoEntry: false }) !== undefined) {
      yield candidate;
      return;
    }
  }
}

function forgetOld(): void {
  for (const name of readdirSync(bundlesFolder(ROOT))) {
    const path = join(bundlesFolder(ROOT), name);
    if (name !== folder && name.startsWith('bundle-') && statSync(path).mtimeMs < Date.now() - KEPT_MS)
      rmSync(path, { recursive: true, force: true });
  }
}
