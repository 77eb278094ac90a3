/** What a new strategy consists of, for those who write it somewhere: `npm create` and the Nx generator. */
import { adaptStart } from './adapt-start.ts';
import type { Files, Start } from './starts.ts';
import { fillTemplates, type Form } from './templates.ts';

export { InputError } from './input-error.ts';
export { type Files, readStart, type Start, startNames } from './starts.ts';
export { requireLegalName } from './strategy-name.ts';
export type { Form } from './templates.ts';

/** The strategy that one starts from who names none. */
export const DEFAULT_START = 'baseline';

/**
 * All files of a new strategy's package.
 *
 * @param name - a legal name, see {@link requireLegalName}
 * @returns path in the package to text
 * @throws InputError where the start cannot be adapted
 */
export function strategyFiles(form: Form, name: string, start: Start): Files {
  return new Map([...fillTemplates(form, { name, from: start.name }), ...adaptStart(start, name)]);
}
