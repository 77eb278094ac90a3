/** Stands between a strategy and what it is handed: whatever the contract does not say is an error. */
import { inspect } from 'node:util';
import type { MapOperation, Stage2Entry, Strategy, VisitResult, Visitors } from '@s2bench/core';
import { withoutClocks } from '@s2bench/verify';

/** A strategy has done what the contract does not allow. The message is one line. */
export class ContractBreach extends Error {
  override readonly name = 'ContractBreach';
  readonly visitor: string;

  constructor(visitor: string, what: string) {
    super(`${visitor} ${what}`);
    this.visitor = visitor;
  }
}

const ENTRY_KEYS = ['id', 'address', 'level', 'sizeBytes', 'valid'] as const satisfies readonly (keyof Stage2Entry)[];
const WRITABLE = ['anchor', 'followed'] as const satisfies readonly (keyof MapOperation)[];
const READABLE = ['physAddress'] as const satisfies readonly (keyof MapOperation)[];
/** Methods, and whether their first argument is an entry or a table page. */
const METHODS = {
  blockSupported: 'entry',
  follow: 'entry',
  invalidate: 'entry',
  tlbiVmid: 'nothing',
  tlbiIpa: 'entry',
  clean: 'entry',
  install: 'entry',
  mapLeaf: 'entry',
  put: 'entry',
  get: 'entry',
  freeTable: 'table',
  walkLeaves: 'table',
} as const satisfies Partial<Record<keyof MapOperation, 'entry' | 'table' | 'nothing'>>;

const VISITORS = ['tablePre', 'tablePost', 'leaf'] as const satisfies readonly (keyof Visitors)[];

/** The same strategy; a visitor that leaves the contract throws {@link ContractBreach}. */
export function guardContract(strategy: Strategy): Strategy {
  const guarded: { -readonly [K in keyof Strategy]: Strategy[K] } = { ...strategy };
  for (const name of VISITORS) {
    if (strategy[name] === undefined) continue;
    const refuseClock = (asked: string): never => {
      throw new ContractBreach(name, `calls ${asked}: a strategy knows neither time nor chance`);
    };
    guarded[name] = (entry, map) => {
      const lent = lendEntry(entry, name);
      let result: unknown;
      try {
        result = withoutClocks(refuseClock, () => strategy[name]?.(lent.entry, guardMap(map, name)));
      } finally {
        lent.takeBack();
      }
      return checkedResult(result, name);
    };
  }
  return guarded;
}

function checkedResult(result: unknown, visitor: string): VisitResult {
  if (result === undefined) return;
  if (typeof result === 'number' && Number.isInteger(result) && result <= 0) return result;
  throw new ContractBreach(visitor, `returns ${inspect(result)}: 0, a negative errno or nothing is allowed`);
}

/** An entry that can be read until it is taken back: the walk uses one object for all entries. */
function lendEntry(entry: Stage2Entry, visitor: string): { entry: Stage2Entry; takeBack: () => void } {
  let isLent = true;
  const refuse = (name: string | symbol): never => {
    throw new ContractBreach(visitor, `writes entry.${String(name)}: an entry is only read`);
  };
  const proxy = new Proxy(entry, {
    get: (target, name): unknown => {
      if (!isLent)
        throw new ContractBreach(visitor, `kept an entry beyond its visit: keep entry.id, the object moves on`);
      if (!isOneOf(ENTRY_KEYS, name))
        throw new ContractBreach(visitor, `reads entry.${String(name)}: an entry has ${ENTRY_KEYS.join(', ')}`);
      return target[name];
    },
    set: (_target, name) => refuse(name),
    defineProperty: (_target, name) => refuse(name),
    deleteProperty: (_target, name) => refuse(name),
  });
  return { entry: proxy, takeBack: () => (isLent = false) };
}

function guardMap(map: MapOperation, visitor: string): MapOperation {
  return new Proxy(map, {
    get: (target, name): unknown => {
      if (isOneOf(WRITABLE, name) || isOneOf(READABLE, name)) return target[name];
      if (!isMethod(name))
        throw new ContractBreach(visitor, `reads map.${String(name)}: the contract does not have it`);
      return (...values: unknown[]): unknown => {
        checkArgument(METHODS[name], values[0], visitor, `calls map.${name}`);
        if (name === 'tlbiIpa') checkHint(values[1], visitor);
        if (name !== 'walkLeaves') return (target[name] as (...rest: unknown[]) => unknown).apply(target, values);
        walkLeaves(target, values, visitor);
        return undefined;
      };
    },
    set: (target, name, value: unknown) => {
      if (!isOneOf(WRITABLE, name))
        throw new ContractBreach(visitor, `writes map.${String(name)}: only ${WRITABLE.join(' and ')} are written`);
      if (!Number.isInteger(value))
        throw new ContractBreach(visitor, `sets map.${name} to ${String(value)}: it holds an id`);
      target[name] = value as number;
      return true;
    },
  });
}

/** Leaves are lent as entries are. */
function walkLeaves(map: MapOperation, [table, visit]: readonly unknown[], visitor: string): void {
  if (typeof visit !== 'function') throw new ContractBreach(visitor, `calls map.walkLeaves without a function`);
  map.walkLeaves(table as number, (leaf) => {
    const lent = lendEntry(leaf, visitor);
    (visit as (leaf: Stage2Entry) => void)(lent.entry);
    lent.takeBack();
  });
}

function checkArgument(
  kind: (typeof METHODS)[keyof typeof METHODS],
  value: unknown,
  visitor: string,
  what: string,
): void {
  if (kind === 'entry' && (typeof value !== 'object' || value === null))
    throw new ContractBreach(visitor, `${what} with ${String(value)}: it takes an entry`);
  if (kind === 'table' && (!Number.isInteger(value) || (value as number) < 0)) {
    throw new ContractBreach(visitor, `${what} with ${String(value)}: it takes a table page that map.follow() gave`);
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

function isOneOf<T extends string>(names: readonly T[], name: string | symbol): name is T {
  return (names as readonly (string | symbol)[]).includes(name);
}

function isMethod(name: string | symbol): name is keyof typeof METHODS {
  return Object.hasOwn(METHODS, name);
}
