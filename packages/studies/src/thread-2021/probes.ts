/**
 * The facts that the thread asks about, as probes: the explorer gives the fewest steps to each, or finds that it never
 * happens.
 */
import type { Observer, Section, World } from '@s2bench/verify';
import { OtherTable, OWED, replacedTables } from '@s2bench/verify';
import { strategyNamed } from './subjects.ts';

const PAGE_BYTES = 4096;

type Look = (ran: Section) => string | undefined;

function ofSections<Name extends string>(name: Name, look: Look): Observer<Name> {
  return { name, section: ({ ran }) => (ran === undefined ? undefined : look(ran)) };
}

function pagesFrom(ipa: number): string {
  return `the block at page ${ipa / PAGE_BYTES}`;
}

const coalesce: Look = (ran) => {
  const [first] = replacedTables(ran);
  return first && `${pagesFrom(first.baseIpa)} has replaced a table`;
};

const coalesceOfPartialTable: Look = (ran) => {
  const found = replacedTables(ran).find(({ missingEntries }) => missingEntries > 0);
  return (
    found && `${pagesFrom(found.baseIpa)} has replaced a table of which ${found.missingEntries} entries were not valid`
  );
};

/** The guest range that the notifier takes away in a section, where it does. */
function unmappedRange({ operation, from }: Section): { readonly from: number; readonly end: number } | undefined {
  if (operation.do !== 'notifier-start') return undefined;
  const begin = from.baseIpa + operation.offset;
  return { from: begin, end: begin + operation.sizeBytes };
}

/** Last-level tables of a state that overlap a range. */
function tablesIn(pages: Section['to']['pages'], range: { readonly from: number; readonly end: number }): number {
  return pages.filter(({ level, base }) => level === 3 && base < range.end && base + 4 * PAGE_BYTES > range.from)
    .length;
}

const tableFreedByUnmap: Look = (ran) => {
  const range = unmappedRange(ran);
  if (range === undefined || tablesIn(ran.from.pages, range) === 0 || tablesIn(ran.to.pages, range) > 0)
    return undefined;
  return 'the unmap that the notifier asked for has freed the table, and its entry is invalid';
};

const tableOutlivesUnmap: Look = (ran) => {
  const range = unmappedRange(ran);
  return range !== undefined && tablesIn(ran.to.pages, range) > 0
    ? 'the table still stands after the unmap that the notifier asked for'
    : undefined;
};

const tableFreedByMove: Look = ({ operation, from, to }) =>
  operation.do === 'move' && from.pages.length > 1 && to.pages.length === 1
    ? 'the move has unmapped everything, and only the root is left'
    : undefined;

const mappedAfterMove: Look = ({ operation, after, to }) =>
  operation.do === 'move' && (to.pages.length > 1 || after.some((translation) => translation !== undefined))
    ? 'something of the old place is still mapped after the move'
    : undefined;

/** Makes a probe for a world. */
type ProbeMaker<Name extends string> = (world: World, fwb: boolean) => Observer<Name>;

/** Whether another strategy has another table at a quiet point. */
function otherTableThan<Name extends string>(name: Name, strategy: string): ProbeMaker<Name> {
  return (world, fwb) => {
    const other = new OtherTable(strategyNamed(strategy), world, fwb);
    return ofSections(name, (ran) =>
      other.stateAfter(ran).key === ran.to.key ? undefined : `${strategy} has another table, or other counts, here`,
    );
  };
}

/** Any access to a page that the host wrote and nobody has cleaned since: harmless through the caches, stale past them. */
const uncleanedPageReached: Observer<'uncleaned-page-reached'> = {
  name: 'uncleaned-page-reached',
  access: { rejects: (_kind, state) => state === OWED },
};

const PROBES = {
  coalesce: () => ofSections('coalesce', coalesce),
  'coalesce-of-partial-table': () => ofSections('coalesce-of-partial-table', coalesceOfPartialTable),
  'table-freed-by-unmap': () => ofSections('table-freed-by-unmap', tableFreedByUnmap),
  'table-outlives-unmap': () => ofSections('table-outlives-unmap', tableOutlivesUnmap),
  'table-freed-by-move': () => ofSections('table-freed-by-move', tableFreedByMove),
  'mapped-after-move': () => ofSections('mapped-after-move', mappedAfterMove),
  'uncleaned-page-reached': () => uncleanedPageReached,
  'table-unlike-baseline': otherTableThan('table-unlike-baseline', 'baseline'),
  'table-unlike-rfc': otherTableThan('table-unlike-rfc', 'install-first-no-cmo'),
} satisfies { readonly [Name in string]: ProbeMaker<Name> };

/** The name of a probe. */
export type ProbeName = keyof typeof PROBES;

/**
 * A probe for a world.
 *
 * @throws RangeError where no fact has the name
 */
export function probeNamed(name: string, world: World, fwb: boolean): Observer<ProbeName> {
  if (!isProbeName(name)) throw new RangeError(`no fact is named ${name}`);
  return PROBES[name](world, fwb);
}

function isProbeName(name: string): name is ProbeName {
  return Object.hasOwn(PROBES, name);
}
