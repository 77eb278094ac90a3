import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { bundledModule, type BundleManifest, bundlesFolder, describeFile, manifestPath } from './bundle.ts';

/** A clone with two sources and a bundle of them. */
function cloneWithBundle(): { root: string; source: string; found: () => boolean } {
  const root = tempFolder();
  const source = join(root, 'one.ts');
  writeFileSync(source, 'export const one = 1;\n');
  writeFileSync(join(root, 'two.ts'), 'export const two = 2;\n');
  mkdirSync(join(bundlesFolder(root), 'made'), { recursive: true });
  writeFileSync(join(bundlesFolder(root), 'made/worker.js'), '');
  write({ folder: 'made', root, files: ['one.ts', 'two.ts'].map((path) => describeFile(root, path)) });
  return { root, source, found: () => bundledModule(root, 'worker') !== undefined };
}

function write(manifest: BundleManifest): void {
  writeFileSync(manifestPath(manifest.root), JSON.stringify(manifest));
}

describe('a bundle', () => {
  it('stands for the sources that it was made of', () => {
    const { root } = cloneWithBundle();
    expect(bundledModule(root, 'worker')?.href).toMatch(/made\/worker\.js$/);
    expect(bundledModule(root, 'other')).toBeUndefined();
  });

  it('is stale where a source has changed, also by a letter and with the times of before', () => {
    const { source, found } = cloneWithBundle();
    writeFileSync(source, 'export const one = 2;\n');
    utimesSync(source, 1, 1);
    expect(found()).toBe(false);
    writeFileSync(source, 'export const one = 1;\n');
    expect(found()).toBe(true);
  });

  it('is stale where a source is gone, or the clone has another place', () => {
    const { root, source, found } = cloneWithBundle();
    renameSync(source, `${source}.old`);
    expect(found()).toBe(false);
    renameSync(`${source}.old`, source);
    expect(found()).toBe(true);
    renameSync(root, `${root}-moved`);
    expect(bundledModule(`${root}-moved`, 'worker')).toBeUndefined();
    renameSync(`${root}-moved`, root);
  });

  it('is none where its manifest is half, or names what is not there', () => {
    const { root, found } = cloneWithBundle();
    writeFileSync(manifestPath(root), '{"folder":');
    expect(found()).toBe(false);
    write({ folder: 'gone', root, files: [] });
    expect(found()).toBe(false);
  });
});
