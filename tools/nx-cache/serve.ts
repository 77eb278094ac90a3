/**
 * Nx's remote cache over a folder: what one machine has built, another takes, once the folder is carried to it. Nx keeps
 * its own local cache in a database that is keyed by machine, and takes nothing from a folder that it has no rows of;
 * the interface of its remote caches is documented and knows no machine (nx.dev, "Self-hosted caching").
 */
import { randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** A cache that is served. */
export interface ServedCache {
  /** What Nx has to be told to use it. */
  readonly env: Readonly<
    Record<'NX_SELF_HOSTED_REMOTE_CACHE_SERVER' | 'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN', string>
  >;
  /** How many results were taken from the folder, and how many laid into it. */
  readonly counts: { taken: number; kept: number };
  close(): Promise<void>;
}

/** A task's hash, which names its file: digits alone today, letters in earlier versions. */
const PATH = /^\/v1\/cache\/([\w-]{1,128})$/;

/** Serves a folder on loopback, to those who know its token. */
export async function serveCache(folder: string): Promise<ServedCache> {
  mkdirSync(folder, { recursive: true });
  const token = randomBytes(32).toString('hex');
  const counts = { taken: 0, kept: 0 };
  const server = createServer((request, response) => {
    answer(request, response, { folder, token, counts }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${port}`,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: token,
    },
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Store {
  readonly folder: string;
  readonly token: string;
  readonly counts: ServedCache['counts'];
}

async function answer(request: IncomingMessage, response: ServerResponse, { folder, token, counts }: Store) {
  const end = (status: number): void => void response.writeHead(status).end();
  const hash = PATH.exec(request.url ?? '')?.[1];
  if (request.headers.authorization !== `Bearer ${token}`) end(401);
  else if (hash === undefined) end(404);
  else if (request.method === 'GET') {
    const file = join(folder, hash);
    if (!existsSync(file)) {
      end(404);
      return;
    }
    // What is used stays: `forget` goes by this time.
    const now = new Date();
    utimesSync(file, now, now);
    counts.taken++;
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': statSync(file).size });
    await pipeline(createReadStream(file), response);
  } else if (request.method === 'PUT') {
    const file = join(folder, hash);
    const part = `${file}.${randomBytes(4).toString('hex')}.part`;
    try {
      await pipeline(request, createWriteStream(part));
      renameSync(part, file);
    } finally {
      rmSync(part, { force: true });
    }
    counts.kept++;
    end(200);
  } else end(405);
}

/** Takes away what nobody has used for so long, and what an interrupted upload has left; the value is how many files. */
export function forget(folder: string, olderThanMs: number, now = Date.now()): number {
  let gone = 0;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (!name.endsWith('.part') && now - statSync(file).mtimeMs <= olderThanMs) continue;
    rmSync(file, { force: true });
    gone++;
  }
  return gone;
}
