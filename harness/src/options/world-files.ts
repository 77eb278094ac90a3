/** Worlds of one's own: files that `--world` names beside the worlds that have a name. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NAMED_WORLDS, parseWorld, VerifyError, type World } from '@s2bench/verify';
import { knownNames, UsageError } from '../cli/errors.ts';
import { readJson } from '../cli/files.ts';
import { importData } from '../plugins/load-data.ts';
import { looksLikePath } from '../plugins/locate.ts';
import { splitList } from './run-flags.ts';

/** Worlds of the zoo are called so. They are loaded where one is asked for. */
const OF_THE_ZOO = 'zoo-';

/** The worlds of each file, by the text that names it; a world of the zoo, by its name. */
export type WorldFiles = ReadonlyMap<string, readonly World[]>;

/** No files. */
export const NO_WORLD_FILES: WorldFiles = new Map();

/**
 * Reads the files that `--world` names. A JSON file is data and nothing else; a module is run.
 *
 * @param text - the flag's value: names and paths
 * @throws UsageError of one line: the file, the field, what is wrong with it, and what would be right
 */
export async function readWorldFiles(text: string | undefined, cwd: string): Promise<WorldFiles> {
  const files = new Map<string, readonly World[]>();
  const texts = splitList(text ?? '');
  // Only beside the world of s2bench that has it a name would be of two worlds.
  const isChosen = ({ name }: World): boolean => texts.includes('all') || texts.includes(name);
  const taken = new Map(NAMED_WORLDS.filter(isChosen).map(({ name }) => [name, 'a world of s2bench']));
  for (const path of new Set(texts.filter(looksLikePath))) {
    const origin = `--world ${path}`;
    const worlds = worldsIn(await contentOf(resolve(cwd, path), origin), origin);
    for (const { name } of worlds) {
      const other = taken.get(name);
      if (other !== undefined)
        throw new UsageError(`${origin}: name: ${name} is the name of ${other}; must be another one`);
      taken.set(name, `a world of ${path} too`);
    }
    files.set(path, worlds);
  }
  for (const name of new Set(texts.filter((text) => text.startsWith(OF_THE_ZOO) && !looksLikePath(text))))
    files.set(name, [await zooWorld(name)]);
  return files;
}

async function zooWorld(name: string): Promise<World> {
  const { zooWorlds } = await import('./zoo-worlds.ts');
  const worlds = zooWorlds(OF_THE_ZOO);
  const found = worlds.get(name);
  if (found !== undefined) return found;
  throw new UsageError(`--world ${name}: unknown world; ${knownNames(name, [...worlds.keys()])}`);
}

async function contentOf(path: string, origin: string): Promise<unknown> {
  if (!existsSync(path)) throw new UsageError(`${origin}: there is no such file`);
  if (path.endsWith('.json')) return readJson(path, origin);
  if (!/\.[cm]?[jt]s$/.test(path)) throw new UsageError(`${origin}: must be a .json, .ts or .js file`);
  const module = await importData(path);
  if (!module.ok) throw new UsageError(`${origin}${module.line}: cannot be loaded: ${module.problem}`);
  if (module.value === undefined)
    throw new UsageError(`${origin}: has no default export; write "export default { name: …, … }"`);
  return module.value;
}

/** A world, or a list of them. */
function worldsIn(content: unknown, origin: string): World[] {
  if (Array.isArray(content) && content.length === 0)
    throw new UsageError(`${origin}: an empty list; must hold a world`);
  const items: unknown[] = Array.isArray(content) ? content : [content];
  return items.map((item, at) => {
    try {
      return parseWorld(item, Array.isArray(content) ? `${origin}: ${at}` : origin);
    } catch (error) {
      throw error instanceof VerifyError ? new UsageError(error.message) : error;
    }
  });
}
