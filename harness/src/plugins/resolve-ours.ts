/** Lets a plugin anywhere on the disk import `@s2bench/core` and zod, be they installed beside the plugin or not. */
import { registerHooks } from 'node:module';

const OURS = /^(@s2bench\/|zod$|zod\/)/;

/** Registers the hook, for the thread that it is called in. What resolves by itself is left alone. */
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
