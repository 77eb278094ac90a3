/** Install-first coalesces that differ in what comes before the install: right ones, and what people get wrong. */
import type { MapOperation, Stage2Entry, Strategy } from '@s2bench/core';
import { defineStrategy, LEVEL_UNKNOWN, NO_ENTRY } from '@s2bench/core';
import { VALID } from '@s2bench/core/stage2';
import type { RawActions } from '../src/raw-actions.ts';
import type { Subject } from '../src/subject.ts';
import { installFirstByIpa, installFirstNoClean, takeDownFirst } from './specimens.ts';

/** Normal memory, readable, writable, executable, with the access flag. */
const BLOCK_ATTRIBUTES = 0x7fc;

type Flush = (entry: Stage2Entry, map: MapOperation) => void;

/** Install first, with a clean; `flush` stands for what comes before it. */
function installFirst(name: string, flush: Flush): Strategy {
  return defineStrategy({
    ...installFirstNoClean,
    name,
    summary: 'break and flush, clean, install the block, free the subtree',

    tablePre(entry, map) {
      if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
      map.anchor = entry.id;
      map.followed = map.follow(entry);
      flush(entry, map);
      map.clean(entry);
      map.install(entry);
    },
  });
}

/** The same with single barriers and TLBIs, which a strategy's contract does not have. */
function installFirstRaw(
  name: string,
  flush: (entry: Stage2Entry, map: MapOperation, raw: RawActions) => void,
): Subject {
  const strategy = installFirst(name, () => undefined);
  return { strategy, below: (raw) => installFirst(name, (entry, map) => flush(entry, map, raw)) };
}

/** Right: break, flush the VMID. */
export const flushVmid = installFirst('flush-vmid', (entry, map) => {
  map.invalidate(entry);
  map.tlbiVmid();
});

/** Right: more barriers than needed. */
export const extraBarriers = installFirstRaw('extra-barriers', (entry, map, raw) => {
  map.invalidate(entry);
  raw.barrier('ish');
  map.tlbiVmid();
  raw.barrier('ish');
});

/** Wrong, each in its own way. */
export const WRONG_ORDERS: readonly Subject[] = [
  { strategy: installFirst('no-tlbi', (entry, map) => map.invalidate(entry)) },
  { strategy: installFirstByIpa },
  {
    strategy: installFirst('tlbi-before-break', (entry, map) => {
      map.tlbiVmid();
      map.invalidate(entry);
    }),
  },
  installFirstRaw('no-dsb', (entry, map, raw) => {
    map.invalidate(entry);
    raw.tlbiVmid();
  }),
  installFirstRaw('no-dsb-before-tlbi', (entry, map, raw) => {
    map.invalidate(entry);
    raw.tlbiVmid();
    raw.barrier('ish');
  }),
  installFirstRaw('only-ishst-after-tlbi', (entry, map, raw) => {
    map.invalidate(entry);
    raw.barrier('ishst');
    raw.tlbiVmid();
    raw.barrier('ishst');
  }),
  installFirstRaw('block-over-table', (entry, map, raw) => {
    raw.store(entry.id, map.physAddress | BLOCK_ATTRIBUTES | VALID, 0);
  }),
];

/** Wrong: the table is taken down, and only then is the VMID flushed. */
export const freeBeforeFlush: Strategy = defineStrategy({
  ...takeDownFirst,
  name: 'free-before-flush',
  summary: 'invalidate the entry, free the subtree, flush the VMID, map the block',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.anchor = entry.id;
  },

  tablePost(entry, map) {
    if (map.anchor === NO_ENTRY) return;
    map.freeTable(map.follow(entry));
    map.put(entry);
    if (map.anchor !== entry.id) return;
    map.anchor = NO_ENTRY;
    map.tlbiVmid();
    return map.mapLeaf(entry);
  },
});

/** Wrong: what is flushed before the table is taken down is one IPA, so that its other pages stay cached. */
export const takeDownByIpa: Strategy = defineStrategy({
  ...takeDownFirst,
  name: 'take-down-by-ipa',
  summary: 'invalidate the entry, flush one IPA, free the subtree, map the block',

  tablePre(entry, map) {
    if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
    map.invalidate(entry);
    map.tlbiIpa(entry, LEVEL_UNKNOWN);
    map.anchor = entry.id;
  },
});
