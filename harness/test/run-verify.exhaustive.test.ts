/** A matrix with verdicts: all small worlds of a history, twice. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResultDocument } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { type ProgramEnd, runProgram, useFakeProfile } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

/** `s2bench run` on the fake worker and the fake machine. */
function run(cwd: string, ...args: string[]): Promise<ProgramEnd> {
  return runProgram([...useFakeProfile(cwd), ...args], { cwd, fake: true });
}

describe('s2bench run', () => {
  it('with --verify sets the verdict beside the time, and writes what it links to', async () => {
    const cwd = tempFolder();
    const end = await run(
      cwd,
      '--strategy',
      'install-first-no-cmo',
      '--vcpus',
      '2',
      '--history',
      'logging-first',
      '--verify',
      '--out',
      'report',
    );
    expect(end).toMatchObject({ code: 0, stderr: 's2bench: report written to report\n' });
    const written = readFileSync(join(cwd, 'report', 'results.json'), 'utf8');
    const { cells, command, counterexamples } = parseResultDocument(written, '');
    const page = 'counterexamples/install-first-no-cmo-logging-first.md';
    expect(cells.map(({ verdict }) => verdict)).toEqual([
      { status: 'unsafe', rule: 'data-coherency', counterexample: page },
    ]);
    expect(command).toMatch(/ --verify --json$/);
    expect(counterexamples?.map(({ file }) => file)).toEqual([page]);
    expect(readFileSync(join(cwd, 'report', page), 'utf8')).toContain(
      'vCPU 1, MMU off, loads page 2 and gets what the page held',
    );
    expect(readFileSync(join(cwd, 'report', 'README.md'), 'utf8')).toContain(`([counterexample](${page}))`);
    // No time is in it: the same bytes for any number of workers.
    const again = await runProgram([...command.split(' ').slice(2), '--jobs', '1'], { cwd, fake: true });
    expect(again.stdout).toBe(written);
  });
});
