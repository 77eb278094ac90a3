import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineStrategy } from '@s2bench/core';
import { parseScript } from '@s2bench/kernel/ops';
import { describe, expect, it } from 'vitest';
import { ASPECTS, conformanceOf, findingLine, findingsOf } from '../src/conformance.ts';
import { TAKE_DOWN_FIRST } from '../src/reference.ts';
import { reportOf } from '../src/report.ts';
import { testStrategy } from '../src/test-strategy.ts';
import { BROKEN } from './broken.ts';

const WORLDS = { worlds: ['partial-table'] };

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

describe('what a strategy expects', () => {
  const [neverCleans] = BROKEN.filter(({ strategy }) => strategy.name === 'never-cleans');
  const expecting = (expects: readonly string[]) =>
    defineStrategy({ ...(neverCleans?.strategy ?? TAKE_DOWN_FIRST), expects });

  it('is no finding where it is broken', () => {
    expect(findingsOf(expecting(['data-coherency', 'lost-guest-write']), 'safety', WORLDS)).toEqual([]);
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
