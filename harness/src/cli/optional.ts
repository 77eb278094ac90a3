/** Packages that one feature needs and most users do not: they are loaded when it is asked for, if they are there. */
import { UsageError } from './errors.ts';
import { ownManifest } from './installation.ts';

/** What a queue of cells needs: `--executor` and `s2bench worker`. */
export const QUEUE_PACKAGES: readonly string[] = ['bullmq', 'ioredis'];

/**
 * Loads modules that import optional packages.
 *
 * @param packages - their names, as this package's `peerDependencies` have them
 * @param origin - the option that needs them, for messages
 * @throws UsageError where one of them is not installed, with the command that installs all
 */
export async function loadOptional<T>(load: () => Promise<T>, packages: readonly string[], origin: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === undefined || !packages.includes(missing)) throw error;
    const { peerDependencies } = ownManifest();
    const wanted = packages.map((name) => `${name}@${peerDependencies[name] ?? '*'}`);
    throw new UsageError(
      `${origin}: needs ${packages.join(' and ')}, which do not come with s2bench; npm install ${wanted.join(' ')}`,
      { cause: error },
    );
  }
}

/** The package that Node has looked for in vain. */
function missingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  return /Cannot find package '((?:@[^/']+\/)?[^/']+)'/.exec(error.message)?.[1];
}
