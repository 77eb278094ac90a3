/** A registry on loopback that takes our packages and passes all others on from npm's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execute } from './command.ts';

/** Packages that may come from here alone: a name that is taken on npm must not stand in for ours. */
const OURS = ['@s2bench/*', 's2bench', 's2bench-*', 'create-s2bench-strategy'];

const START_S = 60;

/** A running registry. */
export interface Registry {
  readonly url: string;
  stop(): Promise<void>;
}

/** Verdaccio has a lock file of its own: whoever only installs the workspace needs none of its 300 packages. */
const HOME = join(import.meta.dirname, 'verdaccio');

/** Starts the registry; what it takes in lies in `folder`. */
export async function startRegistry(folder: string): Promise<Registry> {
  const entry = join(HOME, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  if (!existsSync(entry)) execute('npm', ['ci', '--ignore-scripts'], { cwd: HOME });
  mkdirSync(folder, { recursive: true });
  const upstream = execute('npm', ['config', 'get', 'registry'], { cwd: HOME }).trim();
  const config = join(folder, 'config.yaml');
  // Every JSON text is YAML.
  writeFileSync(config, JSON.stringify(configOf(folder, upstream)));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const log = openSync(join(folder, 'log'), 'w');
  const server = spawn(process.execPath, [entry, '--config', config, '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', log, log],
  });
  const ended = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill();
    await ended;
  };
  for (let tries = 0; tries < START_S * 4; tries++) {
    if (server.exitCode !== null) break;
    if (await answers(`${url}-/ping`)) return { url, stop };
    await sleep(250);
  }
  await stop();
  throw new Error(
    `the registry did not answer at ${url} within ${START_S} s\n${readFileSync(join(folder, 'log'), 'utf8')}`,
  );
}

function configOf(folder: string, upstream: string): object {
  const open = { access: '$all', publish: '$all', unpublish: '$all' };
  return {
    storage: join(folder, 'storage'),
    // Where the way is slow, a package that did not come in time would be said not to exist.
    uplinks: { npm: { url: upstream, cache: true, timeout: '5m', max_fails: 100, fail_timeout: '1s' } },
    packages: { ...Object.fromEntries(OURS.map((pattern) => [pattern, open])), '**': { access: '$all', proxy: 'npm' } },
    log: { type: 'stderr', format: 'pretty', level: 'error' },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
