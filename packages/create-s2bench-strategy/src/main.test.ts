import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from './main.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

let cwd: string;
let stderr = '';

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 's2bench-create-'));
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(cwd, { recursive: true, force: true });
});

describe('npm create s2bench-strategy', () => {
  it('depends on published packages of its own version', () => {
    main(['holes-only'], cwd);
    const made = readManifest(join(cwd, 'holes-only'));
    const { version } = JSON.parse(readFileSync(join(ROOT, 'lerna.json'), 'utf8')) as { version: string };
    expect(made.dependencies).toEqual({ '@s2bench/core': `^${version}` });
    expect(made.devDependencies).toMatchObject({ '@s2bench/testkit': `^${version}`, s2bench: `^${version}` });
    for (const tool of ['vitest', 'vite', 'typescript']) {
      expect(made.devDependencies[tool]).toBe(`^${readManifest(join(ROOT, 'node_modules', tool)).version}`);
    }
  });
  it('leaves a folder that others may read, with its CI and a .gitignore', () => {
    main(['holes-only'], cwd);
    expect(statSync(join(cwd, 'holes-only')).mode).toBe(statSync(join(cwd, 'holes-only/src')).mode);
    expect(readdirSync(join(cwd, 'holes-only'))).toEqual(
      expect.arrayContaining(['.github', '.gitignore', 'README.md']),
    );
  });
});

describe('bad input ends in one line with exit code 2, and nothing is written', () => {
  it.each([
    [[], /name the new strategy/],
    [['Holes Only'], /such as "holes-only"/],
    [['baseline'], /s2bench comes with a strategy of that name/],
    [['holes-only', 'more'], /one name/],
    [['holes-only', '--from', 'basline'], /did you mean baseline\? Known: baseline, /],
    [['holes-only', '--from', 'zzzzzzzzz'], /unknown strategy; known: baseline, /],
    [['holes-only', '--form', 'baseline'], /Unknown option '--form'; --help/],
    [['holes-only', '--from'], /--from/],
  ])('%j', (args, message) => {
    expect(main(args, cwd)).toBe(2);
    expect(stderr).toMatch(/^create-s2bench-strategy: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(readdirSync(cwd)).toEqual([]);
  });
  it('a folder that exists', () => {
    expect(main(['holes-only'], cwd)).toBe(0);
    const before = readFileSync(join(cwd, 'holes-only/README.md'), 'utf8');
    expect(main(['holes-only', '--from', 'install-first-no-cmo'], cwd)).toBe(2);
    expect(stderr).toBe(
      'create-s2bench-strategy: name holes-only: the folder ./holes-only exists; another name, or another place\n',
    );
    expect(readFileSync(join(cwd, 'holes-only/README.md'), 'utf8')).toBe(before);
  });
  it('a place that is not there', () => {
    expect(main(['holes-only'], join(cwd, 'gone'))).toBe(2);
    expect(stderr).toMatch(/cannot be written \(ENOENT\)/);
    expect(existsSync(join(cwd, 'gone'))).toBe(false);
  });
});
