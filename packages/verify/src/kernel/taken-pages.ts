/** What an operation takes from the guest, whether or not it does. */
import type { Memslot } from '@s2bench/kernel';
import { PAGE_BYTES } from '../world.ts';
import type { Operation } from './operation.ts';

/**
 * Guest pages to which no translation may be left when an operation has returned: what the notifier was told of, by the
 * host or for a copy of the zero page, and all of a memslot that moves or is deleted.
 *
 * @param slot - as it is before the operation
 */
export function takenPages(operation: Operation, slot: Memslot): number[] {
  switch (operation.do) {
    case 'notifier-start':
      return pagesOf(slot, operation.offset, operation.sizeBytes);
    case 'move':
    case 'delete-slot':
      return pagesOf(slot, slot.backingOffsetBytes, slot.sizeBytes);
    case 'fault': {
      const { phase, ipa } = operation.fault;
      if (phase !== 'start-invalidation' || !slot.contains(ipa)) return [];
      const { offset, sizeBytes } = slot.backing.copyRange(slot.backingOffsetOf(ipa));
      return pagesOf(slot, offset, sizeBytes);
    }
    default:
      return [];
  }
}

/** Guest pages of the part of a range of the backing that a slot maps. */
function pagesOf(slot: Memslot, offset: number, sizeBytes: number): number[] {
  const from = Math.max(offset, slot.backingOffsetBytes) - slot.backingOffsetBytes;
  const end = Math.min(offset + sizeBytes - slot.backingOffsetBytes, slot.sizeBytes);
  const pages: number[] = [];
  for (let at = from; at < end; at += PAGE_BYTES) pages.push((slot.baseIpa + at) / PAGE_BYTES);
  return pages;
}
