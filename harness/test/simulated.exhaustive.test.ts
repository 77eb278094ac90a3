import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResultDocument, type ResultDocument } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { runProgram, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

/** Runs the program itself, with its simulator, on a machine in which everything costs a nanosecond. */
async function simulate(...args: string[]): Promise<{ text: string; document: ResultDocument; code: number | null }> {
  const cwd = tempFolder();
  const profile = useFakeProfile(cwd);
  const { stdout, code } = await runProgram(
    ['run', ...profile, '--memory', '64M', '--granule', '2M', '--json', ...args],
    { cwd },
  );
  return { text: stdout, document: parseResultDocument(stdout, 'stdout'), code };
}

const statuses = ({ cells }: ResultDocument) => cells.map(({ status }) => status);

describe('s2bench run with its simulator', () => {
  it('gives the same bytes for any number of workers', async () => {
    const args = ['--vcpus', '1,2', '--stages', 'all', '--strategy', 'baseline,install-first-no-cmo'];
    const one = await simulate(...args, '--jobs', '1');
    const two = await simulate(...args, '--jobs', '2');
    expect(statuses(one.document)).toEqual(Array(8).fill('ok'));
    expect(two.text).toBe(one.text);
  });

  it('gives the same bytes for the same seed of a random workload, and others for another', async () => {
    const args = [
      '--workload',
      'cancelled-migration',
      '--strategy',
      'baseline',
      '--vcpus',
      '2',
      '--history',
      'block-first',
    ];
    const [first, again, other] = [
      await simulate(...args, '--seed', '7'),
      await simulate(...args, '--seed', '7'),
      await simulate(...args, '--seed', '8'),
    ];
    expect(again.text).toBe(first.text);
    expect(other.document.cells[0]).not.toEqual({ ...first.document.cells[0], cell: other.document.cells[0]?.cell });
  });

  it('times the stages that are named, and no other', async () => {
    const { document } = await simulate(
      '--stages',
      'ADJUST,CREATE',
      '--strategy',
      'baseline',
      '--vcpus',
      '1',
      '--history',
      'block-first',
    );
    const [cell] = document.cells;
    expect(cell?.status === 'ok' && Object.keys(cell.stages)).toEqual(['CREATE', 'ADJUST']);
  });

  it('lets a visitor that throws or hangs fail its own cells only', async () => {
    const strategies = `baseline,${strategyPath('throws-in-visitor')},${strategyPath('loops-in-visitor')}`;
    const { document, code } = await simulate(
      '--strategy',
      strategies,
      '--vcpus',
      '1',
      '--history',
      'block-first',
      // The smallest cell that there is takes next to nothing of the two seconds.
      '--memory',
      '2M',
      '--cell-timeout',
      '2',
    );
    expect(code).toBe(2);
    expect(document.cells.map((result) => (result.status === 'ok' ? 'ok' : result.reason))).toEqual([
      'ok',
      'strategy throws-in-visitor threw in tablePre: no such entry',
      'strategy loops-in-visitor: stopped after 8 s in which it used less than 2 s of CPU time (--cell-timeout)',
    ]);
  });

  it('gives a strategy of any folder the result of the same code in the workspace', async () => {
    const copy = join(tempFolder(), 'copy.ts');
    const source = readFileSync(new URL('../../strategies/baseline/src/index.ts', import.meta.url), 'utf8');
    writeFileSync(copy, source.replace("name: 'baseline'", "name: 'copy'"));
    const { document } = await simulate('--strategy', `baseline,${copy}`, '--vcpus', '1', '--history', 'block-first');
    const [original, copied] = document.cells;
    expect(copied?.cell.strategy).toBe('copy');
    expect(copied?.status === 'ok' && copied.stages).toEqual(original?.status === 'ok' && original.stages);
  });
});
