import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf, okResult, STRATEGIES, threadCell } from '../../test/thread-fixture.ts';
import type { OkResult, ResultDocument, Verdict } from '../schema.ts';
import { rankingSchema } from './document.ts';
import { renderRankingMarkdown } from './markdown.ts';
import { RankingError, rankResults } from './rank.ts';
import { renderRankingMail, renderRankingTable } from './text.ts';
import { turnsOf } from './turns.ts';

const SAFE: Verdict = { status: 'safe' };
const UNSAFE: Verdict = { status: 'unsafe', rule: 'data-coherency' };
const HISTORIES = ['block-first', 'logging-first'];

/** All of the thread's strategies in two histories; the one without a clean is unsafe in one of them. */
function cells(vcpus = [20, 60]): OkResult[] {
  return vcpus.flatMap((count) =>
    HISTORIES.flatMap((history) =>
      STRATEGIES.map((strategy): OkResult => {
        const isUnsafe = strategy === 'install-first-no-cmo' && history === 'logging-first';
        return { ...okResult(threadCell({ strategy, vcpus: count, history })), verdict: isUnsafe ? UNSAFE : SAFE };
      }),
    ),
  );
}

const ranking = (document: ResultDocument = documentOf(cells())) => rankResults(document, { reference: 'baseline' });

/** Time of ADJUST and what of it was charged to one cost. */
function charged(strategy: string, timeNs: number, tlbiNs: number, vcpus = 4): OkResult {
  const result = okResult(threadCell({ strategy, vcpus }));
  const { ADJUST } = result.stages;
  if (ADJUST === undefined) throw new Error('the fixture has no ADJUST');
  return { ...result, stages: { ADJUST: { ...ADJUST, timeNs, chargedNs: { tlbiVmid: tlbiNs } } } };
}

const PROFILE = {
  name: 'kunpeng920',
  summary: 'one cost',
  hash: null,
  costs: [{ name: 'tlbiVmid', value: 1000, unit: 'ns', provenance: 'assumed' as const, source: 'this test' }],
};

describe('a ranking', () => {
  it('puts the fastest first in each setting, with its factor and what others lose', () => {
    const { settings, stage } = ranking();
    expect([stage, settings.length]).toEqual(['ADJUST', 4]);
    for (const { ranked } of settings) {
      expect(ranked.map(({ timeNs }) => timeNs)).toEqual(ranked.map(({ timeNs }) => timeNs).sort((a, b) => a - b));
      const [first, second] = ranked;
      expect(first?.regretPercent).toBe(0);
      expect(second?.regretPercent).toBeCloseTo(((second?.timeNs ?? 0) / (first?.timeNs ?? 1) - 1) * 100);
      expect(ranked.find(({ strategy }) => strategy === 'baseline')?.speedup).toBe(1);
    }
  });

  it('ranks nowhere what is unsafe in one history, though it is the fastest in the other', () => {
    const { settings, unsafe, always } = ranking();
    expect(unsafe).toEqual([{ strategy: 'install-first-no-cmo', rules: ['data-coherency'] }]);
    const names = settings.flatMap(({ ranked }) => ranked.map(({ strategy }) => strategy));
    expect([...names, ...always.map(({ strategy }) => strategy)]).not.toContain('install-first-no-cmo');
    for (const { unranked } of settings)
      expect(unranked).toEqual([
        { strategy: 'install-first-no-cmo', reason: 'unsafe', timeNs: expect.any(Number) as number },
      ]);
  });

  it('ranks nothing that has no verdict, and says so', () => {
    const { settings, notVerified } = ranking(
      documentOf(
        cells().map((result) =>
          result.cell.strategy === 'baseline' ? { ...result, verdict: { status: 'not-explored' } } : result,
        ),
      ),
    );
    expect(notVerified).toEqual(['baseline']);
    expect(settings[0]?.ranked.map(({ strategy }) => strategy)).not.toContain('baseline');
  });

  it('ranks what nothing was found in up to a bound only where that is asked for, and marks it', () => {
    const verdict: Verdict = { status: 'not-explored', bounded: { explorations: 20, met: 16, mostStates: 10_000 } };
    const document = documentOf(cells().map((result) => ({ ...result, verdict })));
    expect(() => rankResults(document, {})).toThrow('--bounded ranks what nothing was found in');
    const found = rankResults(document, { bounded: true });
    expect(found.notVerified).toEqual([]);
    expect(found.settings[0]?.ranked.map(({ isBounded }) => isBounded)).toEqual([true, true, true, true]);
    expect(renderRankingTable(found, { columns: 100, color: false })).toMatch(/full-population-check \?/);
    expect(renderRankingMarkdown(found)).toContain('Nothing was found in it, up to a bound');
  });

  it('is beside baseline, or the first where that is not among them', () => {
    expect(rankResults(documentOf(cells()), {}).reference).toBe('baseline');
    const others = cells().filter(({ cell }) => cell.strategy !== 'baseline');
    expect(rankResults(documentOf(others), {}).reference).toBe('install-first-no-cmo');
  });

  it('stars what no other equals: time, window and lock wait', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), { minLength: 2, maxLength: 8 }), (triples) => {
        const results = triples.map(([timeNs, longestNs, lockWaitNs], at): OkResult => {
          const result = okResult(threadCell({ strategy: at === 0 ? 'baseline' : `s${String(at)}` }));
          const { ADJUST } = result.stages;
          if (ADJUST === undefined) throw new Error('the fixture has no ADJUST');
          const invalidWindow = { ...ADJUST.invalidWindow, longestNs };
          return { ...result, verdict: SAFE, stages: { ADJUST: { ...ADJUST, timeNs, lockWaitNs, invalidWindow } } };
        });
        const ranked = ranking(documentOf(results)).settings[0]?.ranked ?? [];
        const starred = ranked.filter(({ isPareto }) => isPareto);
        expect(starred.length).toBeGreaterThan(0);
        // Each of the others is beaten by a starred one; no starred one is.
        const beats = (a: (typeof ranked)[number], b: (typeof ranked)[number]) =>
          a.timeNs <= b.timeNs &&
          a.longestWindowNs <= b.longestWindowNs &&
          a.lockWaitNs <= b.lockWaitNs &&
          a.timeNs + a.longestWindowNs + a.lockWaitNs < b.timeNs + b.longestWindowNs + b.lockWaitNs;
        for (const one of ranked) expect(starred.some((star) => beats(star, one))).toBe(!one.isPareto);
      }),
    );
  });

  it.each([
    ['has no strategy nobody', documentOf(cells()), 'nobody', undefined],
    ['has one strategy only', documentOf([{ ...okResult(threadCell()), verdict: SAFE }]), 'baseline', undefined],
    [
      'has no verdicts',
      documentOf([okResult(threadCell()), okResult(threadCell({ strategy: 'x' }))]),
      'baseline',
      undefined,
    ],
    [
      'does not have the stage UPDATE in all cells: it must be one of ADJUST',
      documentOf(cells()),
      'baseline',
      'UPDATE',
    ],
    ['has no stage', documentOf([]), 'baseline', undefined],
  ] as const)('refuses what %s', (message, document, reference, stage) => {
    expect(() => rankResults(document, { reference, stage })).toThrow(RankingError);
    expect(() => rankResults(document, { reference, stage })).toThrow(message);
  });
});

