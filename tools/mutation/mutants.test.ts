import { describe, expect, it } from 'vitest';
import { type Instrumented, instrument } from './mutants.ts';

const TEXT = `/** Adds. */
export function add(one: number, other: number): number {
  return one + other;
}
`;

const addAndOther = async (): Promise<Instrumented[]> =>
  instrument([
    { file: 'other.ts', text: TEXT.replaceAll('+', '*') },
    { file: 'add.ts', text: TEXT },
  ]);

describe('an instrumented file', () => {
  it('holds each mutant behind a switch, under the name that it keeps', async () => {
    const [other, add] = await addAndOther();
    const { mutants = [], holding } = add ?? {};
    expect(mutants).toMatchObject([
      { mutator: 'BlockStatement', from: '{ return one + other; }', to: '{}', within: 'add', line: 2 },
      { mutator: 'ArithmeticOperator', from: 'one + other', to: 'one - other', within: 'add', line: 3 },
    ]);
    const ids = mutants.map(({ id }) => id);
    for (const id of ids) expect(holding?.(new Set(ids))).toContain(`stryMutAct_9fa48("${id}")`);
    for (const { id } of other?.mutants ?? []) expect(ids).not.toContain(id);
  });

  it('holds no mutant that is not wanted', async () => {
    const [, add] = await addAndOther();
    const [first, second] = add?.mutants ?? [];
    const code = add?.holding(new Set([second?.id ?? ''])) ?? '';
    expect(code).toContain(`stryMutAct_9fa48("${second?.id}")`);
    expect(code).not.toContain(`stryMutAct_9fa48("${first?.id}")`);
    expect(code).toContain('one - other');
  });

  it('counts where it is asked to, and is spared that otherwise', async () => {
    const [, add] = await addAndOther();
    const { mutants = [], counting = '', holding } = add ?? {};
    const plain = holding?.(new Set(mutants.map(({ id }) => id))) ?? '';
    expect(mutants).toHaveLength(2);
    for (const { id } of mutants) expect(counting).toContain(`stryCounts_9fa48[${id}]++`);
    expect(plain).not.toContain('stryCounts');
    for (const code of [counting, plain]) expect(code).not.toMatch(/stryCov_9fa48\("/);
  });
});
