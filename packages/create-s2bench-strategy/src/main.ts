/** `npm create s2bench-strategy NAME`: a package with a strategy of one's own, in a folder of its name. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_START, InputError, readStart, requireLegalName, startNames, strategyFiles } from './index.ts';
import { writePackage } from './write-package.ts';

const OPTIONS = {
  from: { type: 'string', default: DEFAULT_START },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

/** Runs the program; the value is the exit code: 0, or 2 where nothing was written and one line says why. */
export function main(args: readonly string[], cwd: string): number {
  try {
    const { values, positionals } = parse(args);
    process.stdout.write(
      values.help ? help() : values.version ? `${version()}\n` : create(positionals, values.from, cwd),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`create-s2bench-strategy: ${error.message}\n`);
    return 2;
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's messages explain themselves in a second sentence, which here would be about quoting.
    const [first] = (error as Error).message.split(/\. |\n/);
    throw new InputError(`${first ?? ''}; --help lists the options`);
  }
}

function create(positionals: readonly string[], from: string, cwd: string): string {
  const [name, ...more] = positionals;
  requireLegalName(name);
  if (more.length > 0) throw new InputError(`one name makes one strategy, and ${more.join(' ')} is too much`);
  if (startNames().includes(name)) throw new InputError(`name ${name}: s2bench comes with a strategy of that name`);
  const folder = join(cwd, name);
  if (existsSync(folder))
    throw new InputError(`name ${name}: the folder ./${name} exists; another name, or another place`);
  const files = strategyFiles('standalone', name, readStart(from));
  try {
    writePackage(folder, files);
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw new InputError(`./${name} cannot be written (${code}); run it in a folder that you may write to`);
  }
  return `${name} does what ${from} does, until you change ./${name}/src/index.ts. Next:

  cd ${name}
  npm install
  npm test             # the conformance suite
  npm run verify       # its verdict in every interleaving of the small worlds
  npm run matrix       # its times beside the stock order's
`;
}

function help(): string {
  return `Usage: npm create s2bench-strategy NAME -- [--from STRATEGY]

Makes a package in ./NAME with a coalescing strategy that works, its conformance test and a CI workflow.

  --from STRATEGY  what it starts as: ${startNames().join(', ')} (default: ${DEFAULT_START})
  --version        print the version
  -h, --help       print this
`;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
