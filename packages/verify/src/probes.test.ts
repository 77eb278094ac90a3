/** Probes: facts that the search looks for as it looks for broken rules. */
import { describe, expect, it } from 'vitest';
import { installFirstNoClean, takeDownFirst } from '../test/specimens.ts';
import { renderRows } from './counterexample/render.ts';
import { OtherTable } from './kernel/other-table.ts';
import { replacedTables } from './kernel/replaced-tables.ts';
import { OWED } from './memory/page-state.ts';
import type { Observer } from './rules/rule.ts';
import { verifyWorld } from './verify-world.ts';
import { fullTable } from './worlds/full-table.ts';
import { partialTable } from './worlds/partial-table.ts';
import { threeLevels } from './worlds/three-levels.ts';
import { unaligned } from './worlds/unaligned.ts';

const OPTIONS = { history: 'logging-first', fwb: false } as const;

/** Reports the first coalesce with at least so many missing entries. */
function coalesce(missing: number): Observer<'coalesce'> {
  return {
    name: 'coalesce',
    section: ({ ran }) => {
      const found = (ran === undefined ? [] : replacedTables(ran)).find(
        ({ missingEntries }) => missingEntries >= missing,
      );
      return found && `level ${found.level} at ${found.baseIpa}, ${found.missingEntries} missing`;
    },
  };
}

describe('a probe', () => {
  it('gives the fewest steps to what it reports, under its own name', () => {
    const found = verifyWorld(takeDownFirst, partialTable, { ...OPTIONS, rules: [coalesce(1)] });
    expect(found).toMatchObject({ verdict: 'unsafe', rule: 'coalesce', counterexample: { rule: 'coalesce' } });
    expect(found.counterexample?.conclusion).toBe('Level 2 at 0, 3 missing.');
    expect(found.counterexample?.rows.at(-1)?.table).toContain('root[0] block 0-3 rw-');
    expect(found.counterexample && renderRows(found.counterexample)).toContain('root[0] = block 0-3 rw-');
  });

  it('that nothing answers leaves the exploration complete', () => {
    expect(verifyWorld(takeDownFirst, unaligned, { ...OPTIONS, rules: [coalesce(0)] })).toMatchObject({
      verdict: 'safe',
      complete: true,
    });
  });

  it('of an access says who made it', () => {
    const uncleaned: Observer = { name: 'uncleaned', access: { rejects: (_kind, state) => state === OWED } };
    const found = verifyWorld(installFirstNoClean, partialTable, { ...OPTIONS, rules: [uncleaned] });
    expect(found.counterexample?.conclusion).toMatch(/^vCPU \d, MMU off, \w+ page \d\.$/);
  });
});

describe('replaced tables', () => {
  it('miss nothing where every page was touched', () => {
    expect(verifyWorld(takeDownFirst, fullTable, { ...OPTIONS, rules: [coalesce(1)] }).verdict).toBe('safe');
    expect(verifyWorld(takeDownFirst, fullTable, { ...OPTIONS, rules: [coalesce(0)] }).verdict).toBe('unsafe');
  });

  it('are counted on all levels below the block', () => {
    // One page of sixteen: three entries are missing in each of the two tables above it.
    const found = verifyWorld(takeDownFirst, threeLevels, { ...OPTIONS, rules: [coalesce(6)] });
    expect(found.counterexample?.conclusion).toBe('Level 1 at 0, 6 missing.');
  });
});

describe('the table under another strategy', () => {
  it('is the same at each quiet point, where both are right', () => {
    const other = new OtherTable(installFirstNoClean, partialTable, false);
    const differs: Observer = {
      name: 'differs',
      section: ({ ran }) =>
        ran !== undefined && other.stateAfter(ran).key !== ran.to.key ? 'another table' : undefined,
    };
    expect(verifyWorld(takeDownFirst, partialTable, { ...OPTIONS, rules: [differs] })).toMatchObject({
      verdict: 'safe',
      complete: true,
    });
  });

  it('is another where one of them leaks', () => {
    const leaky = { ...installFirstNoClean, tablePost: () => undefined };
    const other = new OtherTable(leaky, partialTable, false);
    const differs: Observer = {
      name: 'differs',
      section: ({ ran }) =>
        ran !== undefined && other.stateAfter(ran).key !== ran.to.key ? 'another table' : undefined,
    };
    expect(verifyWorld(takeDownFirst, partialTable, { ...OPTIONS, rules: [differs] }).rule).toBe('differs');
  });
});
