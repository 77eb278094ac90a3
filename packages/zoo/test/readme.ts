/** The README's tables, from the code: `npm run readme -w packages/zoo` writes them again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ANIMALS, VARIATIONS } from '../src/index.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));

/** The README as it is. */
export function readReadme(): string {
  return readFileSync(README, 'utf8');
}

/** A README with the tables that the code gives. */
export function withTables(readme: string): string {
  const animals = ANIMALS.map(({ name, of, mistake, rule, habitat: { world, history, fwb, arch } }) => [
    name,
    of,
    mistake,
    rule,
    `${world.name}, ${history}${fwb ? ', FWB' : ''}${arch === undefined ? '' : `, ${arch.name}`}`,
  ]);
  const variations = VARIATIONS.map(({ name, of, change }) => [name, of, change]);
  const once = replaced(readme, 'animals', [['animal', 'made from', 'mistake', 'rule', 'caught in'], ...animals]);
  return replaced(once, 'variations', [['variation', 'made from', 'what it does otherwise'], ...variations]);
}

function replaced(readme: string, name: string, [head = [], ...rows]: readonly (readonly string[])[]): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const from = readme.indexOf(begin) + begin.length;
  const to = readme.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`README.md has no place for the table of ${name}`);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  return `${readme.slice(0, from)}\n${lines.join('')}\n${readme.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(README, withTables(readReadme()));
