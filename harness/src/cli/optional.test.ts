import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UsageError } from './errors.ts';
import { loadOptional } from './optional.ts';

/** What Node itself says of a package that is not there. */
function notFound(name: string): Error {
  const message = `Cannot find package '${name}' imported from /some/where/link.ts`;
  return Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
}

const load = (error: Error) => loadOptional(() => Promise.reject(error), ['bullmq', 'ioredis'], '--executor');

describe('loadOptional', () => {
  it('says in one line what is to be installed', async () => {
    const failure = await load(notFound('ioredis')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toMatch(
      /^--executor: needs bullmq and ioredis, which do not come with s2bench; npm install bullmq@\^\d\S+ ioredis@\^\d\S+$/,
    );
  });

  it('takes no other failure for it', async () => {
    await expect(load(notFound('@s2bench/core'))).rejects.toThrow('@s2bench/core');
    await expect(load(new Error('broken'))).rejects.toThrow('broken');
  });

  it('hands over what is there', async () => {
    await expect(loadOptional(() => Promise.resolve(1), ['bullmq'], '--executor')).resolves.toBe(1);
  });
});

describe('the program without the packages of a queue', () => {
  const program = fileURLToPath(new URL('../../bin/s2bench.js', import.meta.url));
  const hooks = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(specifier, context, next) {
      if (!['bullmq', 'ioredis'].includes(specifier)) return next(specifier, context);
      throw Object.assign(new Error("Cannot find package '" + specifier + "' imported from x"), { code: 'ERR_MODULE_NOT_FOUND' });
    } });`;
  const without = `data:text/javascript,${encodeURIComponent(hooks)}`;
  const run = (...words: string[]) =>
    spawnSync(process.execPath, ['--import', without, program, ...words], { encoding: 'utf8' });

  it('says so where a worker is asked for', () => {
    const { status, stderr } = run('worker', '--redis', 'redis://127.0.0.1:1');
    expect(stderr).toMatch(/^s2bench: --redis: needs bullmq and ioredis.*\n$/);
    expect(status).toBe(2);
  });
});
