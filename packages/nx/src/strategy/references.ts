/** Keeps the root `tsconfig.json` complete, for editors and `tsc -b`. */
import { type Tree, updateJson } from '@nx/devkit';

interface TsConfig {
  references?: { path: string }[];
}

const ROOT = 'tsconfig.json';

/** Adds a folder after the others that lie beside it. */
export function addReference(tree: Tree, folder: string): void {
  if (!tree.exists(ROOT)) return;
  updateJson<TsConfig>(tree, ROOT, (config) => {
    const references = config.references ?? [];
    const home = `./${folder.split('/')[0] ?? ''}/`;
    const last = references.findLastIndex(({ path }) => path.startsWith(home));
    references.splice(last < 0 ? references.length : last + 1, 0, { path: `./${folder}` });
    return { ...config, references };
  });
}
