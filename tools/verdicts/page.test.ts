/**
 * The page of verdicts is that of what is shipped. That each figure on it is what the commands say takes minutes:
 * `page.exhaustive.test.ts`. Here what can be known in a second: which strategies, which rules, and the kernel models' findings.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LOG_HOOKS, type Strategy } from '@s2bench/core';
import { architectureFor, expectationOf, modelFindings, RULE_NAMES, type VerifyDocument } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../scratch-clone.ts';
import { COMMANDS, PART_NAMES, textOf, verdictsPage } from './page.ts';

const page = readFileSync(join(ROOT, 'reports/verdicts.md'), 'utf8');
/** What follows a part's begin, up to its end. */
function partOf(name: string): string {
  return page.slice(page.indexOf(`<!-- ${name} -->`), page.indexOf(`<!-- /${name} -->`));
}
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter(([name, , , , , extent]) => name !== 'strategy' && extent !== undefined && name !== '---');
const rows = rowsOf(partOf('faults') + partOf('shared'));
const hookRows = rowsOf(partOf('hooks'));

async function shipped(): Promise<{ readonly strategies: Strategy[]; readonly hooks: Strategy[] }> {
  const folders = readdirSync(join(ROOT, 'strategies'), { withFileTypes: true }).filter((each) => each.isDirectory());
  const all = await Promise.all(
    folders.map(async ({ name }) => {
      const path = pathToFileURL(join(ROOT, 'strategies', name, 'src/index.ts')).href;
      return ((await import(path)) as { readonly default: Strategy }).default;
    }),
  );
  const hooks = all.filter((strategy) => LOG_HOOKS.some((hook) => hook in strategy));
  return { strategies: all.filter((strategy) => !hooks.includes(strategy)), hooks };
}

describe('reports/verdicts.md', () => {
  it('has a verdict on each shipped strategy that coalesces at faults, with the rules that it declares to break, and its hardware', async () => {
    for (const strategy of (await shipped()).strategies) {
      const theirs = rows.filter(([name]) => name === strategy.name);
      expect(theirs, strategy.name).not.toEqual([]);
      for (const [, , hardware, verdict = ''] of theirs) {
        expect(hardware).toBe(architectureFor(strategy.needs).arch.name);
        const broken = RULE_NAMES.filter((rule) => verdict.includes(rule));
        expect(broken, strategy.name).toEqual(expectationOf(strategy).breaks);
      }
    }
  });

  it('has each hook that is shipped, where faults have the lock alone and, if that is explored, where they share it', async () => {
    for (const { name, walkers = ['v5'] } of (await shipped()).hooks) {
      const kernels = hookRows.filter(([row = '']) => row.split(/[+?]/).includes(name)).map(([, kernel]) => kernel);
      expect(kernels, name).toEqual(walkers.includes('v5') ? ['v5.14', 'v6.12'] : ['v6.4?map-lock=exclusive']);
    }
    for (const [name, , , verdict] of hookRows) expect(verdict, name).toMatch(/^(safe$|nothing found)/);
  });

  it('says how the kernel models break rules by themselves, as it is found now', () => {
    const kernels = new Set(rowsOf(partOf('faults')).map(([, kernel = '']) => kernel));
    for (const kernel of kernels)
      for (const { rule, counterexample } of modelFindings(undefined, kernel))
        expect(page, `${kernel}: ${rule}`).toContain(
          [`### ${kernel}: ${rule}`, ...textOf(counterexample).slice(2, -2)].at(0),
        );
    const [first] = modelFindings();
    expect(page).toContain(textOf(first?.counterexample as NonNullable<typeof first>['counterexample']).join('\n'));
  });

  it('names its commands', () => {
    for (const command of COMMANDS) expect(page.replaceAll("'", '')).toContain(`npx ${command}`);
    for (const name of PART_NAMES) expect(partOf(name)).toContain('npx s2bench verify');
  });
});

describe('the page of verdicts', () => {
  const result = {
    strategy: 'mine',
    world: 'partial-table',
    history: 'fresh' as const,
    fwb: false,
    arch: 'strictest',
    kernel: 'v5.12p1',
    verdict: 'safe' as const,
    coalesces: ['level 2'],
    states: 1200,
    transitions: 1,
    depth: 3,
    complete: true,
    bounds: { maxStates: 1, maxSeconds: 1, maxBytes: 1 },
    bytesPerState: 1,
    elapsedMs: 1,
  };
  const pageOf = (...results: VerifyDocument['results']): string =>
    verdictsPage({ faults: [{ schemaVersion: 1, modelFindings: [], results }] }, KEPT);
  const KEPT = ['shared', 'hooks'].map((name) => `<!-- ${name} -->\n\nkept ${name}\n\n<!-- /${name} -->`).join('\n');

  it('keeps the parts that are not made anew, and says where there is none to keep', () => {
    expect(pageOf(result)).toContain('<!-- hooks -->\n\nkept hooks\n\n<!-- /hooks -->');
    expect(() => verdictsPage({}, '')).toThrow('no part faults');
    const whole = pageOf(result);
    expect(verdictsPage({}, whole)).toBe(whole);
  });

  it('says what was broken in the fewest turns, what was never run, and what met a bound', () => {
    expect(pageOf({ ...result, untested: [] })).toContain(
      '| mine | v5.12p1 | strictest | safe | all taken | 1,200 states of 1 explorations, 1 shapes of coalesces |',
    );
    const unsafe = { ...result, verdict: 'unsafe' as const, rule: 'mapping' as const, world: 'generated-a' };
    expect(pageOf({ ...unsafe, steps: 5 }, { ...unsafe, steps: 4 })).toContain(
      '| **unsafe**: mapping (4 turns, a generated world) | not judged |',
    );
    expect(pageOf(result, { ...result, verdict: 'incomplete', untested: ['a.ts:1:2'] })).toContain(
      'nothing found; 1 of 2 explorations met the bound',
    );
  });

  it('shows what another verdict was on the hardware that was modelled at first', () => {
    const lenient = { ...result, arch: 'lenient' };
    expect(pageOf(result, lenient)).toContain('| mine | safe | the same rules |');
    const broken = { ...result, verdict: 'unsafe' as const, rule: 'mapping' as const, steps: 2 };
    expect(pageOf(broken, lenient)).toContain('| mine | safe | **unsafe**: mapping (2 turns, partial-table) |');
  });
});
