import { describe, expect, it } from 'vitest';
import { importProblem } from './import-problem.ts';

const noSuch = (from: string, name: string): SyntaxError =>
  new SyntaxError(`The requested module '${from}' does not provide an export named '${name}'`);

describe('a module that asks for what is not there', () => {
  it.each([
    ['@s2bench/core', 'VirtualMachine', '@s2bench/core has no VirtualMachine; import it from @s2bench/kernel'],
    ['@s2bench/core', 'isTable', '@s2bench/core has no isTable; import it from @s2bench/core/stage2'],
    ['@s2bench/core', 'verifyWorld', '@s2bench/core has no verifyWorld; import it from @s2bench/verify'],
    [
      '@s2bench/kernel',
      'findKernelModel',
      /^@s2bench\/kernel has no findKernelModel: kernelModelOf of @s2bench\/kernel/,
    ],
    [
      '@s2bench/core',
      'FaultHandler',
      /^@s2bench\/core has no FaultHandler: a subject of @s2bench\/verify replaces phases/,
    ],
    ['@s2bench/core', 'defineStrateg', /^@s2bench\/core has no defineStrateg; did you mean defineStrategy\?/],
    ['./mine.ts', 'x', /does not provide an export named 'x'/],
  ])('is told where it is: %s, %s', async (from, name, line) => {
    const said = await importProblem(noSuch(from, name));
    expect(said).toMatch(line instanceof RegExp ? line : new RegExp(`^${line}$`));
  });

  it('leaves anything else as it was said', async () => {
    expect(await importProblem(new Error('not today\nat all'))).toBe('not today');
  });
});
