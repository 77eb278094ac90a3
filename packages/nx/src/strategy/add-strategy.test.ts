import { readJson, type Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { describe, expect, it } from 'vitest';
import { addStrategy } from './add-strategy.ts';

function clone(): Tree {
  const tree = createTree();
  tree.write('vitest.shared.ts', '');
  tree.write(
    'tsconfig.json',
    JSON.stringify({ references: [{ path: './strategies/baseline' }, { path: './harness' }] }),
  );
  return tree;
}

describe('nx g @s2bench/nx:strategy', () => {
  it('adds a workspace package that needs no other registration', () => {
    const tree = clone();
    addStrategy(tree, { name: 'holes-only', from: 'full-population-check' });
    expect(tree.children('strategies/holes-only').sort()).toEqual([
      'README.md',
      'package.json',
      'src',
      'tsconfig.json',
      'tsconfig.lib.json',
      'tsconfig.test.json',
      'vitest.config.ts',
    ]);
    expect(tree.read('strategies/holes-only/src/index.ts', 'utf8')).toContain("name: 'holes-only'");
    expect(tree.read('strategies/holes-only/src/index.test.ts', 'utf8')).toContain('testStrategy(strategy);');
    expect(readJson<{ name: string }>(tree, 'strategies/holes-only/package.json').name).toBe(
      '@s2bench/strategy-holes-only',
    );
  });
  it('enters it where editors and tsc -b look, beside the other strategies', () => {
    const tree = clone();
    addStrategy(tree, { name: 'holes-only' });
    expect(readJson<object>(tree, 'tsconfig.json')).toEqual({
      references: [{ path: './strategies/baseline' }, { path: './strategies/holes-only' }, { path: './harness' }],
    });
  });
  it("makes a package of its own in someone else's workspace", () => {
    const tree = createTree();
    addStrategy(tree, { name: 'holes-only' });
    expect(readJson<{ name: string }>(tree, 'strategies/holes-only/package.json').name).toBe(
      's2bench-strategy-holes-only',
    );
    expect(tree.exists('tsconfig.json')).toBe(false);
  });
  it.each([
    [{}, /^name the new strategy/],
    [{ name: 'Holes Only' }, /such as "holes-only"/],
    [{ name: 'there' }, /^name there: strategies\/there exists/],
    [{ name: 'holes-only', from: 'basline' }, /did you mean baseline/],
  ])('refuses %j before it writes anything', (options, message) => {
    const tree = clone();
    tree.write('strategies/there/package.json', '{}');
    const before = tree.listChanges();
    expect(() => addStrategy(tree, options)).toThrow(message);
    expect(tree.listChanges()).toEqual(before);
  });
});
