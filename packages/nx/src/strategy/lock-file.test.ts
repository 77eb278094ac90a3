import { writeJson } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { addToLockFile } from './lock-file.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const LOCK = readFileSync(resolve(ROOT, 'package-lock.json'), 'utf8');

it.each(['baseline', 'full-population-check'])('enters a package byte for byte as npm did: %s', (name) => {
  const tree = createTree();
  const folder = `strategies/${name}`;
  const lock = JSON.parse(LOCK) as { packages: Record<string, unknown> };
  const { [folder]: own, [`node_modules/@s2bench/strategy-${name}`]: link, ...packages } = lock.packages;
  expect(own).toBeDefined();
  expect(link).toBeDefined();
  writeJson(tree, 'package-lock.json', { ...lock, packages });
  tree.write(`${folder}/package.json`, readFileSync(resolve(ROOT, folder, 'package.json')));
  addToLockFile(tree, folder);
  expect(tree.read('package-lock.json', 'utf8')).toBe(LOCK);
});
