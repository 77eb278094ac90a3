/** Presets that compare the code before a patch series with that after it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findProfile } from '@s2bench/machine';
import { type Cell, parseResultDocument, type ResultDocument } from '@s2bench/report';
import { STUDIES } from '@s2bench/studies';
import { describe, expect, it } from 'vitest';
import { simulateCell } from '../src/execute/simulate/cell.ts';
import { PACKAGE_FOLDER } from '../src/cli/installation.ts';
import { loadNamedStrategy } from '../src/plugins/load.ts';
import { workloadNamed } from '../src/plugins/workloads.ts';
import { callProgram } from './fixtures/call-program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const resultsOf = (name: string): string =>
  fileURLToPath(new URL(`../../reports/${name}/results.json`, import.meta.url));
const SERIES = STUDIES.filter(({ presets }) => presets[0]?.variants).map(({ name }) => name);
const REPORTED = SERIES.filter((name) => existsSync(resultsOf(name)));

async function run(...args: string[]): Promise<ResultDocument> {
  const end = await callProgram(['run', ...args, '--json', '--no-recheck', '--jobs', '1'], { cwd: tempFolder() });
  expect(end.code, end.stderr).toBe(0);
  return parseResultDocument(end.stdout, 'stdout');
}

/** Cells that take so many pages of tables are simulated in no time. */
const CHEAP_PAGES = 2 ** 10;

/** Pages or blocks that a stage of a cell goes through, about. */
function pagesOf({ vcpus, memoryBytes, workload, granuleBytes, pageSizeBytes }: Cell): number {
  const byBlocks = workload === 'teardown' || workload.includes('stride=block');
  const of = workload.startsWith('teardown') ? 1 : vcpus;
  return (of * memoryBytes) / (byBlocks && !workload.includes('split-chunk') ? granuleBytes : pageSizeBytes);
}

describe('a preset of a series', () => {
  it('runs each cell before and after, for any number of vCPUs, with figures where some were published', async () => {
    const own = await run('--preset', 'eager-split-2023', '--vcpus', '1,3', '--memory', '4M');
    const cells = own.cells.map(({ cell, status }) => [cell.vcpus, cell.variant, cell.kernel, status]);
    const pairs = [1, 3].flatMap((vcpus) => [
      [vcpus, 'before', 'v6.2', 'ok'],
      [vcpus, 'after', 'v6.5', 'ok'],
    ]);
    expect(cells).toEqual([...pairs, ...pairs]);
    expect(own.variants?.map(({ name }) => name)).toEqual(['before', 'after']);
    expect(own.cells.some((result) => result.status === 'ok' && result.published !== undefined)).toBe(false);
    expect(own.command).toBe('s2bench run --preset eager-split-2023 --vcpus 1,3 --memory 4M --json');
  });

  it('has no other kernels than those that it compares', async () => {
    const args = ['run', '--preset', 'rwlock-2022', '--kernel', 'v6.12'];
    const { code, stderr } = await callProgram(args, { cwd: tempFolder() });
    expect(code).toBe(2);
    expect(stderr).toBe(
      's2bench: --kernel v6.12: preset rwlock-2022 compares v5.14 before with v5.18 after; leave it out, or choose a preset without variants\n',
    );
  });
});

describe.each(REPORTED)('the report of %s', (name) => {
  const read = (): ResultDocument => parseResultDocument(readFileSync(resultsOf(name), 'utf8'), name);

  it('has a figure for each of its cells', () => {
    const without = read().cells.filter((result) => result.status !== 'ok' || result.published?.length === 0);
    expect(without.map(({ cell }) => cell)).toEqual([]);
  });

  it('has what the command gives, in the cells that are simulated in no time', async () => {
    const cheap = read().cells.filter(({ cell }) => pagesOf(cell) <= CHEAP_PAGES);
    expect(name.startsWith('eager') || name.startsWith('tlbi') ? cheap.length : 1).toBeGreaterThan(0);
    for (const result of cheap) {
      const { cell } = result;
      const profile = findProfile(cell.profile);
      if (profile === undefined || result.status !== 'ok') throw new Error(`${name}: not to be simulated`);
      const strategy = await loadNamedStrategy(cell.strategy, PACKAGE_FOLDER, name);
      const plugins = { strategy, workload: workloadNamed(cell.workload), profile };
      const stages = simulateCell(cell, plugins, { stages: Object.keys(result.stages), exact: false });
      expect(stages).toEqual(result.stages);
    }
  });
});
