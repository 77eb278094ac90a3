/** The conformance suite against the zoo: it finds each mistake that a strategy's own visitors can make, and names where. */
import { ASPECTS, conformanceOf, type Finding, findingLine } from '@s2bench/testkit/conformance';
import { WORLDS } from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import { ANIMALS } from './animals/index.ts';
import type { Animal } from './animal.ts';
import { VARIATIONS } from './variations/index.ts';

/** Mistakes of a strategy: others are made past the contract, or in the abort handler, where no strategy has a say. */
const isOwn = ({ subject }: Pick<Animal, 'subject'>): boolean => Object.keys(subject).join() === 'strategy';
const OWN_ANIMALS = ANIMALS.filter(isOwn);
const OWN_VARIATIONS = VARIATIONS.filter(isOwn);

const RUNS = 15;
const SEQUENTIAL = ASPECTS.filter((aspect) => aspect !== 'safety');

/** What is found without interleavings; where that is not by the animal's rule, what its own world shows. */
function findingsOf({ rule, subject, habitat: { world } }: Animal): Finding[] {
  const strategy = { ...subject.strategy, expects: 'safe' } as const;
  const findings = conformanceOf(strategy, { runs: RUNS }, SEQUENTIAL);
  if (findings.some((finding) => finding.rule === rule) || !WORLDS.includes(world)) return findings;
  return [...findings, ...conformanceOf(strategy, { worlds: [world.name] }, ['safety'])];
}

describe('the conformance suite', () => {
  it('meets enough of both', () => {
    expect(OWN_ANIMALS.length).toBeGreaterThanOrEqual(15);
    expect(OWN_VARIATIONS.length).toBeGreaterThanOrEqual(15);
  });

  it.each(OWN_ANIMALS)('fails $name, by the rule $rule, with op and step', (animal) => {
    const findings = findingsOf(animal);
    const named = findings.find(({ rule }) => rule === animal.rule);
    expect(named, findings.map(({ rule }) => rule).join()).toBeDefined();
    if (named === undefined) return;
    expect(findingLine(animal.subject.strategy, named)).toMatch(
      new RegExp(`^${animal.name} breaks ${animal.rule} in op .+, at step .+: .+`),
    );
  });

  it.each(OWN_VARIATIONS)('finds nothing wrong with $name, which does it otherwise and right', ({ subject }) => {
    expect(conformanceOf(subject.strategy, { runs: RUNS }, SEQUENTIAL)).toEqual([]);
  });
});
