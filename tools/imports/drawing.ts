/** The packages and their imports as a page shows them: a Mermaid graph, and a table of the layers. */
import { dirname } from 'node:path';
import type { Layers, Package, PackageImport } from './packages.ts';

const BEGIN = '<!-- packages -->\n';
const END = '<!-- /packages -->';

/** A page with the drawing of what the code has. */
export function withDrawing(
  page: string,
  layers: Layers,
  packages: readonly Package[],
  imports: readonly PackageImport[],
): string {
  const from = page.indexOf(BEGIN) + BEGIN.length;
  const to = page.indexOf(END);
  if (from < BEGIN.length || to < from)
    throw new Error(`the page has no place for the drawing: ${BEGIN.trim()} … ${END}`);
  // From the outside in, so that arrows point down.
  const outsideIn = Object.keys(layers).reverse();
  const drawing = [...graph(outsideIn, packages, imports), '', ...table(outsideIn, layers, packages, imports)];
  return `${page.slice(0, from)}\n${drawing.join('\n')}\n\n${page.slice(to)}`;
}

/** A node a layer: packages of the same layer do not import each other. */
function graph(
  outsideIn: readonly string[],
  packages: readonly Package[],
  imports: readonly PackageImport[],
): string[] {
  const nodes = outsideIn.map((layer) => `  ${layer}["${labelOf(layer, packages, 'name')}"]`);
  const arrows = outsideIn.flatMap((layer) => {
    const targets = importedBy(layer, outsideIn, imports);
    return targets.length === 0 ? [] : [`  ${layer} --> ${targets.join(' & ')}`];
  });
  return ['```mermaid', 'flowchart TD', ...nodes, ...arrows, '```'];
}

function table(
  outsideIn: readonly string[],
  layers: Layers,
  packages: readonly Package[],
  imports: readonly PackageImport[],
): string[] {
  const list = (names: readonly string[]): string => (names.length === 0 ? 'none of ours' : names.join(', '));
  const rows = outsideIn.map((layer) => {
    const may = outsideIn.filter((name) => layers[layer]?.includes(name));
    return `| ${layer} | \`${labelOf(layer, packages, 'folder')}\` | ${list(may)} | ${list(importedBy(layer, outsideIn, imports))} |`;
  });
  return ['| layer | where | may import | imports |', '|---|---|---|---|', ...rows];
}

/** A layer's package; where it has several, the folder that they lie in, so that one more changes nothing. */
function labelOf(layer: string, packages: readonly Package[], key: 'name' | 'folder'): string {
  const [first, ...others] = packages.filter((one) => one.layer === layer);
  if (first === undefined) throw new Error(`layer ${layer} has no package`);
  return others.length === 0 ? first[key] : `${dirname(first.folder)}/*`;
}

function importedBy(layer: string, outsideIn: readonly string[], imports: readonly PackageImport[]): string[] {
  return outsideIn.filter((target) => imports.some(({ from, to }) => from.layer === layer && to.layer === target));
}
