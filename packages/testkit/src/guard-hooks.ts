/** Stands between a hook and what it is handed, as `guardContract` does for visitors. */
import type { BeforeLock, LogLeaf, LogOperation, LogPhase, LogVisitor, TablePage, UnlockedFault } from '@s2bench/core';
import { SKIP_BELOW } from '@s2bench/core';
import { withoutClocks } from '@s2bench/verify';
import { inspect } from 'node:util';
import { ContractBreach } from './contract-breach.ts';
import { ENTRY_KEYS, lendEntry, TABLE_PAGE_KEYS } from './lent.ts';

const LEAF_KEYS = [...ENTRY_KEYS, 'cacheable'] as const satisfies readonly (keyof LogLeaf)[];
const READABLE = ['address', 'sizeBytes', 'needsClean'] as const satisfies readonly (keyof LogOperation)[];

/** Methods, and what their first argument is. */
const METHODS = {
  walk: 'visitor',
  mayBeBlock: 'entry',
  hostBlock: 'entry',
  childOf: 'entry',
  walkLeaves: 'table',
  walkTables: 'table',
  invalidate: 'entry',
  tlbiVmid: 'nothing',
  tlbiIpa: 'entry',
  tlbiRange: 'nothing',
  clean: 'entry',
  install: 'entry',
  put: 'entry',
  freeBelow: 'table',
  split: 'nothing',
} as const satisfies Record<
  Exclude<keyof LogOperation, (typeof READABLE)[number]>,
  'entry' | 'table' | 'visitor' | 'nothing'
>;

const UNLOCKED_READABLE = ['address', 'sizeBytes', 'needsClean'] as const satisfies readonly (keyof UnlockedFault)[];

/** What runs before the lock; where it leaves the contract it throws `ContractBreach`. */
export function guardUnlocked(name: string, run: BeforeLock): BeforeLock {
  const refuseClock = (asked: string): never => {
    throw new ContractBreach(name, `calls ${asked}: a strategy knows neither time nor chance`);
  };
  return (fault) => {
    const lent = new Proxy(fault, {
      get: (target, word): unknown => {
        if (word === 'clean') {
          return () => {
            target.clean();
          };
        }
        const readable = UNLOCKED_READABLE.find((name) => name === word);
        if (readable !== undefined) return target[readable];
        throw new ContractBreach(name, `reads fault.${String(word)}: the contract does not have it`);
      },
      set: (_target, word) => {
        throw new ContractBreach(name, `writes fault.${String(word)}: nothing is written`);
      },
    });
    const act: (fault: UnlockedFault) => unknown = run;
    const result = withoutClocks(refuseClock, () => act(lent));
    if (result !== undefined) throw new ContractBreach(name, `returns ${inspect(result)}: nothing is returned`);
  };
}

/** The phase; where it leaves the contract it throws `ContractBreach`. */
export function guardPhase(name: string, phase: LogPhase): LogPhase['run'] {
  const refuseClock = (asked: string): never => {
    throw new ContractBreach(name, `calls ${asked}: a hook knows neither time nor chance`);
  };
  return (log) => {
    const result: unknown = withoutClocks(refuseClock, () => phase.run(guardLog(log, name)));
    return checkedResult(result, name, false);
  };
}

function checkedResult(result: unknown, name: string, maySkip: boolean): number | undefined {
  if (result === undefined) return undefined;
  if (typeof result === 'number' && Number.isInteger(result) && (result <= 0 || (maySkip && result === SKIP_BELOW)))
    return result;
  throw new ContractBreach(name, `returns ${inspect(result)}: 0, a negative errno or nothing is allowed`);
}

function guardLog(log: LogOperation, name: string): LogOperation {
  return new Proxy(log, {
    get: (target, asked): unknown => {
      const word = String(asked);
      if ((READABLE as readonly string[]).includes(word)) return target[word as (typeof READABLE)[number]];
      if (!Object.hasOwn(METHODS, word))
        throw new ContractBreach(name, `reads log.${word}: the contract does not have it`);
      return (...values: unknown[]): unknown => call(target, word as keyof typeof METHODS, values, name);
    },
    set: (_target, word) => {
      throw new ContractBreach(name, `writes log.${String(word)}: nothing is written`);
    },
  });
}

function call(log: LogOperation, word: keyof typeof METHODS, values: readonly unknown[], name: string): unknown {
  const [first, second] = values;
  const kind = METHODS[word];
  const isRight = { entry: isObject, visitor: isObject, table: isTable, nothing: () => true }[kind](first);
  if (!isRight) throw new ContractBreach(name, `calls log.${word} with ${String(first)}: it takes ${ARTICLES[kind]}`);
  if (word === 'walk') return log.walk(lentVisitor(first as LogVisitor, name));
  if (word !== 'walkLeaves' && word !== 'walkTables')
    return (log[word] as (...rest: readonly unknown[]) => unknown).apply(log, [...values]);
  if (typeof second !== 'function') throw new ContractBreach(name, `calls log.${word} without a function`);
  const lend =
    (keys: readonly string[]) =>
    (visited: LogLeaf | TablePage): void => {
      const lent = lendEntry(visited, name, { entryKeys: keys });
      (second as (visited: object) => void)(lent.entry);
      lent.takeBack();
    };
  if (word === 'walkLeaves') log.walkLeaves(first as number, lend(LEAF_KEYS));
  else log.walkTables(first as number, lend(TABLE_PAGE_KEYS));
  return undefined;
}

const ARTICLES = {
  entry: 'an entry',
  table: 'a table page that the operation gave',
  visitor: 'an object of visitors',
  nothing: 'nothing',
};

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isTable(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** Entries of a hook's own walk are lent as others are. */
function lentVisitor(visitor: LogVisitor, name: string): LogVisitor {
  const lent: { -readonly [Which in keyof LogVisitor]: LogVisitor[Which] } = {};
  for (const which of ['tablePre', 'tablePost', 'leaf'] as const) {
    if (visitor[which] === undefined) continue;
    lent[which] = (entry) => {
      const borrowed = lendEntry(entry, name, { entryKeys: ENTRY_KEYS });
      try {
        return checkedResult(visitor[which]?.(borrowed.entry), `${name}.${which}`, which === 'tablePre');
      } finally {
        borrowed.takeBack();
      }
    };
  }
  return lent;
}
