import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeDocument } from './fixtures/fake-document.ts';
import { callProgram } from './fixtures/call-program.ts';
import type { ProgramEnd } from './fixtures/program.ts';
import { tempFolder } from './fixtures/temp-folder.ts';

const EQUAL = JSON.stringify(fakeDocument());
const SLOWER = JSON.stringify(fakeDocument([0.7, 1, 1.06]));

function compare(files: Record<string, string>, ...args: string[]): Promise<ProgramEnd> {
  const cwd = tempFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return callProgram(['compare', ...args], { cwd });
}

describe('s2bench compare', () => {
  it('ends with 1 and names the cell first that is 6 % slower where 5 % are allowed', async () => {
    const end = await compare(
      { 'a.json': EQUAL, 'b.json': SLOWER },
      'a.json',
      'b.json',
      '--fail-on',
      'ADJUST.timeNs>+5%',
    );
    expect(end).toMatchObject({ code: 1, stderr: '' });
    const lines = end.stdout.split('\n');
    expect(lines[0]).toBe('Better: ADJUST time 1.00 µs → 700 ns, 30.00 % shorter, in 1 of 3 cells');
    expect(lines[1]).toBe('Worse: ADJUST time 1.00 µs → 1.06 µs, 6.00 % longer, in 1 of 3 cells');
    expect(lines[2]).toBe('a → b: 2 of 3 cells differ');
    expect(lines).toContain('failed: ADJUST.timeNs>+5% in 1 cell');
    const cells = lines.filter((line) => line.includes('ADJUST time  '));
    expect(cells[0]).toMatch(/^ +3 {2}ADJUST time +1\.00 µs +1\.06 µs +\+6\.00 % +worse +ADJUST\.timeNs>\+5%$/);
    expect(cells[1]).toMatch(/^ +1 {2}ADJUST time +1\.00 µs +700 ns +−30\.00 % +better$/);
  });

  it('says in one line that results are equal', async () => {
    const end = await compare(
      { 'a.json': EQUAL, 'b.json': EQUAL },
      'a.json',
      'b.json',
      '--fail-on',
      'ADJUST.timeNs>+5%',
      '--fail-on',
      'verdict,missing',
    );
    expect(end).toEqual({ code: 0, stdout: 'a and b are equal: 3 cells\n', stderr: '' });
  });

  it('ends with 3 and one line where the seed is another', async () => {
    const end = await compare(
      { 'a.json': EQUAL, 'b.json': EQUAL.replaceAll('"seed":1', '"seed":2') },
      'a.json',
      'b.json',
    );
    expect(end).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(
        /^s2bench: a\.json and b\.json are different experiments: seed 1 → 2[^\n]+\n$/,
      ) as string,
    });
  });

  it('refuses what is cut off in one line', async () => {
    const end = await compare({ 'a.json': EQUAL, 'cut.json': EQUAL.slice(0, 700) }, 'a.json', 'cut.json', '--markdown');
    expect(end).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^s2bench: cut\.json: cut off: [^\n]+\n$/) as string,
    });
  });

  it('refuses two formats at once', async () => {
    const end = await compare({ 'a.json': EQUAL }, 'a.json', 'a.json', '--mail', '--json');
    expect(end).toEqual({
      code: 2,
      stdout: '',
      stderr: "s2bench: option '--mail' cannot be used with option '--json'\n",
    });
  });
});
