import { readFileSync } from 'node:fs';

/** Runs the command line (the arguments after the program's name); the value is the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  if (argv.includes('--version')) {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
    process.stdout.write(`${version}\n`);
    return Promise.resolve(0);
  }
  process.stderr.write('s2bench: no command is implemented yet\n');
  return Promise.resolve(2);
}
