/** What of `s2bench run` takes several runs of many threads. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseResultDocument, type ResultDocument } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { callProgram } from './fixtures/call-program.ts';
import { type ProgramEnd, strategyPath, useFakeProfile } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const documentOf = ({ stdout }: ProgramEnd): ResultDocument => parseResultDocument(stdout, 'stdout');

/** `s2bench run` on the fake worker and the fake machine. */
function run(cwd: string, ...args: string[]): Promise<ProgramEnd> {
  return callProgram([...useFakeProfile(cwd), ...args], { cwd, fake: true });
}

describe('s2bench run', () => {
  it('gives the same bytes for any number of workers, and again', async () => {
    const cwd = tempFolder();
    const args = ['--strategy', `baseline,${strategyPath('quiet')}`, '--json'];
    const one = await run(cwd, ...args, '--jobs', '1');
    expect(documentOf(one).cells).toHaveLength(12);
    for (let again = 0; again < 2; again++) expect((await run(cwd, ...args, '--jobs', '2')).stdout).toBe(one.stdout);
  });

  it('takes a strategy from an installed package or a folder, with its version and options', async () => {
    const cwd = tempFolder();
    const source = `import { defineStrategy, z } from '@s2bench/core';
      export default defineStrategy({ name: NAME, summary: 's', source: 's',
        options: z.object({ depth: z.number().default(1) }), visitors: () => ({}) });`;
    for (const [folder, name] of [
      ['node_modules/s2bench-strategy-foo', 'foo'],
      ['bar', 'bar'],
    ] as const) {
      mkdirSync(join(cwd, folder), { recursive: true });
      writeFileSync(
        join(cwd, folder, 'package.json'),
        JSON.stringify({ name, version: '1.2.3', type: 'module', exports: './index.js' }),
      );
      writeFileSync(join(cwd, folder, 'index.js'), source.replace('NAME', `'${name}'`));
    }
    const end = await run(
      cwd,
      '--strategy',
      's2bench-strategy-foo?depth=2,3,./bar?',
      '--vcpus',
      '2',
      '--history',
      'block-first',
      '--json',
    );
    expect(end.stderr).toBe('');
    expect(documentOf(end).strategies.map(({ name, version }) => `${name} ${version ?? ''}`)).toEqual([
      'foo?depth=2 1.2.3',
      'foo?depth=3 1.2.3',
      'bar 1.2.3',
    ]);
    const byName = await run(cwd, '--strategy', 'foo?depth=2', '--vcpus', '2', '--history', 'block-first', '--json');
    expect(documentOf(byName).cells[0]?.cell.strategy).toBe('foo?depth=2');
  });
});
