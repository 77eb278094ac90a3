/** What `nx affected` takes for affected, in a clone that is changed and committed to. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScratchClone } from './scratch-clone.ts';

let clone: ScratchClone;

beforeAll(() => {
  clone = new ScratchClone();
});

afterAll(() => clone.remove());

function nx(...args: string[]): string {
  return execFileSync('nx', args, { cwd: clone.root, env: clone.env, encoding: 'utf8' });
}

/** Changes files in one commit, and lists what that affects. */
function affectedBy(...paths: string[]): string[] {
  for (const path of paths)
    appendFileSync(join(clone.root, path), path.endsWith('.md') ? '\nMore.\n' : '\nexport {};\n');
  clone.commit(`change ${paths.join(', ')}`);
  return (JSON.parse(nx('show', 'projects', '--affected', '--base=HEAD~1', '--json')) as string[]).sort();
}

describe('a strategy that the generator makes', () => {
  beforeAll(() => {
    nx('g', '@s2bench/nx:strategy', 'holes-only', '--from', 'full-population-check');
    mkdirSync(join(clone.root, 'reports/holes'));
    const results = { command: 's2bench run --strategy holes-only --vcpus 4', strategies: [{ name: 'holes-only' }] };
    writeFileSync(join(clone.root, 'reports/holes/results.json'), JSON.stringify(results));
  });
  it('changes nothing outside of its folder but the lock and the root tsconfig', () => {
    const status = clone.git('status', '--porcelain').trimEnd().split('\n');
    expect(status.map((line) => line.slice(3))).toEqual([
      'package-lock.json',
      'tsconfig.json',
      'reports/holes/',
      'strategies/holes-only/',
    ]);
  });
  it('is found by s2bench at once', () => {
    const listed = execFileSync('s2bench', ['list', 'strategies'], {
      cwd: clone.root,
      env: clone.env,
      encoding: 'utf8',
    });
    expect(listed).toMatch(/^holes-only +as full-population-check;/m);
  });
  it('affects itself, the harness and the reports that hold it, and nothing else', () => {
    clone.commit('a new strategy');
    expect(affectedBy('strategies/holes-only/src/index.ts')).toEqual([
      '@s2bench/strategy-holes-only',
      'report-holes',
      's2bench',
    ]);
  });
});

it('a change in a strategy affects what imports it besides, and no other strategy or report', () => {
  expect(affectedBy('strategies/install-first-no-cmo/src/index.ts')).toEqual([
    '@s2bench/strategy-install-first-no-cmo',
    '@s2bench/studies',
    '@s2bench/zoo',
    'report-matrix',
    'report-thread-2021',
    's2bench',
  ]);
});

it('a change in a README affects the lint of that README', () => {
  const readme = 'strategies/baseline/README.md';
  expect(affectedBy(readme)).toEqual([readme]);
});

it('a change in the core affects every strategy and every report', () => {
  const strategies = ['baseline', 'full-population-check', 'install-first-no-cmo', 'install-first-uniform-cmo'];
  expect(affectedBy('packages/core/src/index.ts')).toEqual(
    expect.arrayContaining([...strategies.map((name) => `@s2bench/strategy-${name}`), 's2bench', 'report-thread-2021']),
  );
});

it('bad input ends the generator in one line with exit code 2, and changes nothing', () => {
  const { status, stderr } = spawnSync('nx', ['g', '@s2bench/nx:strategy', 'Baseline_2'], {
    cwd: clone.root,
    env: clone.env,
    encoding: 'utf8',
  });
  expect(stderr).toBe(
    's2bench: name "Baseline_2": it must be lower-case words joined by hyphens, such as "baseline-2"\n',
  );
  expect(status).toBe(2);
  expect(clone.git('status', '--porcelain')).toBe('');
});
