import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callProgram } from './fixtures/call-program.ts';
import { type ProgramEnd, runProgram, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { Gate, keptCells, until } from './fixtures/progress.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const ARGS = ['--strategy', 'baseline', '--vcpus', '1,2,3,4,5,6', '--jobs', '1'];

/** Runs, and sends a signal when the journal in `folder` holds `cells` cells: the next one has begun, and waits. */
function interrupt(
  cwd: string,
  folder: string,
  cells: number,
  signal: NodeJS.Signals,
  args: string[],
): Promise<ProgramEnd> {
  return runProgram(args, {
    cwd,
    fake: true,
    env: new Gate(tempFolder(), cells).env,
    onStart: (child) =>
      void until(() => keptCells(folder) === cells || child.exitCode !== null).then(() => child.kill(signal)),
  });
}

describe('a run that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s keeps what has finished, and --resume goes on from there',
    async (signal) => {
      const cwd = tempFolder();
      const args = [...useFakeProfile(cwd), ...ARGS, '--out', 'report'];
      const stopped = await interrupt(cwd, join(cwd, 'report'), 3, signal, args);
      expect(stopped.code).toBe(130);
      expect(stopped.stdout).toBe('');
      expect(stopped.stderr).toBe(
        's2bench: stopped; 3 of 12 cells are kept: the same command with --resume goes on from there\n',
      );
      expect(readdirSync(join(cwd, 'report'))).toEqual(['.journal.ndjson']);

      const resumed = await callProgram([...args, '--resume'], { cwd, fake: true });
      expect(resumed.code).toBe(0);
      expect(readdirSync(join(cwd, 'report')).sort()).toEqual(['README.md', 'chart.svg', 'pareto.svg', 'results.json']);

      const whole = await callProgram([...args, '--json'], { cwd, fake: true });
      expect(readFileSync(join(cwd, 'report', 'results.json'), 'utf8')).toBe(whole.stdout);
    },
  );

  it('keeps cells without a report too, and runs only those that are missing', async () => {
    const cwd = tempFolder();
    const args = [...useFakeProfile(cwd), ...ARGS, '--json'];
    const folder = join(cwd, '.results');
    const stopped = await interrupt(cwd, folder, 3, 'SIGINT', args);
    expect(stopped.code).toBe(130);
    // A cell that is run again fails; one that was kept does not.
    const resumed = await runProgram([...args, '--resume'], { cwd, fake: true, env: { FAKE_FAILS: '1' } });
    const states = (JSON.parse(resumed.stdout) as { cells: { status: string }[] }).cells.map(({ status }) => status);
    expect(states.filter((status) => status === 'ok')).toHaveLength(3);
    expect(states.filter((status) => status === 'failed')).toHaveLength(9);
    expect(existsSync(folder)).toBe(false);
  });

  it('ends in the middle of a plugin that never returns', async () => {
    const cwd = tempFolder();
    const strategies = ['quiet', 'loops-in-visitor'].map(strategyPath).join();
    const args = [
      ...useFakeProfile(cwd),
      '--strategy',
      strategies,
      '--vcpus',
      '1',
      '--history',
      'block-first',
      '--jobs',
      '1',
    ];
    const end = await interrupt(cwd, join(cwd, '.results'), 1, 'SIGINT', args);
    expect(end.code).toBe(130);
    expect(end.stderr).toBe(
      's2bench: stopped; 1 of 2 cells are kept: the same command with --resume goes on from there\n',
    );
  });
});
