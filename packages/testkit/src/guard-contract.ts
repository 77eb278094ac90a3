/** Stands between a strategy and what it is handed: whatever the contract does not say is an error. */
import { inspect } from 'node:util';
import {
  type MapOperation,
  NO_ENTRY,
  NO_TABLE,
  SKIP_BELOW,
  type Stage2Entry,
  type Strategy,
  type V6Entry,
  type V6MapOperation,
  type Visit,
  type VisitResult,
  type Walker,
  wrapVisitors,
} from '@s2bench/core';
import { withoutClocks } from '@s2bench/verify';
import { ContractBreach } from './contract-breach.ts';
import { guardPhase, guardUnlocked } from './guard-hooks.ts';
import { ENTRY_KEYS, isOneOf, lendEntry, TABLE_PAGE_KEYS } from './lent.ts';

const V6_ENTRY_KEYS = [...ENTRY_KEYS, 'old'] as const satisfies readonly (keyof V6Entry)[];
const WRITABLE = ['anchor', 'followed'] as const satisfies readonly (keyof MapOperation)[];
const READABLE = ['physAddress', 'needsClean'] as const satisfies readonly (keyof MapOperation)[];
/** Methods, and whether their first argument is an entry or a table page. */
const METHODS = {
  blockSupported: 'entry',
  follow: 'entry',
  invalidate: 'entry',
  tlbiVmid: 'nothing',
  tlbiIpa: 'entry',
  clean: 'entry',
  invalidateIcache: 'entry',
  tlbiRange: 'nothing',
  install: 'entry',
  mapLeaf: 'entry',
  put: 'entry',
  get: 'entry',
  freeTable: 'table',
  freeBelow: 'table',
  walkLeaves: 'table',
  walkTables: 'table',
} as const satisfies Partial<Record<keyof MapOperation, 'entry' | 'table' | 'nothing'>>;

/** As {@link METHODS}, of the walker of v6.2. */
const V6_METHODS = {
  leafAllowed: 'entry',
  needsUpdate: 'entry',
  childOf: 'entry',
  tryLeaf: 'entry',
  tryBreak: 'entry',
  trySet: 'entry',
  flush: 'entry',
  clean: 'entry',
  invalidateIcache: 'entry',
  make: 'entry',
  allocateTable: 'entry',
  makeTable: 'entry',
  dropTable: 'table',
  freeUnlinked: 'table',
  mapLeaf: 'entry',
  tlbiVmid: 'nothing',
  tlbiIpa: 'entry',
  tlbiRange: 'nothing',
  put: 'entry',
  get: 'entry',
  walkLeaves: 'table',
  walkTables: 'table',
} as const satisfies Record<Exclude<keyof V6MapOperation, 'needsClean'>, 'entry' | 'table' | 'nothing'>;

/** What a walker hands its visitors. */
interface Words {
  readonly entryKeys: readonly string[];
  readonly writable: readonly string[];
  readonly readable: readonly string[];
  readonly methods: Readonly<Record<string, 'entry' | 'table' | 'nothing'>>;
}

const WORDS: Readonly<Record<Walker, Words>> = {
  v5: { entryKeys: ENTRY_KEYS, writable: WRITABLE, readable: READABLE, methods: METHODS },
  v6: { entryKeys: V6_ENTRY_KEYS, writable: [], readable: ['needsClean'], methods: V6_METHODS },
};

/** The same strategy; a visitor that leaves the contract throws {@link ContractBreach}. */
export function guardContract(strategy: Strategy): Strategy {
  return wrapVisitors(
    strategy,
    (name, visit, walker) => guardVisitor(name, visit, WORDS[walker]),
    (name, phase) => guardPhase(name, phase),
    guardUnlocked,
  );
}

function guardVisitor<Entry extends object, Map extends object>(
  name: string,
  visit: Visit<Entry, Map>,
  words: Words,
): Visit<Entry, Map> {
  const refuseClock = (asked: string): never => {
    throw new ContractBreach(name, `calls ${asked}: a strategy knows neither time nor chance`);
  };
  return (entry, map) => {
    const lent = lendEntry(entry, name, words);
    let result: unknown;
    try {
      const isIdle = words.writable.length > 0 && hasNothingToDo(name, entry as Stage2Entry, map);
      result = withoutClocks(refuseClock, () => visit(lent.entry, guardMap(map, name, words, isIdle)));
    } finally {
      lent.takeBack();
    }
    return checkedResult(result, name);
  };
}

