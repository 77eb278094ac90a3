/** Which modules of a bundle stand in one file: a file costs milliseconds whatever is in it, a module what it does. */
import { rolldown, type InputOptions, type OutputChunk, type Plugin, type RolldownOutput } from 'rolldown';

/** The modules that chunks are made of. */
export function modulesOf({ output }: RolldownOutput): string[] {
  return output.filter((one): one is OutputChunk => one.type === 'chunk').flatMap(({ moduleIds }) => moduleIds);
}

/**
 * The chunks of modules, by their names: each of some entries has what these load at once, but for what a chunk before it
 * has, and but for the entries, whose doings are not for whoever needs a part of the chunk.
 *
 * @param what - what the names of the chunks begin with
 * @param own - the folder of the modules that belong together: where one of them is loaded, those that it imports are too,
 *   though they may only be needed by what another command uses of it. So is what imports nothing, of any package of ours.
 */
export async function chunksInOrder(
  what: string,
  order: readonly (readonly string[])[],
  own: string,
  options: InputOptions,
): Promise<Map<string, string>> {
  const chunkOf = new Map<string, string>();
  const entries = new Set(order.flat());
  for (const [nth, input] of order.entries()) {
    for (const entry of input)
      for (const id of await loadedAtOnce(entry, own, options))
        if (!entries.has(id) && !chunkOf.has(id)) chunkOf.set(id, `${what}-${nth}`);
  }
  return chunkOf;
}

/** What is left of a module and its static imports where nothing else is in the bundle. */
async function loadedAtOnce(entry: string, own: string, options: InputOptions): Promise<string[]> {
  const parsed: string[] = [];
  const alone: Plugin = {
    name: 'alone',
    resolveId: (id, _importer, { kind }) => (kind === 'dynamic-import' ? { id, external: true } : undefined),
    moduleParsed: ({ id, importedIds }) => {
      const isSmall = importedIds.length === 0 && !id.includes('/node_modules/');
      if (isSmall || id.startsWith(own)) parsed.push(id);
    },
  };
  const build = await rolldown({ ...options, input: entry, plugins: [alone, options.plugins] });
  return [...modulesOf(await build.generate({ format: 'esm' })), ...parsed];
}

/**
 * Makes chunks from which no way of imports leads back: what a module finds there would not be there yet. Where other
 * commands use more of a module than the one that its chunk is for, that chunk needs modules which are in none: they join it.
 *
 * @param chunkOf - of modules; those that join one are added
 * @returns whether anything was added, so that the bundle has to be made again
 */
export function joinChunks({ output }: RolldownOutput, chunkOf: Map<string, string>): boolean {
  const chunks = new Map(output.filter((one) => one.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const before = chunkOf.size;
  for (const chunk of chunks.values()) {
    const name = chunk.moduleIds.map((id) => chunkOf.get(id)).find((one) => one !== undefined);
    if (name === undefined) continue;
    for (const fileName of reachedFrom(chunk.fileName, chunks))
      for (const id of chunks.get(fileName)?.moduleIds ?? []) if (!chunkOf.has(id)) chunkOf.set(id, name);
  }
  return chunkOf.size > before;
}

/** Files that import themselves, over others. */
export function filesInCircles({ output }: RolldownOutput): string[] {
  const chunks = new Map(output.filter((one) => one.type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  return [...chunks.keys()].filter((fileName) => reachedFrom(fileName, chunks).has(fileName));
}

function reachedFrom(fileName: string, chunks: ReadonlyMap<string, OutputChunk>): Set<string> {
  const reached = new Set<string>();
  const waiting = [fileName];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const imported of chunks.get(next)?.imports ?? []) {
      if (reached.has(imported)) continue;
      reached.add(imported);
      waiting.push(imported);
    }
  }
  return reached;
}
