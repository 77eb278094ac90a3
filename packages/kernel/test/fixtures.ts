/** What the tests of tables share. */
import type { Strategy } from '@s2bench/core';
import { defineStrategy, NO_ENTRY, OK } from '@s2bench/core';
import type { EffectSink } from '@s2bench/core/stage2';
import type { Stage2Table } from '@s2bench/core/stage2';
import { IgnoreEffects, makeGeometry } from '@s2bench/core/stage2';
import { stage2TableOf } from '../src/code-of.ts';
import { kernelModelOf } from '../src/kernel-model.ts';
import { MemoryCache } from '../src/memory-cache.ts';
import { Mapper } from '../src/v5/map.ts';

export const READ_WRITE = { read: true, write: true, execute: false, device: false };
export const ENDLESS = (): MemoryCache => new MemoryCache(Infinity);

/** The order of v5.11, so that the core can be tested without knowing a strategy's package. */
export const BREAK_FIRST: Strategy = defineStrategy({
  name: 'break-first',
  summary: 'break, flush, free, make',
  source: 'of these tests',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.tlbiVmid();
    map.anchor = entry.id;
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    return map.mapLeaf(entry);
  },
});

/** The order of the seed thread's patch: the block stands before what was below it goes. */
export const INSTALL_FIRST: Strategy = defineStrategy({
  name: 'install-first',
  summary: 'break, flush, make, free',
  source: 'of these tests',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.anchor = entry.id;
    map.followed = map.follow(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    map.install(entry);
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    const isAnchor = map.anchor === entry.id;
    map.freeTable(isAnchor ? map.followed : map.follow(entry));
    if (isAnchor) map.anchor = NO_ENTRY;
    else map.put(entry);
  },
});

/** The order of v5.14: the topmost of the old tables goes when the block stands. */
export const FREE_LAST: Strategy = defineStrategy({
  name: 'free-last',
  summary: 'break, flush, free below, make, free',
  source: 'of these tests',
  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.followed = map.follow(entry);
    map.invalidate(entry);
    map.tlbiVmid();
    map.anchor = entry.id;
  },
  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    const isAnchor = map.anchor === entry.id;
    const table = isAnchor ? map.followed : map.follow(entry);
    if (isAnchor) map.anchor = NO_ENTRY;
    const rc = isAnchor ? map.mapLeaf(entry) : OK;
    map.freeTable(table);
    map.put(entry);
    return rc;
  },
});

/** The order of v6.2: the block first, what was below after a grace period. */
export const BLOCK_FIRST: Strategy = defineStrategy({
  name: 'block-first',
  summary: 'break, flush, make, unlink',
  source: 'of these tests',
  walkers: ['v6'],
  v6: {
    tablePre(entry, map) {
      if (!map.leafAllowed(entry)) return;
      const table = map.childOf(entry);
      const rc = map.tryLeaf(entry);
      if (rc === OK) map.freeUnlinked(table, entry.level);
      return rc;
    },
  },
});

export interface TableOptions {
  readonly pageSizeBytes?: number;
  readonly ipaBits?: number;
  readonly kernel?: string;
  readonly fwb?: boolean;
  readonly effects?: EffectSink;
  readonly strategy?: Strategy;
}

export function makeTable(options: TableOptions = {}): { table: Stage2Table; mapper: Mapper } {
  const kernel = kernelModelOf(options.kernel ?? 'v5.12p1');
  const table = stage2TableOf(kernel, {
    geometry: makeGeometry(options.pageSizeBytes ?? 4096, options.ipaBits ?? 40),
    fwb: options.fwb ?? false,
    effects: options.effects ?? new IgnoreEffects(),
  });
  return {
    table,
    mapper: new Mapper(table, kernel, options.strategy ?? BREAK_FIRST),
  };
}

/** Writes every effect down as a line. */
export function effectLog(): { effects: EffectSink; lines: string[] } {
  const lines: string[] = [];
  const effects = new Proxy<EffectSink>(new IgnoreEffects(), {
    get: (_target, name) =>
      name === 'pageTotals'
        ? undefined
        : (...values: readonly unknown[]) => {
            lines.push([String(name), ...values].join(' '));
          },
  });
  return { effects, lines };
}
