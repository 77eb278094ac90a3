/** A strategy gets another one's exploration where it does the same in all of it, and nowhere else. */
import { describe, expect, it } from 'vitest';
import { installFirstByIpa, installFirstNoClean, makeWithoutBreak, takeDownFirst } from '../test/specimens.ts';
import type { ExplorationRecord } from './exploration-record.ts';
import { verifyWorld, type VerifyResult } from './verify-world.ts';
import { worldOf } from './worlds/index.ts';

const SETTING = { history: 'logging-first', fwb: false } as const;

interface Found {
  readonly result: Omit<VerifyResult, 'elapsedMs'>;
  readonly kept: readonly ExplorationRecord[];
}

function explore(strategy: typeof takeDownFirst, world: string, known: readonly ExplorationRecord[]): Found {
  const kept: ExplorationRecord[] = [];
  const keep = (one: ExplorationRecord): void =>
    void kept.push({ ...one, exploration: { ...one.exploration, elapsedMs: 0 } });
  const { elapsedMs: _, ...result } = verifyWorld(strategy, worldOf(world), { ...SETTING, shared: { known, keep } });
  return { result, kept };
}

/** A record that says of itself that it was used. */
function marked(record: ExplorationRecord): ExplorationRecord {
  return { ...record, exploration: { ...record.exploration, states: -1 } };
}

describe('an exploration of another strategy', () => {
  const renamed = { ...takeDownFirst, name: 'renamed' };

  it('is taken where the strategy does the same, under its own name, and is not kept twice', () => {
    const own = explore(takeDownFirst, 'full-table', []);
    const [record] = own.kept;
    if (record === undefined) throw new Error('nothing was kept');
    // What travels between threads is cloned.
    const sent = structuredClone(record);
    expect(explore(renamed, 'full-table', [sent])).toEqual({
      result: { ...own.result, strategy: 'renamed' },
      kept: [],
    });
    expect(explore(renamed, 'full-table', [marked(sent)]).result.states).toBe(-1);
  });

  it('is not taken where the strategy does anything else, whatever the order in which they are asked', () => {
    const all = [takeDownFirst, installFirstNoClean, installFirstByIpa, makeWithoutBreak];
    const alone = all.map((strategy) => explore(strategy, 'full-table', []));
    const records = alone.flatMap(({ kept }) => kept);
    expect(records).toHaveLength(all.length);
    for (const [at, strategy] of all.entries()) {
      const others = records.filter((_, index) => index !== at).map(marked);
      expect(explore(strategy, 'full-table', others)).toEqual(alone[at]);
    }
  });

  it('is taken where strategies differ in what the world does not show', () => {
    const [record] = explore(takeDownFirst, 'unaligned', []).kept;
    if (record === undefined) throw new Error('nothing was kept');
    expect(explore(installFirstNoClean, 'unaligned', [marked(record)]).result.states).toBe(-1);
  });

  it('is not taken where there is a hook that it does not have', () => {
    const [record] = explore(takeDownFirst, 'full-table', []).kept;
    if (record === undefined) throw new Error('nothing was kept');
    const hooked = { ...renamed, logStop: [{ name: 'nothing', run: () => undefined }] };
    const own = explore(hooked, 'full-table', [marked(record)]);
    expect(own.result.states).toBeGreaterThan(record.exploration.states);
    expect(explore(renamed, 'full-table', own.kept.map(marked)).result.states).toBe(record.exploration.states);
  });

  it('has a counterexample of the strategy itself', () => {
    const own = explore(installFirstByIpa, 'full-table', []);
    expect(own.result.verdict).toBe('unsafe');
    const again = explore({ ...installFirstByIpa, name: 'renamed' }, 'full-table', own.kept);
    expect(again.kept).toEqual([]);
    expect(again.result).toEqual({
      ...own.result,
      strategy: 'renamed',
      counterexample: { ...own.result.counterexample, strategy: 'renamed' },
    });
  });

  it('is not taken for other rules, and not kept where a bound was met', () => {
    const [record] = explore(takeDownFirst, 'full-table', []).kept;
    if (record === undefined) throw new Error('nothing was kept');
    expect(explore(renamed, 'full-table', [marked({ ...record, rules: ['progress'] })]).result.states).toBeGreaterThan(
      0,
    );
    const kept: ExplorationRecord[] = [];
    const shared = { known: [], keep: (one: ExplorationRecord) => void kept.push(one) };
    const cut = verifyWorld(takeDownFirst, worldOf('full-table'), { ...SETTING, shared, bounds: { maxStates: 10 } });
    expect({ verdict: cut.verdict, kept }).toEqual({ verdict: 'incomplete', kept: [] });
  });
});
