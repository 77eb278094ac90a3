/** Holds a workspace's imports against its layers, and the page that draws them against both. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDrawing } from './drawing.ts';
import { faultsOf, type Layers, packageImports, readPackages } from './packages.ts';
import { readStatements } from './statements.ts';

/** What is looked at. */
export interface Workspace {
  readonly root: string;
  readonly layers: Layers;
  /** The page with the drawing, from the root. */
  readonly page: string;
  /** Circles of files that stay for now. One that is gone has to leave the list. */
  readonly knownCircles: readonly string[];
}

/** What was found. */
export interface Verdict {
  /** A line each. */
  readonly faults: readonly string[];
  /** How much was looked at. */
  readonly extent: string;
}

/** Looks at all sources; draws anew where `write` says so. */
export async function check({ root, layers, page, knownCircles }: Workspace, write: boolean): Promise<Verdict> {
  const packages = readPackages(root);
  const names = packages.map(({ name }) => name);
  const { files, circles } = await readStatements(
    root,
    packages.map(({ folder }) => folder),
    (specifier) => names.some((name) => specifier === name || specifier.startsWith(`${name}/`)),
  );
  const imports = packageImports(packages, files);
  const text = readFileSync(join(root, page), 'utf8');
  const drawn = withDrawing(text, layers, packages, imports);
  if (write) writeFileSync(join(root, page), drawn);
  return {
    faults: [
      ...circles
        .filter((circle) => !knownCircles.includes(circle))
        .map((circle) => `files import each other: ${circle}`),
      ...knownCircles
        .filter((known) => !circles.includes(known))
        .map((known) => `a circle is listed as known, and is none any more: ${known}`),
      ...faultsOf(layers, packages, imports),
      ...(write || text === drawn ? [] : [`${page}: the drawing is of other imports; npm run draw:packages`]),
    ],
    extent: `${files.length} files in ${packages.length} packages, ${imports.length} imports between packages`,
  };
}
