/** `s2bench init`: a strategy in a file of its own, and beside it what tells an editor and tsc its types. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DEFAULT_START,
  InputError,
  readStart,
  requireLegalName,
  startNames,
  strategyFiles,
} from 'create-s2bench-strategy';
import { EXIT, UsageError } from '../cli/errors.ts';
import { makeFolder, onDisk, readText, writeTogether } from '../cli/files.ts';
import { IN_CLONE } from '../cli/installation.ts';
import { print } from '../cli/terminal.ts';
import { ancestorsOf, relativeSpec } from '../plugins/locate.ts';

const CONTRACT = '@s2bench/core';
const CONFIG = 'tsconfig.json';

/**
 * Writes them; the value is the exit code.
 *
 * @param file - where the strategy is to be; its name is the file's
 * @throws UsageError where it cannot be, or would be written over something; nothing is written then
 */
export function init(file: string, stdout: NodeJS.WritableStream = process.stdout, cwd = process.cwd()): number {
  const origin = `init ${file}`;
  const path = resolve(cwd, file);
  if (!path.endsWith('.ts')) throw new UsageError(`${origin}: must be a file that ends in .ts, as in ./mine.ts`);
  const folder = dirname(path);
  const text = strategyText(basename(path, '.ts'), origin);
  const config = configText(folder);
  const configPath = join(folder, CONFIG);
  if (existsSync(path)) throw new UsageError(`${origin}: is there already, and not written over; name another file`);
  // That of an earlier strategy does for this one.
  const hasConfig = existsSync(configPath) && readText(configPath, configPath) === config;
  if (existsSync(configPath) && !hasConfig) {
    throw new UsageError(
      `${origin}: ${relativeSpec(configPath, cwd)} is there already, and not written over; name a file in another folder`,
    );
  }
  onDisk(origin, 'cannot be written', () => {
    makeFolder(folder);
  });
  writeTogether(folder, new Map([[basename(path), text], ...(hasConfig ? [] : [[CONFIG, config] as const])]));
  const spec = relativeSpec(path, cwd);
  print(
    `${spec} does what ${DEFAULT_START} does, until you change it. ${relativeSpec(configPath, cwd)} says where its types are. Next:

  s2bench watch ${spec}                     # on every save: conformance, verdict, effect
  s2bench verify ${spec}                    # its verdict in every interleaving of the small worlds
  s2bench run --strategy ${DEFAULT_START},${spec}   # its times beside the stock order's
`,
    stdout,
  );
  return EXIT.ok;
}

function strategyText(name: string, origin: string): string {
  try {
    requireLegalName(name);
    if (startNames().includes(name)) throw new InputError(`name ${name}: s2bench comes with a strategy of that name`);
    const text = strategyFiles('standalone', name, readStart(DEFAULT_START)).get('src/index.ts');
    if (text === undefined) throw new Error(`${DEFAULT_START} has no source`);
    return text;
  } catch (error) {
    if (error instanceof InputError) throw new UsageError(`${origin}: ${error.message}`);
    throw error;
  }
}

/**
 * The options under which tsc sees what Node runs. A folder that has the contract in a node_modules above it needs no
 * path; from any other, as that of a kernel's tree, it is the contract of this installation.
 */
function configText(folder: string): string {
  const isFound = ancestorsOf(folder).some((above) => existsSync(join(above, 'node_modules', CONTRACT)));
  const config = {
    compilerOptions: {
      target: 'es2024',
      lib: ['es2024'],
      module: 'preserve',
      moduleDetection: 'force',
      types: [],
      strict: true,
      noUncheckedIndexedAccess: true,
      erasableSyntaxOnly: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
      // A clone has sources, and a build only after somebody made one.
      ...(IN_CLONE && { customConditions: ['@s2bench/source'] }),
      ...(!isFound && { paths: { [CONTRACT]: [contractTypes(folder)] } }),
    },
    include: ['*.ts'],
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** The file of this installation that has the contract's types. */
function contractTypes(folder: string): string {
  const manifestPath = fileURLToPath(import.meta.resolve(`${CONTRACT}/package.json`));
  const { exports } = JSON.parse(readFileSync(manifestPath, 'utf8')) as {
    readonly exports: { readonly '.': Readonly<Record<string, string>> };
  };
  const target = resolve(dirname(manifestPath), exports['.'][IN_CLONE ? '@s2bench/source' : 'types'] ?? '');
  // Beside it, as in one checkout, a path that can be moved with it; else where it is.
  const way = relative(folder, target);
  return way.startsWith('..') ? target : `./${way}`;
}
