/**
 * Worlds that are generated: a table that was populated while the slot was logged, and a fault that makes a block of it.
 *
 * They span where the block is, which of its pages are mapped, who faults on which of them and how, what the host does
 * meanwhile, history, backing and the number of vCPUs. The rows are an orthogonal array of strength two: each two of the
 * eight parameters meet in each combination of their values, in 49 worlds instead of 32,928. What comes out alike is one
 * world.
 */
import type { History } from '@s2bench/kernel';
import type { SmallLevels } from '../small-geometry.ts';
import type { HostStep, World } from '../world.ts';

/** What the names of these worlds begin with; the values of their parameters follow. */
export const GENERATED = 'generated';

/** Values of a parameter: a prime, so that the rows below meet in all pairs. */
const VALUES = 7;

/** Where the block is. */
interface Place {
  readonly name: string;
  readonly levels: SmallLevels;
  readonly basePage: number;
  readonly pages: 4 | 16;
}

const place = (name: string, levels: SmallLevels, basePage: number, pages: Place['pages']): Place => {
  return { name, levels, basePage, pages };
};

/** In the root of two levels; under the table of a root of three, which is where most real blocks are; a large one. */
const PLACES: readonly Place[] = [
  place('root-first', 2, 0, 4),
  place('under-first', 3, 0, 4),
  place('large-first', 3, 0, 16),
  place('root-inner', 2, 8, 4),
  place('under-inner', 3, 20, 4),
  place('large-last', 3, 48, 16),
  place('under-last', 3, 60, 4),
];

/** Which quarters of the block are mapped: of four pages, or of four tables. */
const POPULATIONS = ['1000', '0001', '0110', '1010', '1101', '0111', '1111'] as const;
type Population = (typeof POPULATIONS)[number];

/** The access that makes the block: its kind, and whether it goes to a hole or to a page that is write-protected. */
const FAULTS = ['r-first', 'w-first', 'x-first', 'r-last', 'w-last', 'x-last', 'w-mapped'] as const;
type Fault = (typeof FAULTS)[number];

/** What the host does when logging is off, or just before. */
const RACES = ['quiet', 'late-write', 'unmap-page', 'unmap-half', 'relog', 'move', 'collect'] as const;
type Race = (typeof RACES)[number];

interface Row {
  readonly place: Place;
  readonly population: Population;
  readonly fault: Fault;
  readonly race: Race;
  readonly history: Exclude<History, 'fresh'>;
  /** Whether the vCPU that faults is the one whose accesses made the table. */
  readonly same: boolean;
  readonly backing: 'hugetlb' | 'thp';
  readonly vcpus: 2 | 3;
}

/** Row `i`, `j` of the array: any two of its columns hold each pair of values once. */
function rowOf(i: number, j: number): Row {
  const value = (column: number): number => (i + column * j) % VALUES;
  const pick = <T>(values: readonly [T, ...T[]] | readonly T[], column: number): T =>
    values[value(column) % values.length] as T;
  return {
    place: PLACES[j] as Place,
    population: pick(POPULATIONS, 0),
    fault: pick(FAULTS, 1),
    race: pick(RACES, 2),
    history: pick(['logging-first', 'block-first'], 3),
    same: pick([false, true], 4),
    backing: pick(['hugetlb', 'thp'], 5),
    vcpus: pick([2, 3], 6),
  };
}

/** Pages of the block that are mapped before, from its begin. In a large one a bit is a page of a lower table. */
function mappedPages({ place: { pages }, population }: Row): number[] {
  const quarters = [0, 1, 2, 3].filter((quarter) => population[quarter] === '1');
  if (pages === 4) return quarters;
  if (population === '1111') return Array.from({ length: pages }, (_, page) => page);
  // A full lower table beside holes of the table above.
  if (population === '0110') return [4, 5, 6, 7, 8];
  return quarters.map((quarter) => 5 * quarter);
}

