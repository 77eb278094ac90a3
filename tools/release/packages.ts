/** Packs every package and has publint and attw look at what would be published. Needs a build. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { ROOT } from '../scratch-clone.ts';
import { execute } from './command.ts';

const run = promisify(execFile);

interface Packed {
  readonly name: string;
  readonly filename: string;
}

/** The checks of one tarball. It is ESM only, and says so in its `exports`; that CommonJS cannot resolve it is no fault. */
function checksOf(tarball: string): readonly (readonly string[])[] {
  return [
    ['publint', 'run', '--strict', tarball],
    ['attw', tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'],
  ];
}

/** What the checks have against a package, empty where they have nothing. */
async function faultsOf(folder: string, { name, filename }: Packed): Promise<string[]> {
  const faults: string[] = [];
  for (const check of checksOf(join(folder, filename))) {
    try {
      await run('npx', check as string[], { cwd: ROOT });
    } catch (error) {
      const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
      faults.push(`${name}: ${check[0] ?? ''}\n${stdout}${stderr}`);
    }
  }
  return faults;
}

const folder = mkdtempSync(join(tmpdir(), 's2bench-packages-'));
try {
  const published = JSON.parse(execute('npm', ['query', '.workspace:not([private])'], { cwd: ROOT })) as readonly {
    readonly name: string;
  }[];
  const workspaces = published.map(({ name }) => `--workspace=${name}`);
  const packed = JSON.parse(
    execute('npm', ['pack', ...workspaces, '--json', '--pack-destination', folder], { cwd: ROOT }),
  ) as Packed[];
  const waiting = [...packed];
  const faults: string[] = [];
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      faults.push(...(await faultsOf(folder, next)));
  });
  await Promise.all(workers);
  process.stdout.write(faults.length === 0 ? `${packed.length} packages: nothing wrong\n` : `${faults.join('\n')}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
