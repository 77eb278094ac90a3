/**
 * The hashes that a result carries of plugins: of their code as it runs, and of nothing else. Two machines, a clone and an
 * installed package give the same, whatever types, comments, white space and line ends there are. What is kept from run to
 * run has stricter keys (`fingerprints.ts`): those are of bytes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type KernelModel, kernelModelOf } from '@s2bench/kernel';
import { PACKAGE_FOLDER } from '../cli/installation.ts';
import { entryOf, findInstalledPackage, readManifest, type StrategyLocation } from '../plugins/locate.ts';
import { canonicalModule } from '../plugins/modules.ts';
import { withoutSearch } from '../plugins/realms.ts';
import { baseOf } from '../plugins/strategy-text.ts';
import type { KnownWorkload } from '../plugins/workloads.ts';
import { packageAround } from './import-graph.ts';
import type { RunPlan } from './run-plan.ts';

/** What the version of s2bench stands for. */
const OURS = /^(@s2bench\/(core|kernel|machine|workloads)|zod)(\/|$)|^node:/;

/** The hashes of what a run is made of, by the names that its cells have. A profile's is with the profile. */
export interface ContentHashes {
  readonly strategies: ReadonlyMap<string, string>;
  readonly workloads: ReadonlyMap<string, string>;
  readonly kernels: ReadonlyMap<string, string>;
}

/** Takes the hashes of what a plan runs, on kernel models with their options. */
export function hashesOfRun(
  { strategies, workloads }: Pick<RunPlan, 'strategies' | 'workloads'>,
  kernels: readonly string[],
): ContentHashes {
  return {
    kernels: new Map(kernels.map(kernelModelOf).map((model) => [model.name, hashOfKernel(model)])),
    strategies: new Map(strategies.map(({ name, location }) => [name, hashOfPlugin(location)])),
    workloads: new Map(
      workloads.flatMap((workload) => {
        const hash = hashOfWorkload(workload);
        return hash === undefined ? [] : [[workload.name, hash]];
      }),
    ),
  };
}

/** The hash of a plugin's code, that of its hooks included. Its options are in its name. */
export function hashOfPlugin({ entryUrl, hooks = [] }: Pick<StrategyLocation, 'entryUrl' | 'hooks'>): string {
  const own = hashOfModule(entryUrl);
  return hooks.length === 0 ? own : sha256([own, ...hooks.map(hashOfPlugin)]);
}

/** The hash of a workload's code; one that comes with s2bench is the module that bears its name. */
export function hashOfWorkload({ name, location }: Pick<KnownWorkload, 'name' | 'location'>): string | undefined {
  if (location !== undefined) return hashOfPlugin(location);
  const folder = findInstalledPackage('@s2bench/workloads', PACKAGE_FOLDER);
  const index = folder === undefined ? undefined : entryOf(folder, readManifest(folder));
  if (index === undefined) return undefined;
  const path = join(dirname(index), `${baseOf(name)}${extname(index)}`);
  return existsSync(path) ? hashOfModule(pathToFileURL(path).href) : undefined;
}

/**
 * The hash of what a kernel model is: its options and the order of its coalesces. Its code is that of s2bench, whose version
 * stands for it: a hash of that would be another one after every change that no result shows.
 */
export function hashOfKernel({ name: _, summary: _words, ...settled }: KernelModel): string {
  return sha256(Object.entries(settled).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The hash of a module and of all that it imports, in the order of its imports. A package that is installed is known by
 * name and version; one that a workspace links, by its code.
 */
function hashOfModule(entryUrl: string): string {
  const parts: string[] = [];
  const packages = new Set<string>();
  const seen = new Set<string>();
  const waiting = [withoutSearch(entryUrl)];
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    if (seen.has(url)) continue;
    seen.add(url);
    const { text, imports } = readModule(url);
    parts.push(text);
    for (const specifier of imports) {
      if (/^(\.{0,2}\/|file:)/.test(specifier)) waiting.push(withoutSearch(new URL(specifier, url).href));
      else if (!OURS.test(specifier)) packages.add(packageOf(specifier, fileURLToPath(url), waiting));
    }
  }
  return sha256([parts, [...packages].sort()]);
}

function readModule(url: string): ReturnType<typeof canonicalModule> {
  const path = fileURLToPath(url);
  // Node says so when it is loaded.
  if (!existsSync(path)) return { text: 'missing', imports: [] };
  if (path.endsWith('.json')) return { text: jsonText(readFileSync(path, 'utf8')), imports: [] };
  return canonicalModule(url);
}

function jsonText(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** How a package is known. One that a workspace links waits to be read as well. */
function packageOf(specifier: string, importer: string, waiting: string[]): string {
  // A name of its own package, `#inner`: whatever that leads to, the version says it.
  const isOwn = specifier.startsWith('#');
  const [name = ''] = isOwn ? [specifier] : (/^(@[^/]+\/)?[^/]+/.exec(specifier) ?? []);
  const folder = isOwn ? packageAround(importer) : findInstalledPackage(name, dirname(importer));
  if (folder === undefined) return name;
  const manifest = readManifest(folder);
  const path = realpathSync(folder);
  if (!path.includes(`${sep}node_modules${sep}`)) {
    const entry = entryOf(path, manifest);
    if (entry !== undefined) waiting.push(pathToFileURL(entry).href);
    return name;
  }
  return `${name}@${manifest?.version ?? ''}`;
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
