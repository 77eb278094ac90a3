import { EVENT_KINDS } from '@s2bench/kernel/ops';
import { describe, expect, it, vi } from 'vitest';
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
