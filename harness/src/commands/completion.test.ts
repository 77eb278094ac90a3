import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Command, Option } from 'commander';
import { complete, completion, SHELLS } from './completion.ts';

let printed: string[];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});

function program(): Command {
  const run = new Command('run')
    .option('--strategy <names>', 'strategies')
    .addOption(new Option('--color <when>').choices(['auto', 'always']))
    .option('--json', 'as JSON');
  return new Command('s2bench').addCommand(run).addCommand(new Command('list').argument('[what]'));
}

const after = async (...words: string[]): Promise<string[]> => {
  await complete(program(), words);
  return printed.map((line) => line.split('\t')[0] ?? '');
};

describe('complete', () => {
  it('knows the names of strategies', async () => {
    expect(await after('run', '--strategy', 'b')).toContain('baseline');
  });

  it('knows commands, flags and what is fixed', async () => {
    expect(await after('')).toEqual(expect.arrayContaining(['run', 'list', 'completion']));
    expect(printed.join()).not.toMatch(/complete\t/);
    expect(await after('run', '--')).toEqual(expect.arrayContaining(['--strategy', '--json']));
    expect(await after('run', '--color', '')).toEqual(expect.arrayContaining(['auto', 'always']));
    expect(await after('list', '')).toEqual(expect.arrayContaining(['strategies', 'worlds']));
  });
});

describe('completion', () => {
  it.each(SHELLS)('has a script for %s, which asks the program', (shell) => {
    completion(program(), shell);
    expect(printed.join('\n')).toContain('s2bench complete --');
  });

  it('refuses another shell in one line', () => {
    expect(() => completion(program(), 'bsh')).toThrow('completion bsh: unknown shell; did you mean bash?');
  });
});
