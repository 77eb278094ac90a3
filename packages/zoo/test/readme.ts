/** The README's tables, from the code: `npm run readme -w packages/zoo` writes them again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Animal, Variation } from '../src/index.ts';
import { ANIMALS, SHARED_ANIMALS, SHARED_VARIATIONS, VARIATIONS } from '../src/index.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));

/** The README as it is. */
export function readReadme(): string {
  return readFileSync(README, 'utf8');
}

/** A README with the tables that the code gives. */
export function withTables(readme: string): string {
  return replaced(
    replaced(
      replaced(replaced(readme, 'animals', animalRows(ANIMALS)), 'variations', variationRows(VARIATIONS)),
      'shared animals',
      animalRows(SHARED_ANIMALS),
    ),
    'shared variations',
    variationRows(SHARED_VARIATIONS),
  );
}

function animalRows(animals: readonly Animal[]): string[][] {
  const rows = animals.map(({ name, of, mistake, rule, habitat: { world, history, fwb, arch, kernel } }) => {
    const where = [
      world.name,
      history,
      ...(fwb ? ['FWB'] : []),
      ...(arch ? [arch.name] : []),
      ...(kernel ? [kernel] : []),
    ];
    return [name, of, mistake, rule, where.join(', ')];
  });
  return [['animal', 'made from', 'mistake', 'rule', 'caught in'], ...rows];
}

function variationRows(variations: readonly Variation[]): string[][] {
  return [
    ['variation', 'made from', 'what it does otherwise'],
    ...variations.map(({ name, of, change }) => [name, of, change]),
  ];
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
