/**
 * Neighbouring pages are mapped without a call of visitors that have nothing to do, and runs of entries in one loop: the
 * effects are those of a map in which every visitor is called at every page.
 */
import { createHash } from 'node:crypto';
import { NO_ENTRY, type Strategy, type Wrap, wrapVisitors } from '@s2bench/core';
import { type EffectSink, findEntry, makeSink, outputAddress } from '@s2bench/core/stage2';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TallyEffects } from '../src/bench/tally-effects.ts';
import { unmap } from '../src/v5/unmap.ts';
import { BREAK_FIRST, ENDLESS, FREE_LAST, INSTALL_FIRST, makeTable, READ_WRITE } from './fixtures.ts';

/** Beside the last address that is below 4 GiB, at which the descriptor's high word changes. */
const HOST = 2 ** 32 - 2 ** 21;
const BASE = 2 ** 31;

/** One that asks where it is may do something a page further on, so that it is called at each. */
const askWhere: Wrap = (_name, visit) => (entry, map) => {
  expect(entry).toHaveProperty('address');
  return visit(entry, map);
};

const step = fc.record({
  op: fc.constantFrom('map', 'map', 'map', 'walk', 'unmap'),
  page: fc.oneof(fc.nat({ max: 1600 }), fc.constantFrom(0, 510, 511, 512, 1024)),
  pages: fc.oneof(fc.constant(1), fc.nat({ max: 5 }), fc.constantFrom(511, 512, 1024)),
  hostOffset: fc.constantFrom(0, 0, 1),
  write: fc.boolean(),
  execute: fc.boolean(),
  device: fc.boolean(),
});
const steps = fc.array(step, { maxLength: 12 });
type Steps = typeof steps extends fc.Arbitrary<infer Value> ? Value : never;

function linesOf(strategy: Strategy, kernel: string, pageSizeBytes: number, todo: Steps): string[] {
  const lines: string[] = [];
  const effects: EffectSink = makeSink(
    (name) =>
      (...values) =>
        lines.push(`${name} ${values.join(' ')}`),
  );
  const { table, mapper } = makeTable({ effects, strategy, kernel, pageSizeBytes });
  for (const { op, page, pages, hostOffset, ...protection } of todo) {
    const address = BASE + page * pageSizeBytes;
    const host = (index: number): number => HOST + (page + index + hostOffset) * pageSizeBytes;
    if (op === 'unmap') unmap(table, address, pages * pageSizeBytes);
    // As a guest faults: page by page.
    for (let index = 0; op === 'walk' && index < Math.min(pages, 20); index++) {
      const rc = mapper.map(
        address + index * pageSizeBytes,
        pageSizeBytes,
        host(index),
        { ...READ_WRITE, ...protection },
        ENDLESS(),
      );
      lines.push(`walk ${rc} ${mapper.strategyActs} ${mapper.installedLeaves}`);
    }
    if (op === 'map')
      lines.push(
        `map ${mapper.map(address, pages * pageSizeBytes, host(0), { ...READ_WRITE, ...protection }, ENDLESS())}`,
      );
  }
  const { words, refcounts, validCounts } = table.arena;
  return [...lines, digestOf(words), digestOf(refcounts), digestOf(validCounts)];
}

const digestOf = (array: Uint32Array | Int32Array): string => createHash('sha256').update(array).digest('hex');

const withoutAnswers = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/ (true|false) /, ' '));

