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

  it('completes itself', async () => {
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
    await makeProgram().parseAsync(['complete', '--', 'run', '--strategy', 'base'], { from: 'user' });
    vi.restoreAllMocks();
    expect(printed.map((line) => line.trim())).toContain('baseline');
  });
});
