import { type Profile, PROFILES } from '@s2bench/machine';
import { rankResults, type ResultDocument } from '@s2bench/report';
import type { CellResult } from '@s2bench/report/schema';
import { describe, expect, it } from 'vitest';
import { fakeDocument } from '../../test/fixtures/fake-document.ts';
import type { CellJob } from '../plan/run-plan.ts';
import { findTurns } from './turns.ts';

const ASSUMED_NS = 1000;
const [profile] = PROFILES as [Profile];

/** Two strategies, one of which flushes ten times. What else it does it does in 20 µs less. */
function timeOf(strategy: string, flushNs: number): number {
  return strategy === 'many-flushes' ? 10_000 + 10 * flushNs : 30_000 + flushNs;
}

function documentAt(flushNs: number): ResultDocument {
  const document = fakeDocument();
  const [found] = document.cells;
  if (found?.status !== 'ok') throw new Error('the fixture has no result');
  const [stage, result] = Object.entries(found.stages).at(-1) ?? [];
  if (stage === undefined || result === undefined) throw new Error('the fixture has no stage');
  const cells = ['one-flush', 'many-flushes'].map((strategy): CellResult => ({
    ...found,
    cell: { ...found.cell, strategy },
    verdict: { status: 'safe' },
    stages: { [stage]: { ...result, timeNs: timeOf(strategy, flushNs) } },
  }));
  return { ...document, cells };
}

describe('a matrix that is run again', () => {
  it('says between which two values of a cost another strategy is first, and how few cells were run for it', async () => {
    const document = documentAt(ASSUMED_NS);
    const { tlbiVmid } = profile.costs;
    const jobs = document.cells.map(({ cell }, index): CellJob => ({
      index,
      cell,
      strategyUrl: '',
      stages: [],
      exact: false,
      profile: { ...profile, costs: { ...profile.costs, tlbiVmid: { ...tlbiVmid, valueNs: ASSUMED_NS } } },
    }));
    let runs = 0;
    const turns = await findTurns({
      cost: 'tlbiVmid',
      document,
      jobs,
      rank: (one) => rankResults(one, {}),
      runAgain: (again) => {
        runs += again.length;
        const [{ profile: changed } = { profile }] = again;
        const cells = documentAt(changed.costs.tlbiVmid.valueNs).cells;
        return Promise.resolve(new Map(again.map(({ index }) => [index, cells[index] as CellResult])));
      },
    });
    // 10,000 + 10 x = 30,000 + x where a flush takes 2,222 ns. Below it the order stays.
    expect(turns).toHaveLength(1);
    const [turn, ...others] = turns[0] ?? [];
    expect(others).toEqual([]);
    expect(turn).toMatchObject({ rival: 'one-flush', cost: 'tlbiVmid', way: 'above', value: ASSUMED_NS, unit: 'ns' });
    expect(turn?.from).toBeLessThan(2222.3);
    expect(turn?.to).toBeGreaterThan(2222.2);
    expect((turn?.to ?? 0) / (turn?.from ?? 1)).toBeLessThanOrEqual(1.1);
    expect(runs).toBeLessThanOrEqual(2 * 10);
  });
});
