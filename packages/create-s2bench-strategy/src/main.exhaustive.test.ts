import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './main.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

let cwd: string;
let stdout = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 's2bench-create-'));
  stdout = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(cwd, { recursive: true, force: true });
});

describe('npm create s2bench-strategy', () => {
  it('makes a package whose type check and tests pass', () => {
    expect(main(['holes-only', '--from', 'full-population-check'], cwd)).toBe(0);
    expect(stdout).toMatch(/^holes-only does what full-population-check does/);
    const folder = join(cwd, 'holes-only');
    // In the place of npm install: what it would bring is in the workspace.
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const config = `export default { ssr: { resolve: { conditions: ['@s2bench/source'] } } };\n`;
    writeFileSync(join(folder, 'vitest.config.js'), config);
    const vitest = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json', '--outputFile=result.json'];
    execFileSync(process.execPath, vitest, { cwd: folder, stdio: 'pipe' });
    const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as Record<string, number>;
    expect(result['numFailedTests']).toBe(0);
    expect(result['numPassedTests']).toBeGreaterThan(10);
    // What stands in for the published packages are their sources, which Node's types belong to.
    const tsc = [
      join(ROOT, 'node_modules/@typescript/native/bin/tsc'),
      '--customConditions',
      '@s2bench/source',
      '--types',
      'node',
    ];
    expect(execFileSync(process.execPath, tsc, { cwd: folder, encoding: 'utf8' })).toBe('');
  });
});
