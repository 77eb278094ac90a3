/** Worlds that animals of the zoo live in. Loaded where one is asked for by name. */
import { isRealTable, type World } from '@s2bench/verify';
import { ANIMALS, SHARED_ANIMALS } from '@s2bench/zoo';

/** Those whose names begin so, by name. */
export function zooWorlds(prefix: string): ReadonlyMap<string, World> {
  return new Map(
    [...ANIMALS, ...SHARED_ANIMALS].flatMap(({ habitat: { world } }) =>
      !isRealTable(world) && world.name.startsWith(prefix) ? [[world.name, world] as const] : [],
    ),
  );
}
