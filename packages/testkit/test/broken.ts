/** Strategies with one mistake each, and what the suite has to say of it. */
import {
  defineStrategy,
  type MapOperation,
  NO_ENTRY,
  NO_TABLE,
  type Stage2Entry,
  type Strategy,
  type Visitors,
} from '@s2bench/core';
import type { Aspect } from '../src/finding.ts';
import { TAKE_DOWN_FIRST } from '../src/reference.ts';

/** A strategy with a mistake. */
export interface Broken {
  readonly strategy: Strategy;
  readonly aspect: Aspect;
  readonly rule: string;
  /** What stands in the line besides the rule. */
  readonly says: string;
}

const about = { summary: 'broken on purpose', source: 'this test' };
const stock = TAKE_DOWN_FIRST;

const broken = (name: string, visitors: Visitors, aspect: Aspect, rule: string, says: string): Broken => ({
  strategy: defineStrategy({
    ...about,
    name,
    tablePre: stock.tablePre?.bind(stock),
    tablePost: stock.tablePost?.bind(stock),
    ...visitors,
  } as Strategy),
  aspect,
  rule,
  says,
});

const startsBlock = (entry: Stage2Entry, map: MapOperation): boolean =>
  map.anchor === NO_ENTRY && map.blockSupported(entry);

/** Install-first without a clean, and with a flush or without one. */
const installFirst = (flushes: boolean): Visitors => ({
  tablePre(entry, map) {
    if (!startsBlock(entry, map)) return;
    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.invalidate(entry);
    if (flushes) map.tlbiVmid();
    map.install(entry);
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    if (map.anchor !== entry.id) {
      map.freeTable(map.follow(entry));
      map.put(entry);
      return;
    }
    map.freeTable(map.followed);
    map.followed = NO_TABLE;
    map.anchor = NO_ENTRY;
  },
});

let coalesces = 0;
let kept: Stage2Entry | undefined;

/** What the contract forbids, done in a visitor that is right besides. */
const breach = (name: string, act: (entry: Stage2Entry, map: MapOperation) => unknown, says: string): Broken =>
  broken(
    name,
    {
      tablePre(entry, map) {
        act(entry, map);
        return stock.tablePre?.(entry, map);
      },
    },
    'contract',
    'contract',
    says,
  );

export const BROKEN: readonly Broken[] = [
  broken(
    'flushes-never',
    installFirst(false),
    'coalesce',
    'break-before-make',
    'in op 1 (map 0x200000 0x200000 0x10000200000 rw), at step 2 (install)',
  ),
  broken('never-cleans', installFirst(true), 'safety', 'data-coherency', 'loads page'),
  broken(
    'puts-twice',
    {
      tablePost(entry, map) {
        if (map.anchor === entry.id) map.put(entry);
        return stock.tablePost?.(entry, map);
      },
    },
    'sequences',
    'accounting',
    'a table page of level 2 has',
  ),
  broken(
    'frees-early',
    {
      tablePre(entry, map) {
        if (!startsBlock(entry, map)) return;
        map.anchor = entry.id;
        map.invalidate(entry);
      },
      tablePost(entry, map) {
        const isAnchor = map.anchor === entry.id;
        const result = stock.tablePost?.(entry, map);
        if (isAnchor) map.tlbiVmid();
        return result;
      },
    },
    'coalesce',
    'walker-safety',
    '(free table): the table page of page ',
  ),
  broken(
    'declines',
    { tablePre: () => undefined, tablePost: () => undefined },
    'coalesce',
    'progress',
    'at step its return: page 1 is not mapped when the map returns -EAGAIN',
  ),
  broken(
    'counts',
    {
      tablePre(entry, map) {
        if (startsBlock(entry, map) && coalesces++ % 7 === 3) map.tlbiIpa(entry);
        return stock.tablePre?.(entry, map);
      },
    },
    'determinism',
    'determinism',
    'it remembers something from one run to the next',
  ),
  broken(
    'throws',
    {
      tablePre: () => {
        throw new Error('no such entry');
      },
    },
    'sequences',
    'contract',
    'it throws Error: no such entry',
  ),
  broken(
    'returns-true',
    { tablePost: () => true as unknown as number },
    'contract',
    'contract',
    'at step tablePost: tablePost returns true: 0, a negative errno or nothing',
  ),
  breach(
    'reads-table',
    (_, map) => Reflect.has(Reflect.get(map, 'table') as object, 'arena'),
    'tablePre reads map.table: the contract does not have it',
  ),
  breach(
    'writes-entry',
    (entry) => Reflect.set(entry, 'valid', false),
    'tablePre writes entry.valid: an entry is only read',
  ),
  breach(
    'moves-phys',
    (_, map) => Reflect.set(map, 'physAddress', 0),
    'tablePre writes map.physAddress: only anchor and followed are written',
  ),
  breach('asks-time', () => performance.now(), 'tablePre calls now(): a strategy knows neither time nor chance'),
  breach(
    'flushes-idly',
    (entry, map) => {
      if (map.anchor === NO_ENTRY && !map.blockSupported(entry)) map.tlbiVmid();
    },
    'tablePre calls map.tlbiVmid where no block fits and no anchor is set',
  ),
  breach(
    'frees-nothing',
    (_, map) => map.freeTable(NO_TABLE),
    'tablePre calls map.freeTable with -1: it takes a table page',
  ),
  breach(
    'keeps-entry',
    (entry) => {
      // What it reads is of an entry that the walk has left.
      if (kept?.level === 0) return;
      kept = entry;
    },
    'tablePre kept an entry beyond its visit',
  ),
];
