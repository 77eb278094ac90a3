import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { UsageError } from '../cli/errors.ts';
import { loadNamedStrategy } from '../plugins/load.ts';
import { init } from './init.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

function run(file: string, cwd: string): string {
  let text = '';
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  expect(init(file, stdout, cwd)).toBe(0);
  return text;
}

/** What tsc says of a folder. */
function typeErrors(folder: string): string {
  const tsc = join(ROOT, 'node_modules/@typescript/native/bin/tsc');
  try {
    return execFileSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  } catch (error) {
    return (error as { readonly stdout: string }).stdout;
  }
}

function optionsOf(folder: string): Record<string, unknown> {
  const { compilerOptions } = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8')) as {
    readonly compilerOptions: Record<string, unknown>;
  };
  return compilerOptions;
}

describe('s2bench init', () => {
  it('writes a strategy that loads, in a new folder anywhere, whose types tsc finds and holds it to', async () => {
    const cwd = tempFolder();
    expect(run('kernel/mine.ts', cwd)).toContain('s2bench verify ./kernel/mine.ts ');
    const folder = join(cwd, 'kernel');
    expect(await loadNamedStrategy('./kernel/mine.ts', cwd, 'verify')).toMatchObject({ name: 'mine' });
    expect(typeErrors(folder)).toBe('');
    const path = join(folder, 'mine.ts');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('map.tlbi', 'map.tlbo'));
    expect(typeErrors(folder)).toMatch(/mine\.ts\(\d+,\d+\): error TS2551: Property 'tlbo\w+' does not exist/);
  });

  it('names no path where the contract is installed above the folder', () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, 'node_modules/@s2bench/core'), { recursive: true });
    run('mine.ts', cwd);
    expect(optionsOf(cwd)).not.toHaveProperty('paths');
  });

  it('takes a second strategy beside the first, and writes over nothing', () => {
    const cwd = tempFolder();
    run('mine.ts', cwd);
    run('./other.ts', cwd);
    writeFileSync(join(cwd, 'mine.ts'), '// changed');
    expect(() => run('mine.ts', cwd)).toThrow(
      new UsageError('init mine.ts: is there already, and not written over; name another file'),
    );
    expect(readFileSync(join(cwd, 'mine.ts'), 'utf8')).toBe('// changed');
    writeFileSync(join(cwd, 'tsconfig.json'), '{}');
    expect(() => run('third.ts', cwd)).toThrow(/^init third\.ts: \.\/tsconfig\.json is there already, [^\n]+$/);
    expect(existsSync(join(cwd, 'third.ts'))).toBe(false);
  });

  it.each([
    ['mine', 'init mine: must be a file that ends in .ts, as in ./mine.ts'],
    ['Holes_Only.ts', 'such as "holes-only"'],
    ['.ts', 'must be lower-case words'],
    ['baseline.ts', 's2bench comes with a strategy of that name'],
    ['/dev/null/mine.ts', 'init /dev/null/mine.ts: cannot be written: '],
  ])('refuses %s in one line', (file, message) => {
    const cwd = tempFolder();
    const refused = (): unknown => run(file, cwd);
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/^[^\n]+$/);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
