/** This installation: sources or what was built of them, its version, and what workers and plugins find in it. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether the TypeScript sources are running, as in a clone, and not `dist`, as published. */
export const IN_CLONE = import.meta.url.endsWith('.ts');

/** The URL of a module of ours, named by its source: with the extension that it has in this installation. */
export function moduleUrl(relativeSource: string, base: string): URL {
  return new URL(IN_CLONE ? relativeSource : relativeSource.replace(/\.ts$/, '.js'), base);
}

/** The folder of this package. */
export const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Workers do not inherit the module hooks of the program; a clone's need the condition that finds its sources. That a
 * plugin's package.json does not say "type" is Node's concern and nobody's problem.
 */
export const WORKER_EXEC_ARGV = [
  '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
  ...(IN_CLONE ? ['--conditions=@s2bench/source'] : []),
];

/** The version of s2bench, from its own package.json. */
export function toolVersion(): string {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** What plugins import of ours. */
const OURS = /^(@s2bench\/|zod$|zod\/)/;

/**
 * Lets a plugin anywhere on the disk import `@s2bench/core` and zod, be they installed beside the plugin or not.
 * Registers a hook for the thread that it is called in; what resolves by itself is left alone.
 */
export function resolveOursForPlugins(): void {
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      if (!OURS.test(specifier)) return nextResolve(specifier, context);
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
        return nextResolve(specifier, { ...context, parentURL: import.meta.url });
      }
    },
  });
}
