import { EVENT_KINDS } from '@s2bench/kernel/ops';
import type { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeProgram } from './command-line.ts';

describe('makeProgram', () => {
  it('gives every command --color and --quiet', () => {
    for (const command of makeProgram().commands) {
      if (/^complet/.test(command.name())) continue;
      const flags = command.options.map(({ long }) => long);
      expect(flags, command.name()).toEqual(expect.arrayContaining(['--color', '--quiet']));
    }
  });

  it('explains every letter that ops prints, in that order', async () => {
    let help = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      help += String(text);
      return true;
    });
    await expect(makeProgram().parseAsync(['ops', '--help'], { from: 'user' })).rejects.toThrow('outputHelp');
    vi.restoreAllMocks();
    expect([...help.matchAll(/^ {2}([A-Z]) {2}/gm)].map(([, letter]) => letter)).toEqual(EVENT_KINDS);
  });

  it('completes itself', async () => {
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    await makeProgram().parseAsync(['complete', '--', 'run', '--strategy', 'base'], { from: 'user' });
    vi.restoreAllMocks();
    expect(printed.map((line) => line.trim())).toContain('baseline');
  });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What `--help` prints, with what stands below the flags. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (said) => (text += said) });
  command.outputHelp();
  return text;
}

describe('help', () => {
  it.each([80, 120, 200])('of the program and of every command is no wider than %d columns', (columns) => {
    vi.stubEnv('COLUMNS', String(columns));
    const program = makeProgram();
    const texts = [program, ...program.commands].map(helpOf);
    expect(texts.length).toBeGreaterThan(12);
    const widths = texts.map((text) => Math.max(...text.split('\n').map((line) => line.length)));
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    // What is longer than a line of 80 goes on in it, where there is more room.
    if (columns > 80) expect(Math.max(...widths)).toBeGreaterThan(columns - 15);
  });
});