/** Whether a visitor of a table may do nothing: no block fits there, and nothing is under way above. Then it is not called at each page. */
function hasNothingToDo(visitor: string, entry: Stage2Entry, map: Partial<MapOperation>): boolean {
  const isUnderWay = map.anchor !== NO_ENTRY || map.followed !== NO_TABLE;
  return visitor !== 'leaf' && !isUnderWay && map.blockSupported?.(entry) === false;
}

/** What a visitor that has nothing to do may ask. */
const QUESTIONS: readonly string[] = ['blockSupported', 'follow'] satisfies readonly (keyof MapOperation)[];
const IDLE =
  'where no block fits and no anchor is set: there a visitor has to do nothing, since it is not called at each page';

function checkedResult(result: unknown, visitor: string): VisitResult {
  if (result === undefined) return;
  if (typeof result === 'number' && Number.isInteger(result) && result <= 0) return result;
  if (result === SKIP_BELOW && visitor === 'tablePre') return result;
  throw new ContractBreach(visitor, `returns ${inspect(result)}: 0, a negative errno or nothing is allowed`);
}

function guardMap<Map extends object>(map: Map, visitor: string, words: Words, isIdle: boolean): Map {
  const { writable, readable, methods } = words;
  return new Proxy(map, {
    get: (target, asked): unknown => {
      const name = String(asked);
      const called = `map.${name}`;
      const operation = target as Record<string, unknown>;
      if (isOneOf(writable, name) || isOneOf(readable, name)) return operation[name];
      const kind = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (kind === undefined) throw new ContractBreach(visitor, `reads ${called}: the contract does not have it`);
      return (...values: unknown[]): unknown => {
        checkArgument(kind, values[0], visitor, `calls ${called}`);
        if (name === 'tlbiIpa') checkHint(values[1], visitor);
        if (isIdle && !QUESTIONS.includes(name)) throw new ContractBreach(visitor, `calls ${called} ${IDLE}`);
        if (name !== 'walkLeaves' && name !== 'walkTables')
          return (operation[name] as (...rest: unknown[]) => unknown).apply(target, values);
        walkBelow(target as unknown as Walks, name, values, visitor);
        return undefined;
      };
    },
    set: (target, name, value: unknown) => {
      if (!isOneOf(writable, name))
        throw new ContractBreach(
          visitor,
          `writes map.${String(name)}: ${writable.length === 0 ? 'nothing is' : `only ${writable.join(' and ')} are`} written`,
        );
      if (!Number.isInteger(value))
        throw new ContractBreach(visitor, `sets map.${name} to ${String(value)}: it holds an id`);
      if (isIdle) throw new ContractBreach(visitor, `sets map.${name} ${IDLE}`);
      (target as Record<string, unknown>)[name] = value;
      return true;
    },
  });
}

type Walks = Pick<MapOperation, 'walkLeaves' | 'walkTables'>;

/** Leaves and table pages are lent as entries are. */
function walkBelow(map: Walks, name: keyof Walks, [table, visit]: readonly unknown[], visitor: string): void {
  if (typeof visit !== 'function') throw new ContractBreach(visitor, `calls map.${name} without a function`);
  const lend =
    (entryKeys: readonly string[]) =>
    (visited: object): void => {
      const lent = lendEntry(visited, visitor, { entryKeys });
      (visit as (visited: object) => void)(lent.entry);
      lent.takeBack();
    };
  if (name === 'walkLeaves') map.walkLeaves(table as number, lend(ENTRY_KEYS));
  else map.walkTables(table as number, lend(TABLE_PAGE_KEYS));
}

function checkArgument(kind: 'entry' | 'table' | 'nothing', value: unknown, visitor: string, what: string): void {
  if (kind === 'entry' && (typeof value !== 'object' || value === null))
    throw new ContractBreach(visitor, `${what} with ${String(value)}: it takes an entry`);
  if (kind === 'table' && (!Number.isInteger(value) || (value as number) < 0)) {
    throw new ContractBreach(visitor, `${what} with ${String(value)}: it takes a table page that the map gave`);
  }
}

/** A hint of a TLBI by IPA may be left out. */
function checkHint(level: unknown, visitor: string): void {
  if (level === undefined || (typeof level === 'number' && [0, 1, 2, 3].includes(level))) return;
  throw new ContractBreach(
    visitor,
    `calls map.tlbiIpa with level ${inspect(level)}: it takes 0 (unknown) to 3, or none`,
  );
}
