/** How animals and variations are made from a shipped strategy. */
import type { MapOperation, Stage2Entry, Strategy, TableId } from '@s2bench/core';
import { defineStrategy, NO_ENTRY } from '@s2bench/core';
import type { RawActions, RuleName, Subject } from '@s2bench/verify';
import { PAGE_BYTES } from '@s2bench/verify';
import type { Animal, Habitat, Variation } from './animal.ts';
import { REAL_HABITATS, VARIATION_HABITATS } from './habitats.ts';

/** What is done otherwise: by the strategy's visitors, past the contract, in the machine, or in the abort handler. */
interface Otherwise extends Omit<Subject, 'strategy'> {
  readonly name: string;
  readonly of: Strategy;
  readonly visitors?: Pick<Strategy, 'tablePre' | 'tablePost' | 'leaf'>;
}

interface Mistake extends Otherwise {
  readonly mistake: string;
  readonly rule: RuleName;
  readonly habitat: Habitat;
}

interface Change extends Otherwise {
  readonly change: string;
}

/** A shipped strategy with one mistake. */
export function animal({ mistake, rule, habitat, ...otherwise }: Mistake): Animal {
  const { name, of } = otherwise;
  return { name, mistake, of: of.name, rule, habitat, subject: subjectOf(otherwise, mistake, [rule]) };
}

/** A shipped strategy that does it otherwise, and right. */
export function variation({ change, ...otherwise }: Change): Variation {
  const { name, of } = otherwise;
  const subject = subjectOf(otherwise, change, 'safe');
  // What is done past the contract, or in the abort handler, is not in the tables of real size.
  const isOwn = Object.keys(subject).length === 1;
  const habitats = isOwn ? [...VARIATION_HABITATS, ...REAL_HABITATS] : VARIATION_HABITATS;
  return { name, change, of: of.name, subject, habitats };
}

function subjectOf(
  { name, of, visitors = {}, ...around }: Otherwise,
  summary: string,
  expects: 'safe' | readonly RuleName[],
): Subject {
  return { strategy: bred({ name, of, visitors }, summary, expects), ...around };
}

/** A shipped strategy with some visitors of its own. */
export function bred(
  { name, of, visitors }: Pick<Otherwise, 'name' | 'of' | 'visitors'>,
  summary: string,
  expects: 'safe' | readonly RuleName[],
): Strategy {
  const source = `made from ${of.name}, ${of.source}`;
  return defineStrategy({ ...of, name, summary, source, expects, ...visitors });
}

/** Invalidates the range of an entry page by page, with no level given, as TLBI RIPAS2E1IS does. No DSB waits for it. */
export function invalidateRange(raw: RawActions, { address, sizeBytes }: Stage2Entry): void {
  raw.barrier('ishst');
  for (let ipa = address; ipa < address + sizeBytes; ipa += PAGE_BYTES) raw.tlbiIpa(ipa, 0);
}

/** What install-first begins a coalesce with; `false` where there is none to begin. */
export function beginsInstallFirst(entry: Stage2Entry, map: MapOperation): boolean {
  if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return false;
  map.anchor = entry.id;
  map.followed = map.follow(entry);
  return true;
}

/** What taking down first begins a coalesce with; `false` where there is none to begin. */
export function beginsTakeDown(entry: Stage2Entry, map: MapOperation): boolean {
  if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return false;
  map.anchor = entry.id;
  return true;
}

/** Valid leaves below a table page. */
export function leavesBelow(table: TableId, map: MapOperation): number {
  let leaves = 0;
  map.walkLeaves(table, (leaf) => {
    if (leaf.valid) leaves++;
  });
  return leaves;
}

/** Flushes each valid leaf below a table page by its IPA. */
export function flushLeaves(table: TableId, map: MapOperation): void {
  map.walkLeaves(table, (leaf) => {
    if (leaf.valid) map.tlbiIpa(leaf);
  });
}

/** Invalid entries below a table page. */
export function holesBelow(table: TableId, map: MapOperation): number {
  let holes = 0;
  map.walkLeaves(table, (leaf) => {
    if (!leaf.valid) holes++;
  });
  return holes;
}

/** Whether an entry below a table page is invalid. */
export function hasHoles(table: TableId, map: MapOperation): boolean {
  return holesBelow(table, map) > 0;
}

/**
 * Takes a table down leaf by leaf: each is broken, flushed by its IPA and dropped, then the table that is empty.
 *
 * @param flushTable - ends the way to a table that is empty and unlinked
 */
export function leafByLeaf(
  flushTable: (entry: Stage2Entry, map: MapOperation) => void,
): NonNullable<Otherwise['visitors']> {
  return {
    tablePre(entry, map) {
      beginsTakeDown(entry, map);
    },
    leaf(entry, map) {
      if (map.anchor === NO_ENTRY) return map.mapLeaf(entry);
      if (!entry.valid) return 0;
      map.invalidate(entry);
      map.tlbiIpa(entry);
      map.put(entry);
      return 0;
    },
    tablePost(entry, map) {
      if (map.anchor === NO_ENTRY) return;
      const table = map.follow(entry);
      map.invalidate(entry);
      flushTable(entry, map);
      map.freeTable(table);
      map.put(entry);
      if (map.anchor !== entry.id) return;
      map.anchor = NO_ENTRY;
      return map.mapLeaf(entry);
    },
  };
}
