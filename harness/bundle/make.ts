/**
 * `npm run bundle`, which `npm ci` runs: makes a bundle of what threads run. V8 looks an import up at each use and folds
 * what is declared in the same module, so that loops over pages and states are quicker in it too.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import {
  BUNDLED_FOR_PLUGINS,
  type BundleManifest,
  bundlesFolder,
  describeFile,
  manifestPath,
} from '../src/cli/bundle.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = /^\.|^\/|^@s2bench\/|^zod(\/|$)/;
/** A process that began with an older one may still load parts of it. */
const KEPT_MS = 24 * 3600 * 1000;

const folder = `bundle-${Date.now().toString(36)}-${process.pid}`;
const build = await rolldown({
  cwd: ROOT,
  platform: 'node',
  input: {
    main: join(ROOT, 'harness/src/main.ts'),
    worker: join(ROOT, 'harness/src/execute/worker.ts'),
    'load-worker': join(ROOT, 'harness/src/plugins/load-worker.ts'),
    ...Object.fromEntries(Object.entries(BUNDLED_FOR_PLUGINS).map(([specifier, name]) => [name, specifier])),
  },
  resolve: { conditionNames: ['@s2bench/source', 'node', 'import', 'default'] },
  external: (id, importer) => !SOURCES.test(id) && !isInstalledApart(id, importer),
  plugins: [
    {
      name: 'urls-of-sources',
      // A module looks for files and other modules where its source is; but the one that asks for the bundle.
      transform: (code, id) => {
        if (id.endsWith('/cli/bundle-url.ts')) return 'export const BUNDLE_URL = import.meta.url;';
        return code.includes('import.meta.url')
          ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
          : undefined;
      },
    },
  ],
});
mkdirSync(bundlesFolder(ROOT), { recursive: true });
const { output } = await build.write({ dir: join(bundlesFolder(ROOT), folder), format: 'esm', minify: false });
const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
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

/** Whether a package of the clone has its own version of another one: from where the bundle is, another would be found. */
function isInstalledApart(id: string, importer: string | undefined): boolean {
  const name = id.split('/', id.startsWith('@') ? 2 : 1).join('/');
  for (let above = dirname(importer ?? ROOT); above.startsWith(`${ROOT}/packages/`); above = dirname(above))
    if (existsSync(join(above, 'node_modules', name))) return true;
  return false;
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
