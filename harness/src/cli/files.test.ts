import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { makeFolder, onDisk, readText, requireWritable, withdrawFolders, writeTogether } from './files.ts';

describe('readText', () => {
  it.each([
    ['# tracer: nop\n#\n', /^ops a: is what ftrace has printed, and captures are not read; .*op script.*--figures/],
    ['# a run\nTest iterations: 2\nTesting guest mode: PA-bits:40\n', /^ops a: is what a selftest of KVM has printed/],
  ])('says of a capture of a real kernel what to make of it: %#', (text, message) => {
    const file = join(tempFolder(), 'a');
    writeFileSync(file, text);
    expect(() => readText(file, 'ops a')).toThrow(message);
  });

  it('reads a script whose comment tells of one', () => {
    const file = join(tempFolder(), 'a');
    writeFileSync(file, '# as ftrace has it: # tracer: nop\ninit\n');
    expect(readText(file, 'ops a')).toContain('init');
  });
});

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

describe('requireWritable', () => {
  it('makes the folder and leaves nothing in it', () => {
    const folder = join(tempFolder(), 'a', 'b');
    requireWritable(folder, '--out a/b');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a folder below a file', () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    expect(() => {
      requireWritable(join(file, 'x'), '--out file/x');
    }).toThrow(/^--out file\/x: cannot be written \(E[A-Z]+: .*\); name a folder that can, with --out$/);
  });
});

describe('withdrawFolders', () => {
  it('takes back what was made and is empty, and nothing else', () => {
    const folder = tempFolder();
    withdrawFolders();
    mkdirSync(join(folder, 'theirs'));
    requireWritable(join(folder, 'a', 'b'), '--out a/b');
    requireWritable(join(folder, 'c', 'd'), '--out c/d');
    writeFileSync(join(folder, 'c', 'kept'), '');
    withdrawFolders();
    expect(readdirSync(folder).sort()).toEqual(['c', 'theirs']);
    expect(readdirSync(join(folder, 'c'))).toEqual(['kept']);
  });
});

describe('writeTogether', () => {
  it('makes the folders below', () => {
    const folder = tempFolder();
    writeTogether(
      folder,
      new Map([
        ['a', 'new'],
        ['pages/b', 'new'],
      ]),
    );
    expect(readdirSync(folder).sort()).toEqual(['a', 'pages']);
    expect(readFileSync(join(folder, 'pages', 'b'), 'utf8')).toBe('new');
  });

  it('replaces files and leaves others alone', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'a'), 'old');
    writeFileSync(join(folder, 'kept'), 'kept');
    writeTogether(
      folder,
      new Map([
        ['a', 'new'],
        ['b', 'new'],
      ]),
    );
    expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'kept']);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
  });

  it('writes none where one cannot be written', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'a'), 'old');
    expect(() => {
      writeTogether(
        folder,
        new Map([
          ['a', 'new'],
          ['b', 'new'],
        ]),
      );
    }).toThrow('is a folder');
    expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
  });
});

describe('onDisk', () => {
  it('says in one line what the system refuses, and leaves every other error alone', () => {
    const file = join(tempFolder(), 'missing');
    expect(() => onDisk('--x', 'cannot be read', () => readdirSync(file))).toThrow(
      /^--x: cannot be read: ENOENT: .*missing/,
    );
    const bug = new TypeError('a bug');
    expect(() =>
      onDisk('--x', 'cannot be read', () => {
        throw bug;
      }),
    ).toThrow(bug);
  });
});

describe('readText', () => {
  it('reads a file, and one that does not say how large it is', () => {
    const file = join(tempFolder(), 'a');
    writeFileSync(file, 'Größe');
    expect(readText(file, 'a')).toBe('Größe');
    expect(readText(existsSync('/proc/self/status') ? '/proc/self/status' : file, 'a')).not.toBe('');
  });

  it('refuses what leads to itself, and a folder', () => {
    const folder = tempFolder();
    symlinkSync('loop', join(folder, 'loop'));
    expect(() => readText(join(folder, 'loop'), '--x loop', 'name a file')).toThrow(
      /^--x loop: cannot be read: ELOOP: .*; name a file$/,
    );
    expect(() => readText(folder, '--x')).toThrow(/^--x: cannot be read: EISDIR/);
  });

  it('refuses what is larger than a text can be, before it is in memory', () => {
    const file = join(tempFolder(), 'large');
    writeFileSync(file, '');
    truncateSync(file, 8 * 2 ** 30);
    expect(() => readText(file, '--x')).toThrow('--x: cannot be read: larger than 511 MiB');
  });
});
