/** Makes a new strategy's source of an old one's: what it does stays, what it says of itself changes. */
import { InputError } from './input-error.ts';
import type { Files, Start } from './starts.ts';

const ENTRY = 'src/index.ts';

/**
 * Gives a strategy's source a new name, summary and source line, and a head that says where it comes from.
 *
 * @throws InputError where the source is not written as the repository's strategies are
 */
export function adaptStart(start: Start, name: string): Files {
  const entry = start.files.get(ENTRY);
  if (entry === undefined) throw new InputError(`--from ${start.name}: it has no ${ENTRY}`);
  const properties = {
    name: `'${name}'`,
    summary: `'as ${start.name}; say here what happens at a coalesce, in which order'`,
    source: `'not posted yet; starts from ${start.name}'`,
  };
  let text = entry.replace(/^\/\*\*.*?\*\/\n/s, '');
  for (const [property, value] of Object.entries(properties)) text = replaceProperty(text, property, value, start.name);
  return new Map([...start.files, [ENTRY, `${head(start.name)}${text}`]]);
}

function head(from: string): string {
  return `/**
 * Does what ${from} does, until you change it: say here in a sentence what is new.
 *
 * Then why it is right: who could see what in between, and what keeps them from it.
 */
`;
}

/** A property of the declaration, from its name to the comma before the next line of the same indentation. */
function replaceProperty(text: string, property: string, value: string, from: string): string {
  const declaration = text.indexOf('defineStrategy({');
  const pattern = new RegExp(`^  ${property}:.*?,\\n(?=  \\S|\\n|\\}\\))`, 'ms');
  const tail = text.slice(declaration);
  if (declaration < 0 || !pattern.test(tail)) {
    throw new InputError(
      `--from ${from}: its ${ENTRY} has no ${property} in a defineStrategy({ … }), so it cannot be renamed`,
    );
  }
  return text.slice(0, declaration) + tail.replace(pattern, () => `  ${property}: ${value},\n`);
}
