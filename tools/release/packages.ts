/**
 * Packs every package and has publint and attw look at what would be published. Needs a build. Both are called, not
 * started: two processes for each of two dozen packages take four times as long as what they do.
 */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { ROOT } from '../scratch-clone.ts';
import { execute } from './command.ts';

interface Packed {
  readonly name: string;
  readonly filename: string;
}

/** Who resolves like that gets no types from ESM alone, which the packages' `exports` say they are. */
const NOT_MEANT: readonly string[] = ['node10', 'node16-cjs'];

/** What publint has against a package, warnings included. */
async function faultsOfManifest(tarball: ArrayBuffer): Promise<string[]> {
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true, level: 'error' });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

/** What attw has against the types of a package. */
async function faultsOfTypes(tarball: ArrayBuffer): Promise<string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  if (analysis.types === false) return [];
  return analysis.problems
    .filter((problem) => !('resolutionKind' in problem && NOT_MEANT.includes(problem.resolutionKind)))
    .map((problem) => JSON.stringify(problem));
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
  const faults: string[] = [];
  for (const { name, filename } of packed) {
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, filename));
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength);
    const found = [...(await faultsOfManifest(tarball)), ...(await faultsOfTypes(tarball))];
    faults.push(...found.map((fault) => `${name}: ${fault}`));
  }
  process.stdout.write(faults.length === 0 ? `${packed.length} packages: nothing wrong\n` : `${faults.join('\n')}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
