import { describe, expect, it } from 'vitest';
import { instrument } from './mutants.ts';

const TEXT = `/** Adds. */
export function add(one: number, other: number): number {
  return one + other;
}
`;

describe('an instrumented file', () => {
  it('holds each mutant behind a switch, under the name that it keeps', async () => {
    const { mutants, plain } = await instrument('add.ts', TEXT);
    expect(mutants).toMatchObject([
      { mutator: 'BlockStatement', from: '{ return one + other; }', to: '{}', within: 'add', line: 2 },
      { mutator: 'ArithmeticOperator', from: 'one + other', to: 'one - other', within: 'add', line: 3 },
    ]);
    for (const { id } of mutants) expect(plain).toContain(`stryMutAct_9fa48("${id}")`);
  });

  it('counts where it is asked to, and is spared that otherwise', async () => {
    const { mutants, counting, plain } = await instrument('add.ts', TEXT);
    for (const { id } of mutants) expect(counting).toContain(`counts[${id}]++`);
    expect(plain).not.toContain('counts');
    for (const code of [counting, plain]) expect(code).not.toMatch(/stryCov_9fa48\("/);
  });
});
