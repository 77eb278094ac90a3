/** What the VMM loads into a guest's memory before the guest runs. */
import type { EffectSink } from '@s2bench/core/stage2';
import { alignDown } from '@s2bench/core/stage2';
import type { Memslot } from '@s2bench/kernel';

/** User space writes `sizeBytes` at the start of a slot, through the host's caches. Memory appears as it is touched. */
export function loadHostImage(slot: Memslot, sizeBytes: number, effects: EffectSink): void {
  const { backing } = slot;
  for (let offset = slot.backingOffsetBytes; offset < slot.backingOffsetBytes + sizeBytes;) {
    if (backing.actionFor(offset, true) === 'populate') {
      const zeroedBytes = backing.bytesToZero(offset, true);
      backing.populate(offset, true);
      effects.hostWrote(backing.physAddressOf(alignDown(offset, zeroedBytes)), zeroedBytes);
    }
    offset += backing.isBlock(offset) ? backing.blockBytes : backing.pageSizeBytes;
  }
  if (sizeBytes > 0) effects.hostWrote(backing.physAddressOf(slot.backingOffsetBytes), sizeBytes);
}