describe('pages at which no visitor has anything to do', () => {
  it.each([
    ['break-first', BREAK_FIRST, 'v5.11'],
    ['install-first', INSTALL_FIRST, 'v5.12p1'],
    ['free-last', FREE_LAST, 'v6.1'],
  ] as const)('have the effects that they have with all visitors called: %s', (_, strategy, kernel) => {
    fc.assert(
      fc.property(steps, fc.constantFrom(4096, 65536), (todo, pageSizeBytes) => {
        const asked = linesOf(
          wrapVisitors(
            strategy,
            askWhere,
            (_name, phase) => (log) => phase.run(log),
            (_name, run) => run,
          ),
          kernel,
          pageSizeBytes,
          todo,
        );
        expect(withoutAnswers(linesOf(strategy, kernel, pageSizeBytes, todo))).toEqual(withoutAnswers(asked));
      }),
      { numRuns: 40 },
    );
  });

  it('are mapped without a call, but for those at which something else could be answered', () => {
    let calls = 0;
    const counting = wrapVisitors(
      BREAK_FIRST,
      (_name, visit) => (entry, map) => {
        calls++;
        return visit(entry, map);
      },
      (_name, phase) => (log) => phase.run(log),
      (_name, run) => run,
    );
    const { table, mapper } = makeTable({ strategy: counting });
    const map = (page: number, protection = READ_WRITE): number => {
      calls = 0;
      mapper.map(BASE + page * 4096, 4096, HOST + page * 4096, protection, ENDLESS());
      return calls;
    };
    // The first one makes the tables, the second one asks at both levels, before and after.
    expect([map(0), map(1), map(2), map(3)]).toEqual([expect.any(Number), 4, 0, 0]);
    expect(map(4, { ...READ_WRITE, device: true })).toBe(4);
    // The first page of another table, and then back.
    expect([map(512), map(5), map(6), map(7)]).toEqual([expect.any(Number), expect.any(Number), 4, 0]);
    unmap(table, BASE, 2 ** 21);
    expect(map(8)).toBeGreaterThan(0);
  });

  it('are none for a strategy that looks at leaves', () => {
    const { mapper } = makeTable({
      strategy: {
        ...BREAK_FIRST,
        tablePre: (entry, map) => {
          if (entry.level === 2 && map.anchor === NO_ENTRY) map.walkLeaves(map.follow(entry), () => undefined);
        },
      },
    });
    for (let page = 0; page < 4; page++) {
      mapper.map(BASE + page * 4096, 4096, HOST + page * 4096, READ_WRITE, ENDLESS());
      expect(mapper.strategyActs).toBe(page > 0);
    }
  });
});

describe('a run of pages', () => {
  it('goes on in the next 4 GiB of host memory', () => {
    for (const pageSizeBytes of [4096, 65536]) {
      const { table, mapper } = makeTable({ pageSizeBytes });
      const host = 2 ** 32 - 5 * pageSizeBytes;
      mapper.map(BASE, 9 * pageSizeBytes, host, READ_WRITE, ENDLESS());
      for (const page of [0, 4, 5, 8]) {
        const entry = findEntry(table, BASE + page * pageSizeBytes) ?? -1;
        expect(outputAddress(table.low(entry), table.high(entry), table.geometry)).toBe(host + page * pageSizeBytes);
      }
    }
  });
});

describe('a sink that adds up', () => {
  /** As a benchmark's, but that it is told of each page. */
  class EachPage extends TallyEffects {
    override readonly pageTotals = undefined as never;
  }
  const PROTECTIONS = [READ_WRITE, { ...READ_WRITE, execute: true }, { ...READ_WRITE, device: true }] as const;
  const anyStep = fc.record({
    op: fc.constantFrom('walk', 'walk', 'map', 'unmap'),
    page: fc.oneof(fc.nat({ max: 1600 }), fc.constantFrom(0, 500, 511, 512)),
    pages: fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(512, 1024)),
    hostOffset: fc.constantFrom(0, 0, 1),
    protection: fc.nat({ max: PROTECTIONS.length - 1 }),
  });
  const sumsOf = (effects: TallyEffects, strategy: Strategy, kernel: string, todo: readonly AnyStep[]): unknown => {
    const { table, mapper } = makeTable({ effects, strategy, kernel, pageSizeBytes: 4096 });
    const codes = todo.flatMap(({ op, page, pages, hostOffset, protection }) => {
      const address = BASE + page * 4096;
      const host = HOST + (page + hostOffset) * 4096;
      const map = (at: number, sizeBytes: number): number =>
        mapper.map(address + at, sizeBytes, host + at, PROTECTIONS[protection] ?? READ_WRITE, ENDLESS());
      if (op === 'unmap') return [unmap(table, address, pages * 4096)];
      if (op === 'map') return [map(0, pages * 4096)];
      return Array.from({ length: Math.min(pages, 40) }, (_, index) => map(index * 4096, 4096));
    });
    const { words, refcounts, validCounts } = table.arena;
    const hash = createHash('sha256').update(words).update(refcounts).update(validCounts).digest('hex');
    const { reads, writes, tlbis, cleanedPages, references } = effects;
    return { codes, hash, reads, writes, tlbis, cleanedPages, references, leaves: mapper.installedLeaves };
  };
  type AnyStep = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never;

  it.each(['v5.12p1', 'v5.11', 'v5.14'])(
    'comes to the same sums and tables as one that is told of each page in %s',
    (kernel) => {
      fc.assert(
        fc.property(
          fc.array(anyStep, { maxLength: 10 }),
          fc.constantFrom(BREAK_FIRST, INSTALL_FIRST),
          (todo, strategy) => {
            expect(sumsOf(new TallyEffects(), strategy, kernel, todo)).toEqual(
              sumsOf(new EachPage(), strategy, kernel, todo),
            );
          },
        ),
        { numRuns: 40 },
      );
    },
  );
});
