import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forget, type ServedCache, serveCache } from './serve.ts';

let folder: string;
let cache: ServedCache;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 's2bench-nx-cache-'));
  cache = await serveCache(folder);
});

afterEach(async () => {
  await cache.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(from: ServedCache, path: string, init: RequestInit = {}): Promise<Response> {
  const { NX_SELF_HOSTED_REMOTE_CACHE_SERVER: url, NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: token } = from.env;
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` }, ...init });
}

describe('serveCache', () => {
  it('gives what another one has laid into the same folder', async () => {
    const bytes = new Uint8Array([0, 1, 2, 255]);
    expect((await ask(cache, '/v1/cache/123')).status).toBe(404);
    expect((await ask(cache, '/v1/cache/123', { method: 'PUT', body: bytes })).status).toBe(200);
    const later = await serveCache(folder);
    try {
      const got = await ask(later, '/v1/cache/123');
      expect(got.status).toBe(200);
      expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes);
      expect(later.counts).toEqual({ taken: 1, kept: 0 });
    } finally {
      await later.close();
    }
    expect(cache.counts).toEqual({ taken: 0, kept: 1 });
    expect(readdirSync(folder)).toEqual(['123']);
  });

  it('answers nobody without its token, and nothing but hashes', async () => {
    expect((await ask(cache, '/v1/cache/1', { method: 'PUT', body: 'x', headers: {} })).status).toBe(401);
    expect((await ask(cache, '/v1/cache/..%2F1', { method: 'PUT', body: 'x' })).status).toBe(404);
    expect((await ask(cache, '/v1/cache/1', { method: 'DELETE' })).status).toBe(405);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('forget', () => {
  it('keeps what was used lately', async () => {
    const now = Date.now();
    for (const [name, age] of [
      ['old', 20],
      ['used', 20],
      ['new', 1],
      ['half.12.part', 0],
    ] as const) {
      writeFileSync(join(folder, name), name);
      utimesSync(join(folder, name), (now - age * 1000) / 1000, (now - age * 1000) / 1000);
    }
    await (await ask(cache, '/v1/cache/used')).text();
    expect(forget(folder, 10_000, now)).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['new', 'used']);
  });
});