describe('what would turn an order', () => {
  it('is a cost that the first leans on more, from all of it waited for to all of it spread', () => {
    // 400 ns apart, 100 ns of charge apart: five times the cost, or seventeen times where four vCPUs share it.
    expect(turnsOf([charged('a', 1000, 300), charged('b', 1400, 200)], 'ADJUST', PROFILE)).toEqual([
      { rival: 'b', cost: 'tlbiVmid', value: 1000, unit: 'ns', from: 5000, to: 17000 },
    ]);
  });

  it('is a lower cost where the other leans on it more, and never where that is not enough', () => {
    expect(turnsOf([charged('a', 1000, 100), charged('b', 1100, 300)], 'ADJUST', PROFILE)).toEqual([
      { rival: 'b', cost: 'tlbiVmid', value: 1000, unit: 'ns', from: 500, to: null },
    ]);
    expect(turnsOf([charged('a', 1000, 100), charged('b', 2000, 300)], 'ADJUST', PROFILE)).toEqual([]);
  });

  it('is nothing where both lean on it alike, or where it is known', () => {
    const pair = [charged('a', 1000, 100), charged('b', 1100, 100)];
    expect(turnsOf(pair, 'ADJUST', PROFILE)).toEqual([]);
    const costs = PROFILE.costs.map((cost) => ({ ...cost, provenance: 'measured' as const }));
    expect(turnsOf([charged('a', 1000, 300), charged('b', 1400, 200)], 'ADJUST', { ...PROFILE, costs })).toEqual([]);
  });
});

describe('its texts', () => {
  it('fit a mail and a terminal, and JSON its schema', () => {
    const found = ranking();
    expect(rankingSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
    const mail = renderRankingMail(found);
    expect(mail).toMatch(/^[\n -~]*$/);
    expect(Math.max(...mail.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
    const table = renderRankingTable(found, { columns: 80, color: false });
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    for (const text of [mail, table, renderRankingMarkdown(found)]) {
      expect(text).toContain('first in 4 of 4');
      expect(text).toMatch(/it\s+breaks\s+data-coherency/);
    }
  });
});
