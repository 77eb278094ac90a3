/**
 * The release test: versions and publishes every package to a registry of its own on loopback, then uses them as
 * somebody does who never saw this repository. Nothing is left behind.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from './command.ts';
import { createStrategy, initStrategy, installTool, runMatrix, type Outside } from './outside.ts';
import { startRegistry, type Registry } from './registry.ts';
import { ScratchClone } from '../scratch-clone.ts';

/** Lerna commits what it versions. */
const COMMITTER = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, 's2bench'],
    [`GIT_${role}_EMAIL`, 's2bench@localhost'],
  ]),
) as Record<string, string>;

async function step(name: string, act: () => unknown): Promise<void> {
  const startedAt = performance.now();
  const said = await act();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${seconds.padStart(6)} s  ${name}${typeof said === 'string' ? `: ${said}` : ''}\n`);
}

const work = mkdtempSync(join(tmpdir(), 's2bench-release-'));
let clone: ScratchClone | undefined;
let registry: Registry | undefined;
try {
  await step('a registry on loopback', async () => {
    registry = await startRegistry(join(work, 'registry'));
  });
  const url = registry?.url ?? '';
  const env = {
    npm_config_registry: url,
    npm_config_cache: join(work, 'cache'),
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
  };
  const outside: Outside = { folder: join(work, 'outside'), env };
  const scratch = new ScratchClone();
  clone = scratch;
  const inClone = { cwd: scratch.root, env: { ...scratch.env, ...env, ...COMMITTER } };
  await step('a clone, built', () => {
    execute('npm', ['run', '--silent', 'build'], inClone);
  });
  await step('lerna version', () => {
    execute('lerna', ['version', '--conventional-commits', '--no-push', '--yes'], inClone);
    return execute('git', ['tag', '--points-at', 'HEAD'], inClone).trim().split('\n').join(', ');
  });
  await step('lerna publish', () => {
    const printed = execute('lerna', ['publish', 'from-package', '--yes', '--registry', url], inClone);
    const published = printed.slice(printed.indexOf('Successfully published'));
    return `${published.split('\n').filter((line) => line.startsWith(' - ')).length} packages`;
  });
  await step('npm install s2bench', () => installTool(outside));
  await step('a matrix with an installed strategy', () => runMatrix(outside));
  await step('npm create s2bench-strategy, its tests and types, a run', () => createStrategy(outside));
  await step('s2bench init, its types, its verdict', () => initStrategy(outside));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await registry?.stop();
  clone?.remove();
  rmSync(work, { recursive: true, force: true });
}
