/** Every animal is caught by its rule, and no rule can be left out. */
import type { Architecture, RuleName } from '@s2bench/verify';
import {
  counterexampleSchema,
  isRealTable,
  replay,
  RULE_NAMES,
  RULES,
  STRICTEST,
  verifySetting,
} from '@s2bench/verify';
import { describe, expect, it } from 'vitest';
import type { Animal } from '../animal.ts';
import { ANIMALS } from './index.ts';

describe('an animal', () => {
  it.each(ANIMALS)(
    '$name is caught by $rule, and its counterexample, if it has steps, can be run again',
    ({ subject, rule, habitat }) => {
      const { world, fwb } = habitat;
      const found = verifySetting(subject, world, habitat);
      expect(found).toMatchObject({ verdict: 'unsafe', rule });
      if (isRealTable(world)) return;
      if (found.counterexample === undefined) throw new Error('no counterexample');
      expect(found.counterexample.conclusion).toMatch(/^[A-Zv].*\.$/);
      const document = counterexampleSchema.parse(JSON.parse(JSON.stringify(found.counterexample)));
      expect(replay({ subject, world, fwb, rules: RULES }, document).document).toEqual(document);
    },
  );
});

/** An animal of each rule that nothing else would notice. */
const ONLY_BY: Record<RuleName, string> = {
  'break-before-make': 'tlbi-after-make',
  'walker-safety': 'free-before-tlbi',
  accounting: 'put-twice',
  mapping: 'wrong-output-address',
  progress: 'no-coalesce',
  'stale-translation': 'unmap-without-tlbi',
  'data-coherency': 'clean-first-page-only',
  'instruction-coherency': 'no-icache-invalidate',
  'lost-guest-write': 'late-clean',
  'dirty-log': 'writable-for-readers',
};

function animalOf(rule: RuleName): Animal {
  const animal = ANIMALS.find(({ name }) => name === ONLY_BY[rule]);
  if (animal?.rule !== rule) throw new Error(`no animal '${ONLY_BY[rule]}' of the rule ${rule}`);
  return animal;
}

describe.each(RULE_NAMES)('without the rule %s', (rule) => {
  const { name, subject, habitat } = animalOf(rule);
  it(`${name} goes through entirely`, () => {
    const rules = RULE_NAMES.filter((name) => name !== rule);
    expect(verifySetting(subject, habitat.world, { ...habitat, rules })).toMatchObject({
      verdict: 'safe',
      complete: true,
    });
  });
});

/** An animal that each part of the hardware model alone shows. */
const ONLY_ON: readonly (readonly [element: string, without: Partial<Architecture>, animal: string])[] = [
  ['dirty lines that are written back at any moment', { writeBack: false }, 'no-clean-for-stores'],
  ['hints that are taken at their word', { ttl: 'lenient' }, 'unlink-hinted-as-leaf'],
  ['entries of both stages combined', { combined: false }, 'combined-entries-left'],
  ['conflicts of a block and the table below it', { bbm: 2 }, 'block-over-table-at-once'],
  ['I-caches that are not coherent', { dic: true }, 'no-icache-invalidate'],
  ['walks that hold the pointer to a table', { without: ['held-pointers'] }, 'free-before-tlbi'],
  ['stores that walkers see late', { without: ['late-stores'] }, 'tlbi-before-dsb'],
];

describe.each(ONLY_ON)('without %s', (_element, without, name) => {
  const found = ANIMALS.find((each) => each.name === name);
  it(`${name} goes through entirely`, () => {
    if (found === undefined) throw new Error(`no animal '${name}'`);
    const { subject, habitat, rule } = found;
    expect(verifySetting(subject, habitat.world, habitat).rule).toBe(rule);
    const arch = { ...STRICTEST, ...without };
    expect(verifySetting(subject, habitat.world, { ...habitat, arch })).toMatchObject({
      verdict: 'safe',
      complete: true,
    });
  });
});
