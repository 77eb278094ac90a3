import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { callProgram } from './fixtures/call-program.ts';
import { runProgram, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

async function list(cwd: string, what: string): Promise<unknown[]> {
  const { stdout, code } = await callProgram(['list', what, '--json'], { cwd });
  expect(code).toBe(0);
  return JSON.parse(stdout) as unknown[];
}

describe('s2bench', () => {
  it('says its version', async () => {
    const end = await runProgram(['--version'], { cwd: tempFolder() });
    expect(end).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it('lists what a matrix can be made of', async () => {
    const cwd = tempFolder();
    expect(await list(cwd, 'strategies')).toContainEqual(
      expect.objectContaining({ name: 'baseline', contractVersion: 4 }),
    );
    expect(await list(cwd, 'kernels')).toContainEqual(
      expect.objectContaining({
        name: 'v5.12',
        summary: expect.stringMatching(/not the release.*without linux 357ad203d45c/) as unknown,
        options: expect.objectContaining({
          'aligned-walk': expect.stringContaining('on or off; left out it is off') as unknown,
          'unmap-hint': expect.stringContaining('own or unknown; left out it is own') as unknown,
        }) as unknown,
      }),
    );
    expect(await list(cwd, 'workloads')).toContainEqual(
      expect.objectContaining({ name: 'page-table-test', histories: ['block-first', 'logging-first'] }),
    );
    expect(await list(cwd, 'histories')).toContainEqual(
      expect.objectContaining({ name: 'block-first', workload: 'page-table-test' }),
    );
    expect(await list(cwd, 'profiles')).toContainEqual(expect.objectContaining({ name: 'kunpeng920' }));
  });

  it('lists what a config file adds, a broken strategy with the reason', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'mine.js'), 'throw new Error("not today");');
    writeFileSync(join(cwd, 's2bench.config.json'), '{"strategies": ["mine.js"], "presets": {"small": {"vcpus": 2}}}');
    expect(await list(cwd, 'strategies')).toContainEqual({
      name: 'mine',
      summary: '(cannot be loaded: not today)',
      path: 'mine.js',
    });
    expect(await list(cwd, 'presets')).toContainEqual(expect.objectContaining({ name: 'small', vcpus: ['2'] }));
  });

  it('ends quietly when nobody reads on', async () => {
    const bin = fileURLToPath(new URL('../bin/s2bench.js', import.meta.url));
    const child = spawn(process.execPath, [bin, 'list', 'presets', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await once(child, 'close');
    expect(stderr).toBe('');
    expect(child.exitCode).toBe(0);
  });

  it('keeps its exit code when nobody reads on', async () => {
    const cwd = tempFolder();
    const args = [
      'run',
      ...useFakeProfile(cwd),
      '--strategy',
      strategyPath('throws-in-visitor'),
      '--memory',
      '16M',
      '--json',
    ];
    const end = await runProgram([...args, '--vcpus', '1', '--granule', '2M'], {
      cwd,
      onStart: (child) => child.stdout?.destroy(),
    });
    expect(end.stderr).toContain('threw in');
    expect(end.code).toBe(2);
  });

  it.runIf(existsSync('/dev/full'))('says that a disk is full, whether stdout is on it or stderr', async () => {
    const bin = fileURLToPath(new URL('../bin/s2bench.js', import.meta.url));
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const onFull = spawn(process.execPath, [bin, 'list', 'presets'], { stdio: ['ignore', full, 'pipe'] });
    const mute = spawn(process.execPath, [bin, 'list', 'nonsense'], { stdio: ['ignore', 'pipe', full] });
    const [stderr] = await Promise.all([textOf(onFull.stderr as Readable), once(onFull, 'close'), once(mute, 'close')]);
    expect(stderr).toBe('s2bench: stdout: cannot be written: ENOSPC: no space left on device, write\n');
    expect([onFull.exitCode, mute.exitCode]).toEqual([2, 2]);
  });
});
