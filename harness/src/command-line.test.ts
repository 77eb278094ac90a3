import { describe, expect, it } from 'vitest';
import { makeProgram } from './command-line.ts';

describe('makeProgram', () => {
  it('gives every command --color and --quiet', () => {
    for (const command of makeProgram().commands) {
      const flags = command.options.map(({ long }) => long);
      expect(flags, command.name()).toEqual(expect.arrayContaining(['--color', '--quiet']));
    }
  });
});
