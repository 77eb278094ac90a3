/** The strategies that a new one can start from, as source text. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest, distance } from 'fastest-levenshtein';
import { InputError } from './input-error.ts';

/** Path in the package, such as `src/index.ts`, to text. */
export type Files = ReadonlyMap<string, string>;

/** A strategy's source. */
export interface Start {
  readonly name: string;
  readonly files: Files;
}

/** A clone has the strategies themselves; the published package brings a copy, which `prepack.ts` makes. */
const CLONE = fileURLToPath(new URL('../../../strategies', import.meta.url));
const PUBLISHED = fileURLToPath(new URL('../starts', import.meta.url));

/** Where the strategies lie that this package knows. */
export const STARTS_FOLDER = import.meta.url.endsWith('.ts') ? CLONE : PUBLISHED;

/** Names of the strategies in a folder that one can start from, sorted. */
export function startNames(folder: string = STARTS_FOLDER): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => {
      const path = join(folder, name, 'src', 'index.ts');
      return existsSync(path) && !isHooksAlone(readFileSync(path, 'utf8'));
    })
    .sort();
}

/** A strategy that has no visitors of its own is none to start a coalesce from. */
function isHooksAlone(source: string): boolean {
  return /\blog(Start|Clear|Stop)\b/.test(source) && !/^ {2}(tablePre\(|v6: )/m.test(source);
}

/**
 * Reads the source of the strategy to start from, without its tests: they hold it to what it was.
 *
 * @throws InputError where there is none of that name
 */
export function readStart(name: string, folder: string = STARTS_FOLDER): Start {
  const names = startNames(folder);
  if (!names.includes(name)) throw new InputError(`--from ${name}: unknown strategy; ${known(name, names)}`);
  const source = join(folder, name, 'src');
  const paths = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.(test|test-d|bench)\.ts$/.test(path))
    .sort();
  const files = paths.map(
    (path) => [`src/${path.replaceAll('\\', '/')}`, readFileSync(join(source, path), 'utf8')] as const,
  );
  return { name, files: new Map(files) };
}

/** More edits than half of the name are no slip of the fingers. */
function known(wrong: string, names: readonly string[]): string {
  if (names.length === 0) return 'none is known';
  const nearest = closest(wrong, names);
  const near = distance(wrong, nearest) <= Math.max(wrong.length, nearest.length) / 2;
  return `${near ? `did you mean ${nearest}? Known` : 'known'}: ${names.join(', ')}`;
}
