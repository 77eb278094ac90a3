/** Which names a new strategy can have. */
import { InputError } from './input-error.ts';

/** Longest name: it is a column's head in tables that have to fit a terminal. */
export const MAX_NAME_LENGTH = 64;

/** The contract's rule for names, `strategyMetadataSchema` of `@s2bench/core`, which this small program does not load. */
const LEGAL = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Refuses a name that no strategy can have.
 *
 * @throws InputError with the nearest legal name, where there is one
 */
export function requireLegalName(name: string | undefined): asserts name is string {
  if (name === undefined || name === '') throw new InputError('name the new strategy, as in "holes-only"');
  if (name.length > MAX_NAME_LENGTH) {
    throw new InputError(
      `name "${name.slice(0, 20)}…": it has ${name.length} characters; at most ${MAX_NAME_LENGTH} fit a table`,
    );
  }
  if (LEGAL.test(name)) return;
  const legal = nearestLegal(name);
  const suggestion = LEGAL.test(legal) ? `, such as "${legal}"` : ', such as "holes-only"';
  throw new InputError(`name ${JSON.stringify(name)}: it must be lower-case words joined by hyphens${suggestion}`);
}

/** `HolesOnly`, `holes_only` and `Holes only` all mean `holes-only`. */
function nearestLegal(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
}
