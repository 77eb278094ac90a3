/** The worlds, from the smallest to the largest. */
import { beyondSlot } from './beyond-slot.ts';
import { cachedGuest } from './cached-guest.ts';
import { crowd } from './crowd.ts';
import { dirtyLogWorld } from './dirty-log.ts';
import { fullTable } from './full-table.ts';
import { instructionFetch } from './instruction-fetch.ts';
import { lateImage } from './late-image.ts';
import { loggingStarts } from './logging-starts.ts';
import { partialTable } from './partial-table.ts';
import { partialUnmap } from './partial-unmap.ts';
import { slotMove } from './slot-move.ts';
import { thpCollapse } from './thp-collapse.ts';
import { threeLevels } from './three-levels.ts';
import { unaligned } from './unaligned.ts';
import { zeroPage } from './zero-page.ts';
import type { World } from '../world.ts';

/** All worlds. */
export const WORLDS: readonly World[] = [
  partialTable,
  fullTable,
  cachedGuest,
  instructionFetch,
  dirtyLogWorld,
  loggingStarts,
  partialUnmap,
  thpCollapse,
  zeroPage,
  slotMove,
  beyondSlot,
  unaligned,
  threeLevels,
  lateImage,
  crowd,
];
