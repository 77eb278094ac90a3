/** The conformance suite against the zoo: it finds each mistake that a strategy's own visitors can make, and names where. */
import { ASPECTS, conformanceOf, type Finding, findingLine } from '@s2bench/testkit/conformance';
import { REAL_WORLDS, WORLDS } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { ANIMALS } from './animals/index.ts';
import type { Animal } from './animal.ts';
import { VARIATIONS } from './variations/index.ts';

/** Mistakes of a strategy: others are made past the contract, or in the abort handler, where no strategy has a say. */
const isOwn = ({ subject }: Pick<Animal, 'subject'>): boolean => Object.keys(subject).join() === 'strategy';
const OWN_ANIMALS = ANIMALS.filter(isOwn);
/** The suite is of the strictest hardware. */
const OWN_VARIATIONS = VARIATIONS.filter(
  (each) => isOwn(each) && each.habitats.every(({ arch }) => arch === undefined),
);
/** By which rule the suite sees an animal, where that is another: its own worlds load before they store. */
const SEEN_BY: Readonly<Record<string, string>> = { 'no-clean-for-stores': 'data-coherency' };

const RUNS = 8;
const SEQUENTIAL = ASPECTS.filter((aspect) => aspect !== 'safety');

/** What is found without interleavings; where that is not by the animal's rule, what its own world shows, or the smallest. */
function findingsOf({ rule, subject, habitat: { world } }: Animal): Finding[] {
  const strategy = { ...subject.strategy, expects: 'safe' } as const;
  const findings: Finding[] = [];
  for (const aspect of SEQUENTIAL) {
    findings.push(...conformanceOf(strategy, { runs: RUNS }, [aspect]));
    if (findings.some((finding) => finding.rule === rule)) return findings;
  }
  const name = [...WORLDS, ...REAL_WORLDS].some((each) => each.name === world.name) ? world.name : 'partial-table';
  return [...findings, ...conformanceOf(strategy, { worlds: [name] }, ['safety'])];
}

describe('the conformance suite', () => {
  it('meets enough of both', () => {
    expect(OWN_ANIMALS.length).toBeGreaterThanOrEqual(15);
    expect(OWN_VARIATIONS.length).toBeGreaterThanOrEqual(15);
  });

  it.each(OWN_ANIMALS)('fails $name, by the rule $rule, with op and step', (animal) => {
    const findings = findingsOf(animal);
    const seenBy = SEEN_BY[animal.name] ?? animal.rule;
    const named = findings.find(({ rule }) => rule === seenBy);
    expect(named, findings.map(({ rule }) => rule).join()).toBeDefined();
    if (named === undefined) return;
    expect(findingLine(animal.subject.strategy, named)).toMatch(
      new RegExp(`^${animal.name} breaks ${seenBy} in op .+, at step .+: .+`),
    );
  });

  it.each(OWN_VARIATIONS)('finds nothing wrong with $name, which does it otherwise and right', ({ subject }) => {
    expect(conformanceOf(subject.strategy, { runs: RUNS }, SEQUENTIAL)).toEqual([]);
  });
});
