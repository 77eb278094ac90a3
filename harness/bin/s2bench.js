#!/usr/bin/env node
// Plain JavaScript that an old Node can parse too, so that it can say what is missing.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `s2bench needs Node 24 or newer, this is ${process.version}: in a clone, after npm ci, run it as "npx s2bench", which brings its own Node; elsewhere install Node 24\n`,
  );
  process.exitCode = 2;
} else {
  const { enableCompileCache, registerHooks } = await import('node:module');
  enableCompileCache();
  const source = new URL('../src/main.ts', import.meta.url);
  const inClone = existsSync(source);
  if (inClone) {
    registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier, { ...context, conditions: [...context.conditions, '@s2bench/source'] }),
    });
  }
  const main = inClone ? ((await bundledMain()) ?? source) : new URL('../dist/main.js', import.meta.url);
  const { start } = await import(main.href);
  await start(process.argv.slice(2));
}

/** What npm ci has made of the sources, while they are as they were. */
async function bundledMain() {
  const { bundledModule } = await import('../src/cli/bundle.ts');
  return bundledModule(fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, ''), 'main');
}
