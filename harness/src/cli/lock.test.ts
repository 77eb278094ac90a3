import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { UsageError } from './errors.ts';
import { lock } from './lock.ts';

describe('lock', () => {
  it('is held by one, and given back', () => {
    const folder = tempFolder();
    const path = join(folder, 'a', '.lock');
    const release = lock(path, 'the report');
    expect(() => lock(path, 'the report')).toThrow(
      `the report: another s2bench writes there (process ${process.pid}); wait until it has ended, or name another folder`,
    );
    release();
    expect(readdirSync(folder)).toEqual([]);
    lock(path, 'the report')();
  });

  it.each([
    ['a process that has ended', () => ({ host: hostname(), pid: spawnSync('true').pid, start: '1' })],
    ['one whose number another process has now', () => ({ host: hostname(), pid: process.pid, start: '1' })],
  ])('of %s is taken over', (_, holder) => {
    const path = join(tempFolder(), '.lock');
    writeFileSync(path, JSON.stringify(holder()));
    const release = lock(path, 'x');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
    release();
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['a process of another host', JSON.stringify({ host: 'elsewhere', pid: 1, start: '1' }), 'process 1 on elsewhere'],
    ['nobody knows whom', 'no JSON', 'by a file that s2bench has not written'],
    ['nobody knows whom, in JSON', '[1]', 'by a file that s2bench has not written'],
  ])('of %s stays', (_, text, message) => {
    const path = join(tempFolder(), '.lock');
    writeFileSync(path, text);
    expect(() => lock(path, 'x')).toThrow(UsageError);
    expect(() => lock(path, 'x')).toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('that is another’s by now is not given back', () => {
    const path = join(tempFolder(), '.lock');
    const release = lock(path, 'x');
    writeFileSync(path, 'another');
    release();
    expect(readFileSync(path, 'utf8')).toBe('another');
  });
});
