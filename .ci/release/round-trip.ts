/**
 * The release test: versions and publishes every package to a registry of its own on loopback, then uses them as
 * somebody does who never saw this repository. Nothing is left behind.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from './command.ts';
import { createStrategy, installTool, runMatrix, type Outside } from './outside.ts';
import { startRegistry, type Registry } from './registry.ts';
import { scratchClone } from './scratch-clone.ts';

const repository = join(import.meta.dirname, '..', '..');
const NX = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };

async function step(name: string, act: () => unknown): Promise<void> {
  const startedAt = performance.now();
  const said = await act();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${seconds.padStart(6)} s  ${name}${typeof said === 'string' ? `: ${said}` : ''}\n`);
}

const work = mkdtempSync(join(tmpdir(), 's2bench-release-'));
let registry: Registry | undefined;
try {
  await step('a registry on loopback', async () => {
    registry = await startRegistry(repository, join(work, 'registry'));
  });
  const url = registry?.url ?? '';
  const env = { npm_config_registry: url, npm_config_cache: join(work, 'cache'), npm_config_update_notifier: 'false', npm_config_audit: 'false' };
  const clone = { cwd: join(work, 'clone'), env: { ...env, ...NX } };
  const outside: Outside = { folder: join(work, 'outside'), env };
  await step('a clone, built', () => {
    scratchClone(repository, clone.cwd);
    execute('npx', ['nx', 'run-many', '-t', 'build'], clone);
  });
  await step('lerna version', () => {
    execute('npx', ['lerna', 'version', '--conventional-commits', '--no-push', '--yes'], clone);
    return execute('git', ['tag', '--points-at', 'HEAD'], clone).trim().split('\n').join(', ');
  });
  await step('lerna publish', () => {
    const printed = execute('npx', ['lerna', 'publish', 'from-package', '--yes', '--registry', url], clone);
    const published = printed.slice(printed.indexOf('Successfully published'));
    return `${published.split('\n').filter((line) => line.startsWith(' - ')).length} packages`;
  });
  await step('npm install s2bench', () => installTool(outside));
  await step('a matrix with an installed strategy', () => runMatrix(outside));
  await step('npm create s2bench-strategy, its tests, a run', () => createStrategy(outside));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await registry?.stop();
  rmSync(work, { recursive: true, force: true });
}
