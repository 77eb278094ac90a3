import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callProgram } from './fixtures/call-program.ts';
import { type ProgramEnd, useFakeProfile } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const MATRIX = [
  '--strategy',
  'baseline',
  '--vcpus',
  '1',
  '--granule',
  '1G',
  '--page-size',
  '4K,64K',
  '--history',
  'block-first',
];

/** Runs every shard of a matrix of two cells into one folder; the value are the files. */
async function runShards(cwd: string, count: number): Promise<string[]> {
  const args = [...useFakeProfile(cwd), ...MATRIX, '--out', 'parts'];
  const ends: ProgramEnd[] = [];
  for (let nth = 1; nth <= count; nth++)
    ends.push(await callProgram([...args, '--shard', `${nth}/${count}`], { cwd, fake: true }));
  expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(
    ends.map((_, nth) => [0, `s2bench: shard-${nth + 1}-of-${count}.json written to parts\n`]),
  );
  return readdirSync(join(cwd, 'parts')).map((name) => join('parts', name));
}

describe('shards', () => {
  it('merged are the files of one run, also where there are more shards than cells', async () => {
    const count = 3;
    const cwd = tempFolder();
    const files = await runShards(cwd, count);
    expect(files).toHaveLength(count);
    const merged = await callProgram(['merge', ...files, '--out', 'merged'], { cwd });
    const whole = await callProgram([...useFakeProfile(cwd), ...MATRIX, '--out', 'whole'], { cwd, fake: true });
    expect(merged.stderr).toBe('s2bench: report written to merged\n');
    expect([merged.code, merged.stdout]).toEqual([0, whole.stdout]);
    for (const name of ['README.md', 'chart.svg', 'results.json']) {
      expect(readFileSync(join(cwd, 'merged', name), 'utf8'), name).toBe(
        readFileSync(join(cwd, 'whole', name), 'utf8'),
      );
    }
    expect(readdirSync(join(cwd, 'merged'))).toHaveLength(3);
  });

  it('without --out go to results/, where merge finds them, and a preset merges into its own report', async () => {
    const cwd = tempFolder();
    const config = {
      presets: { tiny: { strategy: 'baseline', vcpus: 1, history: 'block-first', profile: './fake.json' } },
      preset: 'tiny',
    };
    writeFileSync(join(cwd, 's2bench.config.json'), JSON.stringify(config));
    useFakeProfile(cwd);
    expect((await callProgram(['--shard', '1/1'], { cwd, fake: true })).code).toBe(0);
    const end = await callProgram(['merge', 'results/shard-1-of-1.json'], { cwd });
    expect([end.code, end.stderr]).toEqual([0, 's2bench: report written to reports/tiny\n']);
    expect(readdirSync(join(cwd, 'reports', 'tiny')).sort()).toEqual(['README.md', 'chart.svg', 'results.json']);
  });
});
