/** `s2bench list`: what a matrix can be made of. */
import { EXIT } from '../../cli/exit-codes.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { readConfig } from '../../config/read.ts';
import { parseChoice } from '../../options/choice.ts';
import { CATALOGUES, type CatalogueName, type Entry } from './catalogues.ts';

/** Prints a list; the value is the exit code. */
export async function list(
  what: string | undefined,
  flags: { readonly json?: boolean; readonly config?: string },
): Promise<number> {
  const names = Object.keys(CATALOGUES) as CatalogueName[];
  if (what === undefined) throw new UsageError(`list: name what is to be listed: ${names.join(', ')}`);
  const catalogue = CATALOGUES[parseChoice(what, 'list', 'list', names)];
  const cwd = process.cwd();
  const entries = await catalogue(cwd, await readConfig(cwd, flags.config));
  process.stdout.write(flags.json === true ? `${JSON.stringify(entries, null, 2)}\n` : textOf(entries));
  return EXIT.ok;
}

function textOf(entries: readonly Entry[]): string {
  const width = Math.max(0, ...entries.map(({ name }) => name.length));
  return entries.map((entry) => `${entry.name.padEnd(width)}  ${entry.summary}\n${optionLines(entry, width)}`).join('');
}

/** A line below for each option. */
function optionLines({ options }: Entry, width: number): string {
  return Object.entries(options ?? {})
    .map(([name, what]) => `${''.padEnd(width)}  ?${name}=: ${what}\n`)
    .join('');
}
