/** `nx g @s2bench/nx:strategy NAME`, as Nx calls it. */
import type { Tree } from '@nx/devkit';
import { registerHooks } from 'node:module';
import type { StrategyOptions } from './add-strategy.ts';

// Nx strips this file's types, but sets no condition: in a clone the packages that it imports have no build.
if (import.meta.url.endsWith('.ts')) {
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, '@s2bench/source'] }),
  });
}

/** Bad input ends it as it ends every command of s2bench: in one line, with exit code 2. */
export default async function generator(tree: Tree, options: StrategyOptions): Promise<void> {
  const { addStrategy } = await import('./add-strategy.ts');
  try {
    addStrategy(tree, options);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'InputError')) throw error;
    process.stderr.write(`s2bench: ${error.message}\n`);
    // Nothing has been written yet: the tree is in memory. Nx itself would end with 1.
    process.exit(2);
  }
}
