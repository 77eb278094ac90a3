/** Adds a strategy's package to `strategies/`, ready to be edited. */
import { joinPathFragments, type Tree } from '@nx/devkit';
import {
  DEFAULT_START,
  InputError,
  readStart,
  requireLegalName,
  startNames,
  strategyFiles,
} from 'create-s2bench-strategy';
import { join } from 'node:path';
import { addToLockFile } from './lock-file.ts';
import { addReference } from './references.ts';

/** The generator's options, as in `schemas/strategy.json`. */
export interface StrategyOptions {
  readonly name?: string;
  readonly from?: string;
}

const HOME = 'strategies';

/**
 * Adds the strategy to the tree.
 *
 * @throws InputError where name or start cannot be used
 */
export function addStrategy(tree: Tree, { name, from = DEFAULT_START }: StrategyOptions): void {
  requireLegalName(name);
  const folder = joinPathFragments(HOME, name);
  if (tree.exists(folder)) throw new InputError(`name ${name}: ${folder} exists; choose another name`);
  const home = join(tree.root, HOME);
  const start = readStart(from, startNames(home).includes(from) ? home : undefined);
  // In someone else's workspace there are no settings to share, and the package brings its own.
  const form = tree.exists('vitest.shared.ts') ? 'workspace' : 'standalone';
  for (const [path, text] of strategyFiles(form, name, start)) tree.write(joinPathFragments(folder, path), text);
  if (form === 'standalone') return;
  addReference(tree, folder);
  addToLockFile(tree, folder);
}
