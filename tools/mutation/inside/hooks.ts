/** Tests that are read after this get the collector in the place of Vitest, and fewer cases of each property. */
import { registerHooks } from 'node:module';

const REPLACED: Readonly<Record<string, URL>> = {
  vitest: new URL('collector.ts', import.meta.url),
  'fast-check': new URL('fewer-cases.ts', import.meta.url),
};

registerHooks({
  resolve(specifier, context, nextResolve) {
    const url = REPLACED[specifier];
    const isOurs = context.parentURL?.startsWith(new URL('.', import.meta.url).href) === true;
    if (url === undefined || isOurs || context.parentURL?.includes('/node_modules/') === true)
      return nextResolve(specifier, context);
    return { url: url.href, format: 'module-typescript', shortCircuit: true };
  },
});
