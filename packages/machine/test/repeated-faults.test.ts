/** Faults that are done many at once, against the same faults one by one: the state that they leave has to be the same. */
import type { Strategy } from '@s2bench/core';
import type { Geometry } from '@s2bench/core/stage2';
import { IgnoreEffects, makeGeometry, PAGE_SIZES } from '@s2bench/core/stage2';
import type { AccessRun, BackingKind } from '@s2bench/kernel';
import { Backing, KERNEL_MODELS, kernelModelOf, runSection, VirtualMachine } from '@s2bench/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheState } from '../src/cache-state.ts';
import { beginning, fastForward } from '../src/fast-forward.ts';
import { smallGeometry } from './cell.ts';
import { INSTALL_FIRST, TAKE_DOWN_FIRST } from './coalescing.ts';

const PHYS_ADDRESS = 2 ** 40;
const BLOCKS = 3;

/** What a guest or the host does: a loop over pages, or a task. */
type Deed =
  | {
      readonly kind: 'loop';
      readonly from: number;
      readonly part: number;
      readonly stride: number;
      readonly write: boolean;
    }
  | { readonly kind: 'host'; readonly do: 'log-on' | 'log-off' | 'collect-log' };

interface Story {
  readonly geometry: Geometry;
  readonly backing: BackingKind;
  readonly kernel: string;
  readonly strategy: Strategy;
  readonly fwb: boolean;
  readonly logging: boolean;
  /** Pages by which guest and host addresses lie askew: no block fits then. */
  readonly skewPages: number;
  readonly deeds: readonly Deed[];
}

/** An odd page of each four that is not the last of a table: what is done from there on, no fault at its end shows. */
const isOwnPage = (address: number): boolean => Math.floor(address / 4096) % 4 === 1;

/** Strategies that do nothing at most pages and something at others, by what they are told of the page. */
const FROM_SOME_PAGE_ON: readonly Strategy[] = [
  {
    ...TAKE_DOWN_FIRST,
    // A reference too many stays to be seen.
    tablePost: (entry, map) => (isOwnPage(entry.address) ? map.get(entry) : TAKE_DOWN_FIRST.tablePost?.(entry, map)),
  },
  {
    ...TAKE_DOWN_FIRST,
    tablePost: (entry, map) => (isOwnPage(map.physAddress) ? map.get(entry) : TAKE_DOWN_FIRST.tablePost?.(entry, map)),
  },
];

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('loop' as const),
      from: fc.double({ min: 0, max: 0.9, noNaN: true }),
      part: fc.constantFrom(0.1, 0.6, 1),
      stride: fc.constantFrom(1, 1, 1, 2, 5),
      write: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('host' as const),
      do: fc.constantFrom('log-on', 'log-off', 'collect-log'),
    }),
  },
);

function storiesOf(geometry: Geometry, strategies: readonly Strategy[]): fc.Arbitrary<Story> {
  return fc.record({
    geometry: fc.constant(geometry),
    backing: fc.constantFrom('anonymous', 'thp', 'hugetlb'),
    kernel: fc.constantFrom(
      ...KERNEL_MODELS.filter(({ name }) => kernelModelOf(name).walker === 'v5').map(({ name }) => name),
    ),
    strategy: fc.constantFrom(...strategies),
    fwb: fc.boolean(),
    logging: fc.boolean(),
    skewPages: fc.constantFrom(0, 0, 3),
    deeds: fc.array(deeds, { minLength: 1, maxLength: 6 }),
  });
}

