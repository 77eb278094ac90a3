/** What of the packages is public: the modules that their manifests export, by the file that has them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A module that others import. */
export interface Entry {
  /** How it is imported. */
  readonly specifier: string;
  /** The README that tells of it; of a package the first module alone has one. */
  readonly readme?: string;
}

const SOURCE = '@s2bench/source';

/** The public modules of the folder `packages`. */
export function entriesOf(root: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const folder of readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))) {
    const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    };
    const readme = join(folder, 'README.md');
    let isFirst = existsSync(readme);
    for (const [path, target] of Object.entries(exports)) {
      const source = typeof target === 'string' ? undefined : target[SOURCE];
      if (source === undefined) continue;
      entries.set(join(folder, source), { specifier: join(name, path), ...(isFirst && { readme }) });
      isFirst = false;
    }
  }
  return entries;
}
