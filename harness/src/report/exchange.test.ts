import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeFolder } from './exchange.ts';

let above = '';
beforeEach(() => (above = mkdtempSync(join(tmpdir(), 's2bench-exchange-'))));
afterEach(() => rmSync(above, { recursive: true, force: true }));

describe('takeFolder', () => {
  /** What a program leaves that is killed, or has come so far, between the two renames of an exchange. */
  function halfExchanged(): { folder: string; old: string; lock: string } {
    const old = join(above, '.report-new-abc.old');
    mkdirSync(old);
    writeFileSync(join(old, 'README.md'), 'old');
    mkdirSync(join(above, '.report-new-abc'));
    return { folder: join(above, 'report'), old, lock: join(above, '.report.lock') };
  }

  it('leaves alone what another program is exchanging', () => {
    const { folder, old, lock } = halfExchanged();
    // The parent of this process lives.
    writeFileSync(lock, `${JSON.stringify({ host: hostname(), pid: process.ppid, start: '' })}\n`);
    expect(() => takeFolder({ folder, origin: '--out' })).toThrow('--out: another s2bench writes there');
    expect([old, folder].map((path) => existsSync(path))).toEqual([true, false]);
    expect(existsSync(join(above, '.report-new-abc'))).toBe(true);
  });

  it('brings back what a killed one has left, and gives the lock back', () => {
    const { folder, old, lock } = halfExchanged();
    const giveBack = takeFolder({ folder, origin: '--out' });
    expect([join(folder, 'README.md'), old, lock].map((path) => existsSync(path))).toEqual([true, false, true]);
    giveBack();
    expect(existsSync(lock)).toBe(false);
  });

  it('keeps no lock where the folder cannot be used', () => {
    const folder = join(above, 'report');
    writeFileSync(folder, 'a file');
    expect(() => takeFolder({ folder, origin: '--out' })).toThrow('--out');
    expect(existsSync(join(above, '.report.lock'))).toBe(false);
  });
});
