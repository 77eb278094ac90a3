import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell } from '../../test/thread-fixture.ts';
import type { OkResult, ResultDocument, StageResult, Verdict } from '../schema.ts';
import { compareResults } from './compare.ts';
import type { ResultComparison } from './compare.ts';
import { findingLine, headlineOf, slightLine, verdictLine } from './headline.ts';
import { renderComparisonMail } from './mail.ts';
import { renderComparisonMarkdown } from './markdown.ts';
import { breakLines } from '../text/lines.ts';
import { renderComparisonTable } from './terminal.ts';

const MS = 1e6;

/** One cell for each number of vCPUs, with an ADJUST that is so. */
function documentWith(
  strategy: string,
  adjust: (vcpus: number, stage: StageResult) => Partial<StageResult>,
  verdict?: Verdict,
): ResultDocument {
  const cells = [20, 40].map((vcpus): OkResult => {
    const result = okResult(threadCell({ strategy, vcpus }));
    const stage = result.stages['ADJUST'];
    if (stage === undefined) throw new Error('the fixture has no ADJUST');
    return {
      ...result,
      stages: { ADJUST: { ...stage, ...adjust(vcpus, stage) } },
      ...(verdict && { verdict }),
    };
  });
  return documentOf(cells);
}

function compared(base: ResultDocument, head: ResultDocument): ResultComparison {
  return compareResults({ name: 'runs/before.json', document: base }, { name: 'runs/after.json', document: head });
}

const windowOf = (longestNs: number, timeNs: number) => (_: number, stage: StageResult) => ({
  timeNs,
  invalidWindow: { ...stage.invalidWindow, longestNs },
});
const SAFE: Verdict = { status: 'safe' };

/** The clean before the break instead of inside of it: the same time, but for the noise of a few descriptors. */
const cleanFirst = compared(
  documentWith('baseline', windowOf(130 * MS, 3150 * MS), SAFE),
  documentWith('clean-first', windowOf(1.91e3, 3150 * MS * 0.999999968), SAFE),
);

describe('a window that is 68 000 times shorter', () => {
  it('is the first line of a terminal, of a mail and of a comment', () => {
    const firstOf = (text: string): string => text.split('\n')[0] ?? '';
    const table = firstOf(renderComparisonTable(cleanFirst, { columns: 80, color: false }));
    expect(table).toBe('Better: ADJUST invalid window 130 ms → 1.91 µs, 68\u202F000× shorter, in all 2 cells');
    expect(firstOf(renderComparisonMail(cleanFirst))).toBe(
      'Better: ADJUST invalid window 130 ms -> 1.91 us, 68000x shorter, in all',
    );
    expect(firstOf(renderComparisonMarkdown([cleanFirst]))).toBe(
      '**Better**: ADJUST invalid window 130 ms → 1.91 µs, 68\u202F000× shorter, in all 2 cells.',
    );
  });

  it('is named by strategies, with its verdict, and with nothing of a change of 0.0000032 % but that there is one', () => {
    const table = renderComparisonTable(cleanFirst, { columns: 200, color: true });
    expect(table).toContain('baseline → clean-first: 2 of 2 cells differ');
    expect(table).toContain('verdict: safe in 2 cells');
    expect(table).toMatch(/^\d+ values in 2 cells changed by less than 0\.01 %$/m);
    expect(table).not.toContain('ADJUST time');
    expect(table).toContain('\u001B[32m68\u202F000× shorter');
  });

  it('comes with what made both in a mail', () => {
    const mail = renderComparisonMail(cleanFirst);
    expect(mail).toMatch(/^ +base +new +change$/m);
    expect(mail).toMatch(/^ {2}ADJUST invalid window +130 ms +1\.91 us +68000x shorter better$/m);
    expect(mail).toContain('both: s2bench 0.1.0; baseline 0.1.0, ');
    expect(mail).toContain('\n  npx s2bench run\n');
  });
});

describe('a headline', () => {
  it('begins with a verdict that is worse, whatever is faster', () => {
    const head = documentWith('mine', windowOf(1.91e3, 1000 * MS), { status: 'unsafe', rule: 'stale-read' });
    const comparison = compared(documentWith('baseline', windowOf(130 * MS, 3150 * MS), SAFE), head);
    expect(headlineOf(comparison).map(findingLine)).toEqual([
      'Worse: verdict safe → unsafe (stale-read), in all 2 cells',
      'Better: ADJUST invalid window 130 ms → 1.91 µs, 68\u202F000× shorter, in all 2 cells',
      'Better: ADJUST time 3.15 s → 1.00 s, 3.1× shorter, in all 2 cells',
    ]);
    expect(verdictLine(comparison)).toBe('verdict: unsafe (stale-read) in 2 cells');
  });

  it('does not add up what is better and what is worse', () => {
    const base = documentWith('baseline', windowOf(100, 1000));
    const head = documentWith('baseline', (vcpus, stage) => ({
      ...windowOf(100, vcpus === 20 ? 900 : 1300)(vcpus, stage),
      staleReads: vcpus === 20 ? 0 : 7,
    }));
    expect(headlineOf(compared(base, head)).map(findingLine)).toEqual([
      'Worse: ADJUST stale reads 0 → 7, from none, in 1 of 2 cells',
      'Worse: ADJUST time 1.00 µs → 1.30 µs, 30.00 % longer, in 1 of 2 cells',
      'Better: ADJUST time 1.00 µs → 900 ns, 10.00 % shorter, in 1 of 2 cells',
    ]);
  });

  it('says of less work that it is less, and not that it is better', () => {
    const base = documentWith('baseline', () => ({ cleanedBytes: 2 ** 30 }));
    const head = documentWith('baseline', () => ({ cleanedBytes: 2 ** 20 }));
    expect(headlineOf(compared(base, head)).map(findingLine)).toEqual([
      'ADJUST cleaned 1 GiB → 1 MiB, 1000× less, in all 2 cells',
    ]);
  });

  it('is empty where all that has changed is slight', () => {
    const base = documentWith('baseline', windowOf(100, 1e9));
    const comparison = compared(base, documentWith('baseline', windowOf(100, 1e9 + 1)));
    expect(headlineOf(comparison)).toEqual([]);
    expect(slightLine(comparison)).toBe('2 values in 2 cells changed by less than 0.01 %');
    expect(renderComparisonMail(comparison)).toMatch(/^before -> after: 2 of 2 cells differ\.\n/);
  });
});

describe('a line', () => {
  it('is broken neither inside of a number nor before its unit', () => {
    expect(breakLines('a window of 131\u202F072 ms, and more', 15)).toEqual([
      'a window of',
      '131\u202F072 ms, and',
      'more',
    ]);
    expect(breakLines('it takes up to 130 ms', 16)).toEqual(['it takes up to', '130 ms']);
  });
});
