import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineStrategy, NO_ENTRY, NO_TABLE, type Visitors } from '@s2bench/core';
import { parseScript } from '@s2bench/kernel/ops';
import { describe, expect, it } from 'vitest';
import { ASPECTS, conformanceOf, findingLine, findingsOf, noteLine, notesOf } from '../src/conformance.ts';
import { TAKE_DOWN_FIRST } from '../src/reference.ts';
import { reportOf } from '../src/report.ts';
import { testStrategy } from '../src/test-strategy.ts';
import { BROKEN } from './broken.ts';

const WORLDS = { worlds: ['partial-table'] };
/** Where it is not the random scripts that find something, or are to find nothing. */
const FEW_RUNS = { ...WORLDS, runs: 5 };

// The reference has to pass its own suite; what it claims is what it is.
testStrategy(TAKE_DOWN_FIRST, { ...WORLDS, kernels: ['v5.12'] });

describe('a strategy with a mistake', () => {
  it.each(BROKEN)('$strategy.name is found out ($aspect): $rule', ({ strategy, aspect, rule, says }) => {
    const [finding] = findingsOf(strategy, aspect, WORLDS);
    expect(finding).toMatchObject({ aspect, rule });
    const line = finding === undefined ? '' : findingLine(strategy, finding);
    expect(line).toMatch(new RegExp(`^${strategy.name} breaks ${rule} in op `));
    expect(line).toContain(says);
  });

  it('is shown by an op script that was shrunk, and kept where the report says', () => {
    const found = BROKEN.find(({ rule }) => rule === 'accounting');
    if (found === undefined) throw new Error('no strategy breaks accounting');
    const [finding] = findingsOf(found.strategy, 'sequences');
    if (finding?.script === undefined) throw new Error('no script');
    // A page, and the block over it: nothing less makes a coalesce.
    expect(parseScript(finding.script.text).lines.map(({ what }) => what.kind)).toEqual(['map', 'map']);
    const cwd = mkdtempSync(join(tmpdir(), 's2bench-testkit-'));
    const report = reportOf(found.strategy, finding, cwd);
    expect(report).toContain(
      "npx s2bench ops --strategy 'puts-twice' --kernel v5.12p1 --page-size 4K --form long .results/puts-twice-sequences.ops",
    );
    expect(readFileSync(join(cwd, '.results/puts-twice-sequences.ops'), 'utf8')).toBe(finding.script.text);
  });
});

describe('a matter of taste or cost', () => {
  const otherwise = (name: string, visitors: Visitors) =>
    defineStrategy({ ...TAKE_DOWN_FIRST, name, summary: 'right, and odd', source: 'this test', ...visitors });
  const flushesEachPage = otherwise('flushes-each-page', {
    tablePre(entry, map) {
      if (map.anchor === NO_ENTRY && map.blockSupported(entry))
        map.walkLeaves(map.follow(entry), (leaf) => map.tlbiIpa(leaf));
      return TAKE_DOWN_FIRST.tablePre?.(entry, map);
    },
  });
  const keepsTables = otherwise('keeps-tables', {
    tablePre: (entry, map) => {
      if (map.blockSupported(entry)) map.followed = map.follow(entry);
    },
    leaf(entry, map) {
      if (map.followed !== NO_TABLE && entry.valid) {
        map.invalidate(entry);
        map.tlbiIpa(entry);
        map.put(entry);
      }
      return map.mapLeaf(entry);
    },
    tablePost(entry, map) {
      if (map.followed === map.follow(entry)) map.followed = NO_TABLE;
    },
  });

  it.each([
    [
      'flushes-each-page',
      flushesEachPage,
      'cost',
      /^flushes-each-page, a note on cost: ADJUST .* is \d+\.\d times that of/,
    ],
    [
      'keeps-tables',
      keepsTables,
      'block',
      /^keeps-tables, a note on blocks: no block is made of 7 tables: of 2 MiB with pages of 4 KiB/,
    ],
  ] as const)('is a note and no finding: %s', (_, strategy, about, line) => {
    const note = notesOf(strategy).find((each) => each.about === about);
    expect(note && noteLine(strategy, note)).toMatch(line);
    expect(conformanceOf(strategy, FEW_RUNS)).toEqual([]);
  });

  it('is none where a strategy does what the plainest order does', () => {
    expect(notesOf(TAKE_DOWN_FIRST)).toEqual([]);
  });
});

describe('what a strategy expects', () => {
  const [neverCleans] = BROKEN.filter(({ strategy }) => strategy.name === 'never-cleans');
  const expecting = (expects: readonly string[]) =>
    defineStrategy({ ...(neverCleans?.strategy ?? TAKE_DOWN_FIRST), expects });

  it('is no finding where it is broken', () => {
    expect(conformanceOf(expecting(['data-coherency', 'lost-guest-write']), FEW_RUNS)).toEqual([]);
    expect(findingsOf(expecting(['mapping']), 'coalesce')).toMatchObject([{ rule: 'data-coherency' }]);
  });

  it('must be rules that there are', () => {
    expect(findingsOf(expecting(['data-coherence']), 'metadata')).toMatchObject([
      { rule: 'metadata', message: expect.stringContaining('no rule data-coherence') as string },
    ]);
  });
});

describe('conformanceOf', () => {
  it('gives the same findings each time, for the seed', () => {
    const [{ strategy }] = BROKEN as [(typeof BROKEN)[number]];
    const aspects = ASPECTS.filter((aspect) => aspect !== 'safety');
    expect(conformanceOf(strategy, { seed: 7 }, aspects)).toEqual(conformanceOf(strategy, { seed: 7 }, aspects));
  });

  it('finds what is claimed of another kernel', () => {
    const [finding] = findingsOf(TAKE_DOWN_FIRST, 'vectors', { kernels: ['v5.12p1rfc'] });
    expect(finding).toMatchObject({
      rule: 'vectors',
      message: expect.stringMatching(/^script \S+ of v5\.12p1rfc: /) as string,
    });
  });

  it('finds a name that is none', () => {
    expect(findingsOf({ ...TAKE_DOWN_FIRST, name: 'Two Words' }, 'metadata')).toMatchObject([
      { message: 'name: must be lower-case words joined by hyphens' },
    ]);
  });
});
