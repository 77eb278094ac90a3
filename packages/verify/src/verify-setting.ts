/** A subject in a small world or in a real table: whoever has a list of both need not tell them apart. */
import { type RealOptions, verifyReal } from './real/verify-real.ts';
import type { RealWorld } from './real/real-worlds.ts';
import { RULES } from './rules/index.ts';
import type { Subject } from './subject.ts';
import { type VerifyOptions, type VerifyResult, verifyWorld } from './verify-world.ts';
import type { World } from './world.ts';

/** Where a subject is verified. */
export type AnyWorld = World | RealWorld;

/** Whether it is a table of real size, where one CPU acts. */
export function isRealTable(world: AnyWorld): world is RealWorld {
  return 'pageSizeBytes' in world;
}

/**
 * Explores a world, or judges the strategy in a real table.
 *
 * @param options - rules by name; a real table has no bounds
 * @throws as {@link verifyWorld} and {@link verifyReal} do
 */
export function verifySetting(
  subject: Subject,
  world: AnyWorld,
  { rules, ...options }: Omit<VerifyOptions, 'rules'> & Pick<RealOptions, 'rules'>,
): VerifyResult {
  if (isRealTable(world)) return verifyReal(subject.strategy, world, { ...options, ...(rules && { rules }) });
  return verifyWorld(subject, world, {
    ...options,
    ...(rules && { rules: RULES.filter(({ name }) => rules.includes(name)) }),
  });
}
