/** The worlds, from the smallest to the largest. */
import { beyondSlot } from './beyond-slot.ts';
import { cachedGuest } from './cached-guest.ts';
import { collapseByWrite } from './collapse-by-write.ts';
import { crowd } from './crowd.ts';
import { dirtyLogWorld } from './dirty-log.ts';
import { fullTable } from './full-table.ts';
import { GENERATED_WORLDS } from './generated.ts';
import { HOOK_WORLDS } from './hook-worlds.ts';
import { insideBlock } from './inside-block.ts';
import { instructionFetch } from './instruction-fetch.ts';
import { lateImage } from './late-image.ts';
import { loggingStarts } from './logging-starts.ts';
import { partialTable } from './partial-table.ts';
import { partialUnmap } from './partial-unmap.ts';
import { slotMove } from './slot-move.ts';
import { STOCK_RACES } from './stock-races.ts';
import { thpCollapse } from './thp-collapse.ts';
import { threeLevels } from './three-levels.ts';
import { unaligned } from './unaligned.ts';
import { zeroPage } from './zero-page.ts';
import type { World } from '../world.ts';

/** The worlds that were made for one purpose each: landmarks. */
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

/** Explored only where it is asked for: tens of millions of states. */
export const LARGEST_WORLD: World = crowd;

/** The landmarks: all of them but the largest. */
export const SMALL_WORLDS: readonly World[] = WORLDS.filter((world) => world !== LARGEST_WORLD);

/** The worlds that a verdict takes where none is named: landmarks, and what is generated between them. */
export const VERDICT_WORLDS: readonly World[] = [...SMALL_WORLDS, collapseByWrite, insideBlock, ...GENERATED_WORLDS];

/** Every world that has a name, the races of the stock abort handler last. */
export const NAMED_WORLDS: readonly World[] = [...VERDICT_WORLDS, LARGEST_WORLD, ...HOOK_WORLDS, ...STOCK_RACES];

/**
 * The world of a name.
 *
 * @throws RangeError where there is none
 */
export function worldOf(name: string): World {
  const world = NAMED_WORLDS.find((each) => each.name === name);
  if (world === undefined) throw new RangeError(`no world is named ${name}`);
  return world;
}
