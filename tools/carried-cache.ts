/**
 * `node tools/carried-cache.ts FOLDER COMMAND…`: runs a command whose Nx takes results from a folder and lays them into
 * it. CI keeps the folder from run to run; it works on any machine (docs/decisions/0013).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { forget, serveCache } from './nx-cache/serve.ts';

const DAY_MS = 24 * 3600 * 1000;
/** As long as GitHub keeps a cache that is not asked for, twice: a branch may rest for a while. */
const KEPT_MS = 14 * DAY_MS;

const [folderName, command, ...args] = process.argv.slice(2);
if (folderName === undefined || command === undefined) {
  process.stderr.write('carried-cache: name a folder and a command: carried-cache.ts .nx/carried npm run affected\n');
  process.exitCode = 2;
} else process.exitCode = await run(resolve(folderName), command, args);

async function run(folder: string, program: string, words: readonly string[]): Promise<number> {
  const cache = await serveCache(folder);
  const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, ...cache.env } });
  const [code] = (await once(child, 'exit')) as [number | null];
  await cache.close();
  const gone = forget(folder, KEPT_MS);
  const { taken, kept } = cache.counts;
  process.stderr.write(`carried-cache: ${taken} results taken from ${folderName}, ${kept} kept, ${gone} forgotten\n`);
  return code ?? 1;
}
