/** The worlds by name. */
import { STOCK_RACES, type World, WORLDS } from '@s2bench/verify';

/** Explored only where it is asked for: tens of millions of states. */
const LARGEST = 'crowd';

/** Every world that has a name, the races of the stock abort handler last. */
export const NAMED_WORLDS: readonly World[] = [...WORLDS, ...STOCK_RACES];

/** The worlds that a verdict takes where none is named: all but the largest. */
export const SMALL_WORLDS: readonly World[] = WORLDS.filter(({ name }) => name !== LARGEST);

/** The largest. */
export const LARGEST_WORLD = worldOf(LARGEST);

/** The world of a name. */
export function worldOf(name: string): World {
  const world = NAMED_WORLDS.find((each) => each.name === name);
  if (world === undefined) throw new Error(`no world ${name}`);
  return world;
}
