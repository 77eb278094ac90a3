/**
 * Faults on neighbouring pages, done at once: for state that nobody times or counts.
 *
 * A guest that touches page after page takes the same fault at each of them, and all of these faults do the same to the
 * next entry of one table page, to the next bit of the dirty bitmap and to the next host page.
 */
import type { EntryId } from '@s2bench/core';
import type { Stage2Table } from '@s2bench/core/stage2';
import { addressHigh, addressLow, findEntry, LAST_LEVEL, leafAttributes, levelOfEntry } from '@s2bench/core/stage2';
import { int32At, S2AP_READ, S2AP_WRITE, uint32At, VALID, VALID_TABLE } from '@s2bench/core/stage2';
import type { Memslot } from '../memslot.ts';
import type { Stage2Mmu } from '../stage2-mmu.ts';
import type { GuestFault } from './guest-fault.ts';
import { slotOf } from './guest-fault.ts';

/**
 * Does what the same access to the pages behind that of a fault would do, which has just ended and mapped a page or
 * relaxed one: up to the first page at which something else would happen, or to the last but one of the table page.
 * That one is left to a fault of its own, which shows whether the strategy still has nothing to do.
 *
 * Of the effects only those on memory and caches are emitted, for all pages together.
 *
 * @param most - pages at most
 * @returns pages that are done
 */
export function repeatFault(mmu: Stage2Mmu, fault: GuestFault, most: number): number {
  const { table, code } = mmu;
  const { pageSizeBytes, entriesPerTable } = table.geometry;
  const { kind, outcome, mapBytes, execute } = fault;
  if (mapBytes !== pageSizeBytes || execute || outcome !== (kind === 'translation' ? 'mapped' : 'relaxed')) return 0;
  if (kind === 'translation' && code.strategyActs) return 0;
  const entry = findEntry(table, fault.mapIpa);
  if (entry === undefined || levelOfEntry(table, entry) !== LAST_LEVEL) return 0;
  const slot = slotOf(fault);
  const next = slot.backingOffsetOf(fault.mapIpa) + pageSizeBytes;
  const end = slot.backingOffsetBytes + slot.sizeBytes;
  const inTable = entriesPerTable - 1 - (entry % entriesPerTable);
  const within = Math.min(most, inTable - 1, (end - next) / pageSizeBytes);
  if (within <= 0) return 0;
  const pages = slot.backing.pagesAlike(next, within);
  return kind === 'translation'
    ? mapPages(mmu, fault, slot, entry + 1, next, pages)
    : relaxPages(table, fault, slot, entry + 1, next, pages);
}

/** Translation faults: host pages that are there, or those of anonymous memory that a write makes. */
function mapPages(
  { table, effects }: Stage2Mmu,
  { write, mapIpa }: GuestFault,
  slot: Memslot,
  first: EntryId,
  offset: number,
  most: number,
): number {
  const { geometry, fwb } = table;
  const { backing } = slot;
  const action = backing.actionFor(offset, write);
  const makes = action === 'populate' && write && backing.kind === 'anonymous';
  // The zero page stands for many pages: an address of theirs does not follow from that of the one before.
  if (!makes && (action !== 'none' || backing.physAddressOf(offset) !== backing.physAddress + offset)) return 0;
  const pages = countInvalid(table, first, most);
  if (pages === 0) return 0;
  const writable = makes || (backing.isWritable(offset) && (write || !slot.logging));
  const attributes = leafAttributes({ read: true, write: writable, execute: false, device: false }, fwb);
  if (attributes === undefined) return 0;
  const sizeBytes = pages * geometry.pageSizeBytes;
  const physAddress = backing.physAddress + offset;
  if (makes) {
    backing.populatePages(offset, pages);
    effects.hostWrote(physAddress, sizeBytes);
  }
  if (attributes.cacheable && !fwb) effects.dcacheClean(physAddress, sizeBytes);
  const { words, refcounts, validCounts } = table.arena;
  const low = attributes.low | VALID_TABLE;
  for (let index = 0, address = physAddress; index < pages; index++, address += geometry.pageSizeBytes) {
    const word = 2 * (first + index);
    words[word] = addressLow(address, geometry) | low;
    words[word + 1] = addressHigh(address) | attributes.high;
  }
  const place = table.slotOf(first);
  refcounts[place] = int32At(refcounts, place) + pages;
  validCounts[place] = int32At(validCounts, place) + pages;
  if (writable && slot.logging) slot.dirty.markRun(slot.pageOf(mapIpa) + 1, pages);
  return pages;
}

/** Permission faults of writes: pages that the host lets be written. */
function relaxPages(
  table: Stage2Table,
  { write, mapIpa }: GuestFault,
  slot: Memslot,
  first: EntryId,
  offset: number,
  most: number,
): number {
  const { backing } = slot;
  if (!write || backing.actionFor(offset, true) !== 'none' || !backing.isWritable(offset)) return 0;
  const { words } = table.arena;
  let pages = 0;
  for (; pages < most; pages++) {
    const word = 2 * (first + pages);
    const low = uint32At(words, word);
    if ((low & (VALID | S2AP_WRITE)) !== VALID) break;
    words[word] = low | S2AP_READ | S2AP_WRITE;
  }
  if (slot.logging) slot.dirty.markRun(slot.pageOf(mapIpa) + 1, pages);
  return pages;
}

/** How many neighbouring entries, from one on, are invalid: at most `most`. */
function countInvalid({ arena: { words } }: Stage2Table, first: EntryId, most: number): number {
  let count = 0;
  while (count < most && (uint32At(words, 2 * (first + count)) & VALID) === 0) count++;
  return count;
}
