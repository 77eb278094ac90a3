/** The conformance suite against the zoo: it finds each mistake that a strategy's own visitors can make, and names where. */
import { ASPECTS, conformanceOf, type Finding, findingLine } from '@s2bench/testkit/conformance';
import { REAL_WORLDS, WORLDS } from '@s2bench/verify';
import { expect, it } from 'vitest';
import { type Animal, ANIMALS, type Variation, VARIATIONS } from '../src/index.ts';

/** Mistakes of a strategy: others are made past the contract, or in the abort handler, where no strategy has a say. */
const isOwn = ({ subject }: Pick<Animal, 'subject'>): boolean => Object.keys(subject).join() === 'strategy';
/** Those that the suite has to fail. */
export const OWN_ANIMALS = ANIMALS.filter(isOwn);
/** Those that it must not fail; the suite is of the strictest hardware. */
export const OWN_VARIATIONS = VARIATIONS.filter(
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

/** Decided by counts in tables of real size, which takes a second each and more: but for one of each rule, exhaustive. */
const SLOW: readonly string[] = [
  'lower-blocks-put-twice',
  'nothing-for-1g',
  'two-holes-apart-not-cleaned',
  'flushes-many-before-break',
  'even-counts-not-cleaned',
  'window-of-counts-not-cleaned',
  'never-coalesces',
  'coalesces-only-when-full',
];

/** Whether the suite is held against an animal or a variation in the exhaustive tests alone. */
export function isSlow({ name }: Pick<Animal, 'name'>): boolean {
  return SLOW.includes(name);
}

/** Wants the suite to fail these by their rules, with op and step. */
export function failEach(animals: readonly Animal[]): void {
  it.each(animals)('fails $name, by the rule $rule, with op and step', (animal) => {
    const findings = findingsOf(animal);
    const seenBy = SEEN_BY[animal.name] ?? animal.rule;
    const named = findings.find(({ rule }) => rule === seenBy);
    expect(named, findings.map(({ rule }) => rule).join()).toBeDefined();
    if (named === undefined) return;
    expect(findingLine(animal.subject.strategy, named)).toMatch(
      new RegExp(`^${animal.name} breaks ${seenBy} in op .+, at step .+: .+`),
    );
  });
}

/** Wants the suite to find nothing wrong with these. */
export function passEach(variations: readonly Variation[]): void {
  it.each(variations)('finds nothing wrong with $name, which does it otherwise and right', ({ subject }) => {
    expect(conformanceOf(subject.strategy, { runs: RUNS }, SEQUENTIAL)).toEqual([]);
  });
}
