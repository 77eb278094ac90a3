/** The shapes of coalesces that an exploration has gone through: what a verdict of it speaks of. */
import { isTable, VALID, uint32At } from '@s2bench/core/stage2';
import type { Observer } from '../rules/rule.ts';
import { makeSmallGeometry } from '../small-geometry.ts';
import { PAGE_BYTES } from '../world.ts';
import type { TablePage } from './kernel-state.ts';
import type { Section } from './kernel.ts';
import { replacedTables } from './replaced-tables.ts';

const { entriesPerTable, granuleBytes, startLevel } = makeSmallGeometry(2);
const LAST_LEVEL = 3;

/** Collects shapes; breaks nothing. */
export class CoalesceShapes implements Observer {
  readonly name = 'coalesce-shapes';
  readonly #found = new Set<string>();
  readonly #levels: number;

  /** @param levels - of the world's tables */
  constructor(levels: number) {
    this.#levels = levels;
  }

  /** In words, each once, in the order of the alphabet. */
  get found(): string[] {
    return [...this.#found].sort();
  }

  readonly section = ({ ran }: { readonly ran?: Section }): undefined => {
    if (ran !== undefined) for (const shape of shapesOf(ran, this.#levels)) this.#found.add(shape);
    return undefined;
  };
}

/** What a section replaced by blocks, in words. */
export function shapesOf(section: Section, levels: number): string[] {
  const { operation, from } = section;
  const fault = operation.do === 'fault' ? operation.fault : undefined;
  return replacedTables(section).map(({ level, baseIpa }) => {
    const table = from.pages.find((page) => page.level === level + 1 && page.base === baseIpa);
    const sizeBytes = granuleBytes[level] ?? 0;
    const isRoot = level === startLevel - (levels - 2);
    const missing = table === undefined ? [] : missingPages(from.words, from.pages, table);
    const page = fault === undefined ? -1 : Math.floor(fault.ipa / PAGE_BYTES);
    return [
      `level ${level} in ${isRoot ? 'the root' : 'a table below it'}, ${sizeBytes / PAGE_BYTES} pages`,
      table === undefined ? 'no table' : populationOf(from.pages, table),
      holesAround(missing, page),
      fault === undefined ? 'by no fault' : `by a ${fault.execute ? 'fetch' : fault.write ? 'write' : 'read'}`,
    ].join('; ');
  });
}

/** `level 2: 3 of 4, level 3: 5 of 8`: valid entries of all tables below an entry. */
function populationOf(pages: readonly TablePage[], table: TablePage): string {
  const levels: string[] = [];
  for (let tables = [table]; tables.length > 0; tables = childrenOf(pages, tables)) {
    const valid = tables.reduce((sum, each) => sum + each.valid, 0);
    levels.push(`level ${tables[0]?.level ?? 0}: ${valid} of ${tables.length * entriesPerTable} mapped`);
  }
  return levels.join(', ');
}

function childrenOf(pages: readonly TablePage[], tables: readonly TablePage[]): TablePage[] {
  return pages.filter(({ slot }) => tables.some(({ children }) => children.includes(slot)));
}

/** Guest pages that a table and what is below it do not map. */
function missingPages(words: Uint32Array, pages: readonly TablePage[], table: TablePage): number[] {
  const spanPages = (granuleBytes[table.level] ?? 0) / PAGE_BYTES;
  const missing: number[] = [];
  for (let entry = 0; entry < entriesPerTable; entry++) {
    const low = uint32At(words, 2 * (table.slot * entriesPerTable + entry));
    const first = table.base / PAGE_BYTES + entry * spanPages;
    if ((low & VALID) === 0) {
      for (let page = first; page < first + spanPages; page++) missing.push(page);
    } else if (table.level < LAST_LEVEL && isTable(low)) {
      const child = childrenOf(pages, [table]).find(({ base }) => base === first * PAGE_BYTES);
      if (child !== undefined) missing.push(...missingPages(words, pages, child));
    }
  }
  return missing;
}

function holesAround(missing: readonly number[], page: number): string {
  const before = missing.some((each) => each < page);
  const after = missing.some((each) => each > page);
  const own = missing.includes(page) ? 'the faulting page missing' : 'the faulting page mapped';
  const others = before && after ? 'before and after it' : before ? 'before it' : after ? 'behind it' : 'nowhere else';
  return `${own}, holes ${others}`;
}
