/** The conformance of a strategy as a Vitest suite. */
import type { Strategy } from '@s2bench/core';
import { checkWorld } from './aspects/safety.ts';
import { findingsOf, notesOf } from './conformance.ts';
import { type Aspect, ASPECTS, type Finding, noteLine } from './finding.ts';
import { fillOptions } from './options.ts';
import type { ConformanceOptions } from './options.ts';
import { reportOf } from './report.ts';
import { loadVitest, requireRun } from './runner.ts';

// An import that stands above could not say in its own words that it is missing.
const { describe, it } = await loadVitest();

const TITLES: Readonly<Record<Exclude<Aspect, 'safety'>, string>> = {
  metadata: 'describes itself',
  contract: 'keeps to the contract: nothing else is read, written or asked for',
  coalesce: 'maps all that a block was asked for, with every reference right, and leaves nothing in TLBs and walkers',
  sequences: 'breaks no rule in any sequence of operations',
  determinism: 'does the same each time, and remembers nothing',
  vectors: 'does what the kernels did that it claims to equal',
};

/** For hangs alone: Vitest's own five seconds would fail a good strategy on a busy machine. */
const HANGS = { timeout: 120_000 };

/**
 * Declares the suite for a strategy. Call it at the top level of a test file.
 *
 * @throws RunnerError where Vitest does not run the file
 */
export function testStrategy(strategy: Strategy, options: ConformanceOptions = {}): void {
  requireRun();
  const { worlds, isEveryWorld, kernels } = fillOptions(options);
  describe(`strategy ${strategy.name}`, () => {
    for (const aspect of ASPECTS) {
      if (aspect === 'safety' || (aspect === 'vectors' && kernels.length === 0)) continue;
      it(TITLES[aspect], HANGS, () => expectNothing(strategy, findingsOf(strategy, aspect, options)));
    }
    if (isEveryWorld)
      it('breaks no rule in any world but those that it expects to break', HANGS, () =>
        expectNothing(strategy, findingsOf(strategy, 'safety', options)),
      );
    else
      it.each(worlds)('breaks no rule in world $name but those that it expects to break', HANGS, (world) =>
        expectNothing(strategy, checkWorld(strategy, world)),
      );
    it('has notes, which are no findings', HANGS, async ({ annotate }) => {
      for (const note of notesOf(strategy)) await annotate(noteLine(strategy, note), 'note');
    });
  });
}

function expectNothing(strategy: Strategy, findings: readonly Finding[]): void {
  if (findings.length > 0) throw new Error(findings.map((finding) => reportOf(strategy, finding)).join('\n\n'));
}
