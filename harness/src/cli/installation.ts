/** This installation: sources or what was built of them, its version, and what workers and plugins find in it. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledInstances, bundledModule } from './bundle.ts';

/** Whether the TypeScript sources are running, as in a clone, and not `dist`, as published. */
export const IN_CLONE = import.meta.url.endsWith('.ts');

/** The URL of a module of ours, named by its source: with the extension that it has in this installation. */
export function moduleUrl(relativeSource: string, base: string): URL {
  return new URL(IN_CLONE ? relativeSource : relativeSource.replace(/\.ts$/, '.js'), base);
}

/** The folder of this package. */
export const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));

/** A worker's module: that of the bundle `name`, where a clone has one that is as its sources are, or the source. */
export function workerUrl(name: string, relativeSource: string, base: string): URL {
  const bundled = IN_CLONE ? bundledModule(resolve(PACKAGE_FOLDER, '..'), name) : undefined;
  return bundled ?? moduleUrl(relativeSource, base);
}

/**
 * Workers do not inherit the module hooks of the program; a clone's need the condition that finds its sources. That a
 * plugin's package.json does not say "type" is Node's concern and nobody's problem.
 */
export const WORKER_EXEC_ARGV = [
  '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
  ...(IN_CLONE ? ['--conditions=@s2bench/source'] : []),
];

/** What s2bench's own package.json says that is asked for at run time. */
export interface OwnManifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Its own package.json. */
export function ownManifest(): OwnManifest {
  return JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8')) as OwnManifest;
}

/** The version of s2bench. */
export function toolVersion(): string {
  return ownManifest().version;
}

/** What plugins import of ours. */
export const OURS = /^(@s2bench\/|zod$|zod\/)/;

/**
 * Lets a plugin anywhere on the disk import `@s2bench/core` and zod, be they installed beside the plugin or not.
 * Registers a hook for the thread that it is called in; what resolves by itself is left alone.
 */
export function resolveOursForPlugins(): void {
  const instances = bundledInstances();
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      if (!OURS.test(specifier)) return nextResolve(specifier, context);
      const resolved = resolveOurs(specifier, context, nextResolve);
      const url = instances.get(resolved.url);
      return url === undefined ? resolved : { url, format: 'module', shortCircuit: true };
    },
  });
}

type Resolve = Parameters<NonNullable<Parameters<typeof registerHooks>[0]['resolve']>>;

function resolveOurs(...[specifier, context, nextResolve]: Resolve): ReturnType<Resolve[2]> {
  try {
    return nextResolve(specifier, context);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return nextResolve(specifier, { ...context, parentURL: import.meta.url });
  }
}
