/** Why a module cannot be imported, in one line, and where a name is that it asks the wrong package of s2bench for. */
import { knownNames, oneLine } from '../cli/errors.ts';

/** V8's words for a name that a module does not export. */
const NO_SUCH_EXPORT = /^The requested module '(@s2bench\/[\w/-]+)' does not provide an export named '(\w+)'$/;

/** What a plugin or a world may import, each loaded where somebody asks it for what it has not. */
const PACKAGES: Readonly<Record<string, () => Promise<object>>> = {
  '@s2bench/core': () => import('@s2bench/core'),
  '@s2bench/core/stage2': () => import('@s2bench/core/stage2'),
  '@s2bench/kernel': () => import('@s2bench/kernel'),
  '@s2bench/verify': () => import('@s2bench/verify'),
  '@s2bench/machine': () => import('@s2bench/machine'),
  '@s2bench/workloads': () => import('@s2bench/workloads'),
};

/** What early versions had, and what stands in its place. */
const REPLACED: Readonly<Record<string, string>> = {
  findKernelModel: 'kernelModelOf of @s2bench/kernel gives a kernel model by its name',
  FaultHandler:
    'a subject of @s2bench/verify replaces phases of the abort handler by name: phases: () => ({ fault: { … } })',
};

/**
 * What is wrong with an import, in one line.
 *
 * @param error - what the import threw
 */
export async function importProblem(error: unknown): Promise<string> {
  const line = oneLine(error);
  const [, asked = '', name = ''] = (error instanceof SyntaxError && NO_SUCH_EXPORT.exec(line)) || [];
  const names = await PACKAGES[asked]?.().then((exported) => Object.keys(exported));
  if (names === undefined) return line;
  const replaced = REPLACED[name];
  if (replaced !== undefined) return `${asked} has no ${name}: ${replaced}`;
  for (const [other, load] of Object.entries(PACKAGES))
    if (other !== asked && name in (await load())) return `${asked} has no ${name}; import it from ${other}`;
  return `${asked} has no ${name}; ${knownNames(name, names)}`;
}
