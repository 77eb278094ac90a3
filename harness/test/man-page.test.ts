import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { manPage } from '../man/man-page.ts';
import { makeProgram } from '../src/command-line.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../man/s2bench.1'), 'utf8');

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the man page', () => {
  it.each(['40', '200'])('is what the commands say now (npm run man writes it), whatever the width: %s', (columns) => {
    vi.stubEnv('COLUMNS', columns);
    expect(manPage(makeProgram())).toBe(PAGE);
  });

  it('has a section for each command with all of its flags, and its examples', () => {
    const [before = '', ...sections] = PAGE.replaceAll(String.raw`\-`, '-').split('\n.SS ');
    for (const command of makeProgram().commands.filter((one) => one.name() !== 'complete')) {
      const own = sections.find((text) => new RegExp(`^${command.name()}\\b`).test(text)) ?? '';
      expect(before).toContain(`s2bench ${command.name()} `);
      for (const { long } of command.options)
        expect(['--color', '--quiet'].includes(long ?? '') ? before : own, command.name()).toContain(long);
    }
    expect(PAGE.match(/^\$ s2bench /gm)?.length).toBeGreaterThan(40);
  });

  it('shows every letter as it is: a line begins with a macro that there is, and nothing is left unescaped', () => {
    for (const line of PAGE.split('\n').slice(1)) {
      expect(line).toMatch(/^(\.(TH|SH|SS|TP|PP|RS|RE|EX|EE|br)( |$)|[^.'])|^$/);
      expect(line.replace(/\\(-|&|\((rs|aq|ga|ha|ti|dq)|f[BR]|\[u[0-9A-F]{4}\])/g, '')).toMatch(
        line.startsWith('.TH') ? /^[ -~]*$/ : /^[ !#-&(-,./-[\]_a-z{|}]*$/,
      );
    }
  });
});