/** The state that a story leaves, and the faults that were run for it. */
function tell(story: Story, repeats: boolean): { state: unknown; faults: number } {
  const { geometry, fwb, strategy, logging } = story;
  const { pageSizeBytes, granuleBytes } = geometry;
  const [, , blockBytes] = granuleBytes;
  const sizeBytes = BLOCKS * blockBytes;
  const caches = new CacheState(PHYS_ADDRESS, sizeBytes, pageSizeBytes);
  const effects = new IgnoreEffects();
  effects.hostWrote = (address, bytes) => caches.hostWrote(address, bytes);
  effects.dcacheClean = (address, bytes) => caches.cleaned(address, bytes);
  const vm = new VirtualMachine({ geometry, kernel: kernelModelOf(story.kernel), strategy, fwb, effects });
  const backing = new Backing({
    kind: story.backing,
    sizeBytes,
    pageSizeBytes,
    blockBytes: story.backing === 'anonymous' ? pageSizeBytes : blockBytes,
    hostAddress: PHYS_ADDRESS,
    physAddress: PHYS_ADDRESS,
  });
  const baseIpa = 4 * blockBytes + story.skewPages * pageSizeBytes;
  const slot = vm.addSlot({ baseIpa, sizeBytes, backing, backingOffsetBytes: 0, logging });
  let faults = 0;
  const quiet = {
    raised: () => {
      faults++;
    },
    operationBegins: () => {},
    operationEnded: () => {},
    ended: () => {},
    accessed: () => {},
  };
  const pages = sizeBytes / pageSizeBytes;
  for (const deed of story.deeds) {
    if (deed.kind === 'host') {
      const task = vm.begin({ do: deed.do, slot });
      while (task.phase !== undefined) runSection(task, vm.origin);
      continue;
    }
    const first = Math.floor(deed.from * pages);
    const count = Math.max(1, Math.floor(((pages - first) / deed.stride) * deed.part));
    const loop = {
      startIpa: baseIpa + first * pageSizeBytes,
      count,
      strideBytes: deed.stride * pageSizeBytes,
      write: deed.write,
    };
    let begun = false;
    const next = (run: AccessRun): boolean => {
      if (begun) return false;
      begun = true;
      Object.assign(run, loop);
      return true;
    };
    expect(fastForward(vm, beginning({ next }), { ...quiet, repeats })).toBe(count);
  }
  const { arena } = vm.table;
  const tables = [...arena.liveSlots()].map((place) => {
    const entries = arena.words.subarray(
      2 * place * geometry.entriesPerTable,
      2 * (place + 1) * geometry.entriesPerTable,
    );
    return [
      arena.serialOf(place),
      arena.baseOf(place),
      arena.refcounts[place],
      arena.validCounts[place],
      entries.join(),
    ];
  });
  const perPage = Array.from({ length: pages }, (_, page) => {
    const offset = page * pageSizeBytes;
    const host = [backing.actionFor(offset, false), backing.actionFor(offset, true), backing.physAddressOf(offset)];
    return [...host, slot.dirty.isDirty(page), caches.dirtyPagesIn(PHYS_ADDRESS + offset, 1)].join();
  });
  return { state: { tables, perPage }, faults };
}

/** Of a geometry: stories, and the part of their faults that was spared. */
function compare(
  geometry: Geometry,
  numRuns: number,
  strategies: readonly Strategy[] = [TAKE_DOWN_FIRST, INSTALL_FIRST],
): number {
  let [all, run] = [0, 0];
  fc.assert(
    fc.property(storiesOf(geometry, strategies), (story) => {
      const [atOnce, oneByOne] = [tell(story, true), tell(story, false)];
      all += oneByOne.faults;
      run += atOnce.faults;
      expect(atOnce.state).toEqual(oneByOne.state);
    }),
    { numRuns, seed: 2021 },
  );
  return 1 - run / all;
}

describe('faults on neighbouring pages, done at once', () => {
  it('leave tables, counts, the dirty log, host memory and caches as faults one by one do', () => {
    expect(compare(smallGeometry(), 250)).toBeGreaterThan(0.15);
  });

  it.each(PAGE_SIZES)('do so with pages of %i bytes too', (pageSizeBytes) => {
    expect(compare(makeGeometry(pageSizeBytes, 40), 4)).toBeGreaterThan(0.5);
  });

  it('do so where a strategy does something at some pages only, by what it is told of each', () => {
    expect(compare(smallGeometry(), 60, FROM_SOME_PAGE_ON)).toBeLessThan(0.2);
  });

  const story = {
    geometry: smallGeometry(),
    backing: 'hugetlb',
    kernel: 'v5.12p1',
    fwb: false,
    logging: true,
    skewPages: 0,
  } as const;
  const touchAll: Story['deeds'] = [{ kind: 'loop', from: 0, part: 1, stride: 1, write: true }];

  it('are not, where the strategy acts where no block can be, or asks to see every leaf', () => {
    const acts: Strategy = {
      ...TAKE_DOWN_FIRST,
      tablePost: (entry, map) => {
        map.get(entry);
        map.put(entry);
      },
    };
    const sees: Strategy = { ...TAKE_DOWN_FIRST, leaf: (entry, map) => map.mapLeaf(entry) };
    const faultsOf = (strategy: Strategy): number => tell({ ...story, strategy, deeds: touchAll }, true).faults;
    const pages = BLOCKS * story.geometry.entriesPerTable;
    expect([faultsOf(acts), faultsOf(sees)]).toEqual([pages, pages]);
    expect(faultsOf(TAKE_DOWN_FIRST)).toBe(2 * BLOCKS);
  });
});
