import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { rankingSchema } from '@s2bench/report';
import { describe, expect, it } from 'vitest';
import { fakeDocument } from '../../test/fixtures/fake-document.ts';
import { tempFolder } from '../../test/fixtures/temp-folder.ts';
import { UsageError } from '../cli/errors.ts';
import { rank, type RankFlags } from './rank.ts';

const THREAD = fileURLToPath(new URL('../../../reports/thread-2021', import.meta.url));

async function run(results: readonly string[], flags: Partial<RankFlags> = {}, cwd = tempFolder()): Promise<string> {
  let text = '';
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  expect(await rank(results, { reference: 'baseline', ...flags }, stdout, cwd)).toBe(0);
  return text;
}

describe('s2bench rank', () => {
  it('ranks the thread: what its matrix finds unsafe nowhere, in each format', async () => {
    const { settings, unsafe } = rankingSchema.parse(JSON.parse(await run([THREAD], { json: true })));
    expect(unsafe.map(({ strategy }) => strategy)).toEqual(['install-first-no-cmo']);
    expect(settings).toHaveLength(6);
    for (const { ranked } of settings) expect(ranked).toHaveLength(3);
    for (const flags of [{}, { mail: true }, { markdown: true }])
      expect(await run([THREAD], flags)).toContain('install-first-no-cmo is unsafe and not ranked');
  });

  it('refuses what it cannot rank, in one line that names it', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'plain.json'), JSON.stringify(fakeDocument()));
    const refusal = async (results: string[], flags: Partial<RankFlags>): Promise<string> => {
      const error: unknown = await run(results, flags, cwd).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UsageError);
      return (error as UsageError).message;
    };
    expect(await refusal(['plain.json'], {})).toMatch(/^plain\.json: has /);
    expect(await refusal(['none.json'], {})).toMatch(/^none\.json: /);
    expect(await refusal(['-', '-'], {})).toBe('rank: - can be read once only');
    expect(await refusal([THREAD], { stage: 'ADJUSTED' })).toMatch(/^--stage ADJUSTED: unknown stage; did you mean/);
    expect(await refusal([THREAD], { reference: 'nobody' })).toContain('has no strategy nobody');
    expect(await refusal([THREAD], { vcpus: '3' })).toMatch(/^--vcpus: is for a matrix that is run/);
  });
});
