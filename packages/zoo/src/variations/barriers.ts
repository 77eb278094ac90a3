/** More TLB invalidations and barriers than are needed, and other ones that cover as much. */
import { NO_ENTRY } from '@s2bench/core';
import uniformCmo from '@s2bench/strategy-install-first-uniform-cmo';
import baseline from '@s2bench/strategy-baseline';
import type { Variation } from '../animal.ts';
import { beginsInstallFirst, beginsTakeDown, invalidateRange, variation } from '../breed.ts';

export const BARRIERS: readonly Variation[] = [
  variation({
    name: 'flushed-twice',
    change: 'The VMID is flushed once more when the block stands.',
    of: uniformCmo,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
        map.tlbiVmid();
      },
    },
  }),
  variation({
    name: 'flushed-by-leaf-too',
    change: 'Every page of the old table is invalidated by its IPA as well.',
    of: uniformCmo,
    visitors: {
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
        map.walkLeaves(map.followed, (leaf) => map.tlbiIpa(leaf));
        map.clean(entry);
        map.install(entry);
      },
    },
  }),
  variation({
    name: 'flushed-by-range',
    change:
      'Not the VMID is flushed but the range of the block, page after page between two barriers and with no level given, as TLBI RIPAS2E1IS does.',
    of: uniformCmo,
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        invalidateRange(raw, entry);
        raw.barrier('ish');
        raw.tlbiStage1();
        raw.barrier('ish');
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
  variation({
    name: 'barriers-everywhere',
    change: 'A DSB stands between any two actions.',
    of: uniformCmo,
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        raw.barrier('ish');
        map.invalidate(entry);
        raw.barrier('ish');
        map.tlbiVmid();
        raw.barrier('ish');
        map.clean(entry);
        raw.barrier('ish');
        map.install(entry);
        raw.barrier('ish');
      },
    }),
  }),
  variation({
    name: 'zero-for-break',
    change: 'The break clears the whole descriptor and not only its valid bit: the table was followed before.',
    of: uniformCmo,
    below: (raw) => ({
      tablePre(entry, map) {
        if (!beginsInstallFirst(entry, map)) return;
        map.invalidate(entry);
        raw.store(entry.id, 0, 0);
        map.tlbiVmid();
        map.clean(entry);
        map.install(entry);
      },
    }),
  }),
  variation({
    name: 'flushed-again-before-free',
    change: 'The subtree goes first, with a flush of the VMID before each page of it.',
    of: baseline,
    visitors: {
      tablePre(entry, map) {
        if (!beginsTakeDown(entry, map)) return;
        map.invalidate(entry);
        map.tlbiVmid();
      },
      tablePost(entry, map) {
        if (map.anchor !== NO_ENTRY) map.tlbiVmid();
        return baseline.tablePost?.(entry, map);
      },
    },
  }),
];
