/** The program as a bundle does what its sources do, plugins included. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundledModule } from '../src/cli/bundle.ts';
import { type ProgramEnd, runProgram } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MAKE = join(ROOT, 'harness/bundle/make.ts');

/** Has options, and fails where its zod is another one than that of the contract. */
const PLUGIN = `
import { defineStrategy, NO_ENTRY, z } from '@s2bench/core';
import * as own from 'zod';
if (own.ZodError !== z.ZodError) throw new Error('there are two zods');
export default defineStrategy({
  name: 'flushes',
  summary: 'flushes where a block fits',
  source: 'this test',
  options: z.object({ times: z.number().int().min(1).default(1) }),
  visitors: ({ times }) => ({
    tablePre(entry, map) {
      if (map.anchor !== NO_ENTRY || !map.blockSupported(entry)) return;
      for (let time = 0; time < times; time++) map.tlbiVmid();
    },
  }),
});
`;

/** How long an exploration took on this machine is no result. */
const withoutWallTimes = ({ stdout, ...rest }: ProgramEnd): ProgramEnd => ({
  ...rest,
  stdout: stdout.replaceAll(/"elapsedMs": [\d.]+/g, ''),
});

describe('the bundle', () => {
  it('runs cells, explorations and plugins as the sources do', { timeout: 300_000 }, async () => {
    const made = spawnSync(process.execPath, ['--conditions=@s2bench/source', MAKE], { encoding: 'utf8' });
    expect(made.stderr).toBe('');
    expect(bundledModule(ROOT, 'main')).toBeDefined();
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'flushes.ts'), PLUGIN);
    const cell = ['--memory', '4M', '--granule', '2M', '--vcpus', '2', '--json'];
    for (const args of [
      ['run', '--strategy', 'baseline,./flushes.ts?times=2', '--no-verify', '--no-cache', ...cell],
      ['verify', 'install-first-no-cmo', '--world', 'partial-table', '--json'],
      ['run', '--strategy', './flushes.ts?times=0', ...cell],
    ]) {
      const bundled = await runProgram(args, { cwd });
      const sources = await runProgram(args, { cwd, env: { S2BENCH_BUNDLE: '0' } });
      expect(withoutWallTimes(bundled)).toEqual(withoutWallTimes(sources));
      expect(bundled.stdout === '').toBe(args.at(2)?.includes('times=0') === true);
    }
  });
});
