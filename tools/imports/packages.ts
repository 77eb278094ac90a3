/** The packages of the workspace, which of them imports which, and what is wrong with that. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './statements.ts';

/** Which layer may import which, from the inside out: a layer imports only what stands before it. */
export type Layers = Readonly<Record<string, readonly string[]>>;

/** A package of the workspace. */
export interface Package {
  readonly name: string;
  readonly folder: string;
  readonly layer: string;
}

/** A package whose sources import another one. */
export interface PackageImport {
  readonly from: Package;
  readonly to: Package;
  /** One file that does it. */
  readonly by: string;
}

/** The packages that a workspace's `package.json` names. */
export function readPackages(root: string): Package[] {
  const { workspaces } = readManifest(root, '.') as { readonly workspaces: readonly string[] };
  return workspaces
    .flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root }).sort())
    .map((path) => {
      const folder = path.replace(/\/package\.json$/, '');
      const { name, nx } = readManifest(root, folder) as { name: string; nx?: { tags?: readonly string[] } };
      const layer = nx?.tags?.find((tag) => tag.startsWith('layer:'))?.replace('layer:', '');
      if (layer === undefined) throw new Error(`${path}: nx.tags names no layer, such as "layer:core"`);
      return { name, folder, layer };
    });
}

function readManifest(root: string, folder: string): unknown {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/** Tests import more than what is shipped may. */
const TEST = /\.test(-d)?\.ts$|\/test\/|\/vitest\.config\.ts$/;

/** What the sources of packages import of each other, tests left out. */
export function packageImports(packages: readonly Package[], files: readonly SourceFile[]): PackageImport[] {
  const packageOf = (path: string): Package | undefined => packages.find(({ folder }) => path.startsWith(`${folder}/`));
  const found = new Map<string, PackageImport>();
  for (const { path, imports } of files) {
    const from = packageOf(path);
    if (from === undefined || TEST.test(path)) continue;
    for (const to of imports.map(packageOf)) {
      if (to === undefined || to === from) continue;
      const key = `${from.name} ${to.name}`;
      if (!found.has(key)) found.set(key, { from, to, by: path });
    }
  }
  return [...found.values()];
}

/** What is wrong with the layers themselves, and with imports between them: a line each. */
export function faultsOf(layers: Layers, packages: readonly Package[], imports: readonly PackageImport[]): string[] {
  const order = Object.keys(layers);
  const upward = Object.entries(layers).flatMap(([layer, targets]) =>
    targets
      .filter((target) => !order.slice(0, order.indexOf(layer)).includes(target))
      .map((target) => `layer ${layer} may import ${target}, which does not stand before it: that is an arrow upward`),
  );
  const unknown = packages
    .filter(({ layer }) => !order.includes(layer))
    .map(({ folder, layer }) => `${folder}: there is no layer ${layer}; there are ${order.join(', ')}`);
  const forbidden = imports
    .filter(({ from, to }) => layers[from.layer]?.includes(to.layer) === false)
    .map(({ from, to, by }) => `${by} imports ${to.name}: layer ${from.layer} may not import ${to.layer}`);
  return [...upward, ...unknown, ...forbidden, ...circlesOf(imports)];
}

/** Packages that import each other, each circle once. */
function circlesOf(imports: readonly PackageImport[]): string[] {
  const circles = new Map<string, string>();
  const done = new Set<Package>();
  const follow = (at: Package, way: readonly Package[]): void => {
    if (way.includes(at)) {
      const circle = way.slice(way.indexOf(at));
      const key = circle
        .map(({ name }) => name)
        .sort()
        .join(' ');
      circles.set(key, `packages import each other: ${[...circle, at].map(({ name }) => name).join(' → ')}`);
      return;
    }
    if (done.has(at)) return;
    for (const { from, to } of imports) if (from === at) follow(to, [...way, at]);
    done.add(at);
  };
  for (const { from } of imports) follow(from, []);
  return [...circles.values()];
}
