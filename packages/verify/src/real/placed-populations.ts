/** Populations in a real table, and where the block of each lies: what is met beside counts and places of entries. */
import { makeGeometry } from '@s2bench/core/stage2';
import { everyCountOf, type Population, populationsOf } from './populations.ts';
import type { RealWorld } from './real-worlds.ts';

/**
 * What a valid entry is. For a block over two levels it is a block, or a lower table with one page, in which of its entries the
 * kind says, or with all; `mixed`: each of these, in turns.
 */
type EntryKind = 'page' | 'block' | 'table-first' | 'table-middle' | 'table-last' | 'table-full' | 'mixed';
const IN_TURNS = ['table-full', 'table-first', 'block', 'table-middle'] as const;

/**
 * `read-only`: for loads alone, as what is read first is while a slot is logged. `mixed`: what is mapped by one call after the other
 * for loads, for fetches, and for stores.
 */
export type Rights = 'writable' | 'read-only' | 'mixed';

/** A population, and what is around it. */
export interface PlacedPopulation extends Population {
  readonly entry: EntryKind;
  /** What its pages were mapped with. */
  readonly rights: Rights;
  /** Number of the block of guest addresses, and of that of host memory. */
  readonly guestBlock: number;
  readonly hostBlock: number;
}

/** Of guest addresses. */
export const IPA_BITS = 40;

/** Up to so many entries, in one table alone, every count is met: it takes a fraction of a second. */
const MOST_FOR_EVERY_COUNT = 512;
/** Of so many populations one is read-only, and one of mixed rights. */
const READ_ONLY_EVERY = 5;
const MIXED_EVERY = 7;
/** Primes: populations that come in turns of any other number lie at odd and at even blocks alike. */
const GUEST_BLOCKS = 509;
const HOST_BLOCKS = 1021;
/** Of three populations one lies in the upper half of the guest's addresses, and one beyond what 44 bits of the host's say. */
const HIGH_GUEST_BYTES = 2 ** 39;
const HIGH_HOST_BYTES = 2 ** 44;

/** All populations of a real table, each at a place of its own. */
export function placedPopulationsOf(world: RealWorld): PlacedPopulation[] {
  const blockBytes = makeGeometry(world.pageSizeBytes, IPA_BITS).granuleBytes[world.level];
  return kindsIn(world).map((population, at) => ({
    ...population,
    rights: rightsAt(at),
    // Never at 0, so that an address that was lost shows; each low bit is met both ways by populations of each kind.
    guestBlock: 3 + ((at * 7) % GUEST_BLOCKS) + (at % 3 === 2 ? HIGH_GUEST_BYTES / blockBytes : 0),
    hostBlock: 8 + ((at * 5) % HOST_BLOCKS) + (at % 3 === 1 ? HIGH_HOST_BYTES / blockBytes : 0),
    ...population.with,
  }));
}

function rightsAt(at: number): Rights {
  if (at % READ_ONLY_EVERY === READ_ONLY_EVERY - 1) return 'read-only';
  return at % MIXED_EVERY === MIXED_EVERY - 1 ? 'mixed' : 'writable';
}

type Kinds = Population & { readonly entry: EntryKind; readonly with?: Partial<PlacedPopulation> };

function kindsIn({ level, pageSizeBytes }: RealWorld): Kinds[] {
  const entries = pageSizeBytes / 8;
  const isEvery = level === 2 && entries <= MOST_FOR_EVERY_COUNT;
  const all = isEvery ? everyCountOf(entries) : populationsOf(entries);
  // A full table faults where it may not be written; one that may be written only while it became so under the fault.
  const full = { name: 'full-read-only', ranges: [[0, entries] as const], with: { rights: 'read-only' } } as const;
  if (level === 2) return [...all, full].map((population) => ({ ...population, entry: 'page' }));
  // Those of which there are few come first: who decides by what is below shows at once.
  return [
    ...fullTables(all),
    ...upperKinds(all, ['table-first'], 1),
    ...upperKinds(all, ['table-middle', 'table-last', 'block'], 4),
  ];
}

/** Of the upper table every pattern is met; what its entries are is told apart by one pattern in so many. */
function upperKinds(all: readonly Population[], kinds: readonly EntryKind[], every: number): Kinds[] {
  return kinds.flatMap((entry) =>
    all.filter((_, at) => at % every === 0).map((population) => named(population, entry)),
  );
}

/** Full lower tables have many pages: they are beside a hole above them, beside each other, and beside all other kinds. */
function fullTables(all: readonly Population[]): Kinds[] {
  const of = (names: readonly string[], entry: EntryKind): Kinds[] =>
    all.filter(({ name }) => names.includes(name)).map((population) => named(population, entry));
  return [
    ...of(['first-1', 'first-2', 'only-511'], 'table-full'),
    ...of(['first-2', 'first-3', 'first-7', 'last-2', 'last-4', 'every-64'], 'mixed'),
  ];
}

function named(population: Population, entry: EntryKind): Kinds {
  return { ...population, name: `${population.name} of ${entry}`, entry };
}

/** Maps a range of bytes from an offset into the block on. */
type MapRange = (offset: number, sizeBytes: number) => void;

/** Maps what is valid before, in as few calls as there are ranges. */
export function populate(
  { ranges, entry }: PlacedPopulation,
  entryBytes: number,
  pageSizeBytes: number,
  map: MapRange,
): void {
  if (entry === 'page') {
    for (const [first, behind] of ranges) {
      // In two calls, since one for all of a table's range would be a block.
      map(first * entryBytes, entryBytes);
      if (behind > first + 1) map((first + 1) * entryBytes, (behind - first - 1) * entryBytes);
    }
    return;
  }
  let nth = 0;
  for (const [first, behind] of ranges) {
    for (let at = first; at < behind; at++) {
      const kind = entry === 'mixed' ? (IN_TURNS[nth++ % IN_TURNS.length] ?? 'block') : entry;
      mapEntry(kind, at * entryBytes, at, { entryBytes, pageSizeBytes }, map);
    }
  }
}

function mapEntry(
  kind: Exclude<EntryKind, 'page' | 'mixed'>,
  offset: number,
  at: number,
  { entryBytes, pageSizeBytes }: { readonly entryBytes: number; readonly pageSizeBytes: number },
  map: MapRange,
): void {
  const pages = entryBytes / pageSizeBytes;
  switch (kind) {
    case 'block':
      map(offset, entryBytes);
      return;
    case 'table-first':
      map(offset, pageSizeBytes);
      return;
    case 'table-middle':
      // Elsewhere in each table.
      map(offset + ((1 + at * 37) % pages) * pageSizeBytes, pageSizeBytes);
      return;
    case 'table-last':
      map(offset + entryBytes - pageSizeBytes, pageSizeBytes);
      return;
    case 'table-full':
      map(offset, pageSizeBytes);
      map(offset + pageSizeBytes, entryBytes - pageSizeBytes);
  }
}
