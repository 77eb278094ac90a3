/** Imports the module of a plugin, of whatever kind: foreign code, that may be no code at all. */
import { fileURLToPath } from 'node:url';
import { PluginError, syntaxLine } from '../cli/errors.ts';
import { confine } from './confine.ts';
import { importProblem } from './import-problem.ts';
import { inFreshRealm } from './realms.ts';

/**
 * The default export of a plugin's module.
 *
 * @param entryUrl - of the module; its query holds options, which are none of the module's business
 * @param isFresh - what an earlier import has left in the module is not there
 * @throws PluginError in one line where the module cannot be read, or throws
 */
export async function importPlugin(entryUrl: string, isFresh: boolean): Promise<unknown> {
  const moduleUrl = new URL(entryUrl);
  moduleUrl.search = '';
  try {
    const { href } = isFresh ? inFreshRealm(moduleUrl) : moduleUrl;
    confine(href);
    return ((await import(href)) as { default?: unknown }).default;
  } catch (error) {
    const line = syntaxLine(error, fileURLToPath(moduleUrl)).replace(':', ' in line ');
    throw new PluginError(`cannot be loaded${line}: ${await importProblem(error)}`);
  }
}
