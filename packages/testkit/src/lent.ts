/** What a walk lends its visitors: it uses one object for all that it visits. */
import type { Stage2Entry, TablePage } from '@s2bench/core';
import { ContractBreach } from './contract-breach.ts';

/** What can be read of an entry. */
export const ENTRY_KEYS = [
  'id',
  'address',
  'level',
  'sizeBytes',
  'valid',
  'outputAddress',
  'writable',
  'executable',
] as const satisfies readonly (keyof Stage2Entry)[];
/** What can be read of a table page. */
export const TABLE_PAGE_KEYS = ['id', 'level', 'entries', 'references'] as const satisfies readonly (keyof TablePage)[];
/** An entry that can be read until it is taken back: the walk uses one object for all entries. */
export function lendEntry<Entry extends object>(
  entry: Entry,
  visitor: string,
  { entryKeys }: { readonly entryKeys: readonly string[] },
): { entry: Entry; takeBack: () => void } {
  let isLent = true;
  const refuse = (name: string | symbol): never => {
    throw new ContractBreach(visitor, `writes entry.${String(name)}: an entry is only read`);
  };
  const proxy = new Proxy(entry, {
    get: (target, name): unknown => {
      if (!isLent)
        throw new ContractBreach(visitor, `kept an entry beyond its visit: keep entry.id, the object moves on`);
      if (!isOneOf(entryKeys, name))
        throw new ContractBreach(visitor, `reads entry.${String(name)}: an entry has ${entryKeys.join(', ')}`);
      return (target as Record<string, unknown>)[name];
    },
    set: (_target, name) => refuse(name),
    defineProperty: (_target, name) => refuse(name),
    deleteProperty: (_target, name) => refuse(name),
  });
  return { entry: proxy, takeBack: () => (isLent = false) };
}

/** Whether a name is one of these. */
export function isOneOf<T extends string>(names: readonly T[], name: string | symbol): name is T {
  return (names as readonly (string | symbol)[]).includes(name);
}