function worldOf(row: Row): World {
  const { place, population, history, backing } = row;
  const { levels, basePage, pages } = place;
  const mapped = mappedPages(row);
  const holes = Array.from({ length: pages }, (_, page) => page).filter((page) => !mapped.includes(page));
  // A full table has no hole to fault on: then what is mapped is written.
  const fault = holes.length === 0 ? 'w-mapped' : row.fault;
  const race = raceOf(row, fault, mapped.length);
  const page = fault === 'w-mapped' ? (mapped[0] ?? 0) : fault.endsWith('first') ? holes[0] : holes.at(-1);
  const other = holes.find((each) => each !== page) ?? mapped.at(-1) ?? 0;
  const at = (offset: number): number => basePage + offset;
  // A block is split by a write; while a slot logs from the begin, a load maps a page too.
  const touch = mapped.map((each, index) => `${history === 'block-first' || index === 0 ? 'w' : 'r'}${at(each)}`);
  const before: HostStep[] = [
    { do: 'await', vcpu: 0, steps: touch.length },
    ...(race === 'late-write' ? [{ do: 'write', page: other } as const] : []),
    ...(fault === 'w-mapped' || race === 'collect' ? [{ do: 'collect' } as const] : []),
    { do: 'logging', on: false },
  ];
  const wait = `@${before.length}`;
  const faulting = `${fault.charAt(0)}${at(page ?? 0)}`;
  const store = holes.includes(other) ? [`w${at(other)}`] : [];
  const beside = fault.startsWith('x') ? `x${at(other)}` : [`r${at(other)}`, ...store].join('|');
  const caches = fault.startsWith('x');
  const [first, second] = row.same ? [faulting, beside] : [beside, faulting];
  const vcpus = [
    { caches, steps: [...touch, wait, first] },
    { caches, steps: [wait, second] },
    // Logging that is switched on again splits blocks anew: with three vCPUs that is a million states.
    ...(row.vcpus === 3 && race !== 'relog' ? [{ caches, steps: [wait, `r${at(page ?? 0)}`] }] : []),
  ];
  return {
    name: [
      GENERATED,
      place.name,
      population,
      fault,
      race,
      history,
      row.same ? 'same' : 'other',
      backing,
      vcpus.length,
    ].join('-'),
    purpose: `${pages} pages become a block, ${place.name}; ${population} of it is mapped, the fault is ${fault}, the host: ${race}`,
    levels,
    slot: { basePage, pages, backing, blockPages: pages, begin: 'written' },
    histories: [history],
    vcpus,
    host: [...before, ...racing(place, race, page ?? 0)],
  };
}

/**
 * What the host does, where the stock abort handler can cope with it: a permission fault, and a fetch while logging is on,
 * find no table pages in the memory cache of a vCPU that has never faulted (`STOCK_RACES`).
 */
function raceOf({ race, same }: Row, fault: Fault, touched: number): Race {
  const unmaps = race === 'unmap-page' || race === 'unmap-half';
  if (unmaps && fault === 'w-mapped' && (!same || touched < 2)) return 'late-write';
  if (race === 'relog' && fault.startsWith('x')) return 'collect';
  return race;
}

/** What the host does while the block is made. */
function racing({ levels, basePage, pages }: Place, race: Race, page: number): HostStep[] {
  switch (race) {
    case 'unmap-page':
      return [{ do: 'unmap', firstPage: page, pages: 1 }];
    case 'unmap-half':
      return [{ do: 'unmap', firstPage: pages / 2, pages: pages / 2 }];
    case 'relog':
      return [{ do: 'logging', on: true }];
    case 'move':
      return [{ do: 'move', toPage: basePage === 0 ? 4 ** levels - pages : 0 }];
    default:
      return [];
  }
}

/** All of them, each once. */
export const GENERATED_WORLDS: readonly World[] = generate();

function generate(): World[] {
  const alike = new Map<string, World>();
  for (let j = 0; j < VALUES; j++) {
    for (let i = 0; i < VALUES; i++) {
      const world = worldOf(rowOf(i, j));
      const { name: _name, purpose: _purpose, ...same } = world;
      const key = JSON.stringify(same);
      if (!alike.has(key)) alike.set(key, world);
    }
  }
  return [...alike.values()];
}
