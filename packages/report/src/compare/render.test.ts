import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf, okResult, threadCell, threadDocument } from '../../test/thread-fixture.ts';
import { displayWidth } from '../text/lines.ts';
import type { CellResult, OkResult, ResultDocument } from '../schema.ts';
import { compareResults } from './compare.ts';
import type { ResultComparison } from './compare.ts';
import { comparisonDocument, comparisonDocumentSchema } from './document.ts';
import { renderComparisonMail } from './mail.ts';
import { GITHUB_LIMIT, renderComparisonMarkdown } from './markdown.ts';
import { renderComparisonTable } from './terminal.ts';
import { parseThreshold } from './threshold.ts';

const THRESHOLDS = ['ADJUST.timeNs>+5%', 'verdict', 'missing', '*.staleReads>0'].map(parseThreshold);

function compared(
  base: ResultDocument,
  head: ResultDocument,
  names: readonly [string, string] = ['a.json', 'b.json'],
): ResultComparison {
  return compareResults({ name: names[0], document: base }, { name: names[1], document: head }, THRESHOLDS);
}

const number = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
);
const integer = fc.oneof(fc.constant(0), fc.maxSafeNat());
const word = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('baseline', 'mine'),
);

/** Any cell of a small matrix with any numbers and any words. */
const anyResult: fc.Arbitrary<CellResult> = fc
  .record({
    vcpus: fc.constantFrom(1, 2, 4),
    strategy: word,
    kind: fc.constantFrom('ok', 'ok', 'ok', 'skipped', 'failed'),
    reason: word,
  })
  .chain(({ vcpus, strategy, kind, reason }) =>
    fc
      .record({
        timeNs: number,
        longestNs: number,
        count: integer,
        bytes: integer,
        status: fc.constantFrom('unsafe', 'safe', 'not-explored'),
      })
      .map(({ timeNs, longestNs, count, bytes, status }): CellResult => {
        const ok: OkResult = okResult(threadCell({ vcpus, strategy }));
        const { ADJUST } = ok.stages;
        if (kind !== 'ok' || ADJUST === undefined)
          return { cell: ok.cell, status: kind === 'skipped' ? 'skipped' : 'failed', reason };
        return {
          ...ok,
          verdict: { status, rule: reason },
          stages: {
            ADJUST: {
              ...ADJUST,
              timeNs,
              invalidWindow: { ...ADJUST.invalidWindow, longestNs },
              staleReads: count,
              cleanedBytes: bytes,
              lockWaitNs: longestNs,
            },
          },
        };
      }),
  );
const anyDocument = fc
  .record({ cells: fc.array(anyResult, { maxLength: 6 }), version: word, name: word })
  .map(({ cells, version }) => documentOf(cells, { tool: { name: 's2bench', version } }));
const anyComparison = fc
  .record({ base: anyDocument, head: anyDocument, names: fc.tuple(word, word) })
  .map(({ base, head, names }) => compared(base, head, names));

describe('equal results', () => {
  it('are one line, wherever they are shown', () => {
    const equal = compared(threadDocument(), threadDocument());
    const plain = compareResults(
      { name: 'a.json', document: threadDocument() },
      { name: 'b.json', document: threadDocument() },
    );
    expect(renderComparisonTable(plain, { columns: 80, color: true })).toBe('a and b are equal: 24 cells\n');
    expect(renderComparisonMail(plain)).toBe('a and b are equal: 24 cells\n');
    expect(renderComparisonMarkdown([plain])).toBe('a and b are equal: 24 cells.\n');
    // A threshold of a value may be passed by equal ones.
    expect(renderComparisonMail(equal)).toContain('Failed: *.staleReads>0 in 3 cells.');
  });
});

describe('a mail', () => {
  it('has 72 columns of ASCII, whatever is compared', () => {
    fc.assert(
      fc.property(anyComparison, (comparison) => {
        for (const line of renderComparisonMail(comparison).split('\n')) {
          expect(line.length, line).toBeLessThanOrEqual(72);
          expect(line).toMatch(/^[ -~]*$/);
          expect(line).not.toMatch(/ $/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('puts numbers below one another', () => {
    const base = documentOf([okResult(threadCell())]);
    const head = documentOf([okResult(threadCell({ strategy: 'full-population-check' }))]);
    expect(renderComparisonMail(compared(base, head)).split('\n\n').at(-2)).toMatchInlineSnapshot(`
      "                                 base       new            change
      full-population-check
        ADJUST invalid window        130 ms    129 ms            -0.69% better
        ADJUST time                  2.88 s    2.89 s            +0.21%  worse
        ADJUST stall (p99)           139 ms    140 ms            +0.21%  worse
        and 5 more values"
    `);
  });
});

describe('a terminal', () => {
  it('gets lines no wider than itself', () => {
    fc.assert(
      fc.property(anyComparison, fc.integer({ min: 72, max: 200 }), (comparison, columns) => {
        for (const line of renderComparisonTable(comparison, { columns, color: true }).split('\n')) {
          expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('Markdown', () => {
  it('stays below a limit and says what is left out, whatever is compared', () => {
    fc.assert(
      fc.property(
        fc.array(anyComparison, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 400, max: 3000 }),
        (comparisons, limit) => {
          const text = renderComparisonMarkdown(comparisons, limit);
          expect(text.length).toBeLessThanOrEqual(limit);
          if (renderComparisonMarkdown(comparisons, Infinity).length > limit)
            expect(text).toContain("left out, for GitHub's limit");
        },
      ),
      { numRuns: 15 },
    );
  });

  it("stays below GitHub's limit with thousands of changed cells, the largest change first", () => {
    const cells = Array.from({ length: 2000 }, (_, seed) => okResult(threadCell({ seed })));
    const slower = cells.map((result, at): OkResult => {
      const { ADJUST } = result.stages;
      return ADJUST === undefined
        ? result
        : { ...result, stages: { ADJUST: { ...ADJUST, timeNs: ADJUST.timeNs * (1 + (at + 2) / 1e4) } } };
    });
    const text = renderComparisonMarkdown([compared(documentOf(cells), documentOf(slower))]);
    expect(text.length).toBeLessThanOrEqual(GITHUB_LIMIT);
    expect(text.length).toBeGreaterThan(0.9 * GITHUB_LIMIT);
    const shown = text.split('\n').filter((line) => line.includes('| ADJUST time |')).length;
    expect(text).toContain(`${String(2000 - shown)} more cells changed left out, for GitHub's limit.`);
    expect(text).toContain('| 1999 | ADJUST time |');
    expect(text.match(/<details>/g)).toHaveLength(1);
    expect(text.match(/<\/details>/g)).toHaveLength(1);
  });
});

describe('JSON', () => {
  it('follows its schema, whatever is compared', () => {
    fc.assert(
      fc.property(fc.array(anyComparison, { minLength: 1, maxLength: 3 }), (comparisons) => {
        const json: unknown = JSON.parse(JSON.stringify(comparisonDocument(comparisons, THRESHOLDS)));
        expect(comparisonDocumentSchema.parse(json)).toEqual(json);
      }),
      { numRuns: 50 },
    );
  });
});
