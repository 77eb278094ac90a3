import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 's2bench-folder-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('makes what is missing above it too, and leaves what is there', () => {
    const folder = join(root, 'a', 'b');
    makeFolder(folder);
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('throws below a file', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file', 'a'))).toThrow('file');
  });

  it.runIf(existsSync('/proc/self'))('comes back where no folder can be made though the one above it is there', () => {
    expect(() => makeFolder('/proc/s2bench/reports')).toThrow('/proc/s2bench');
  });
});
