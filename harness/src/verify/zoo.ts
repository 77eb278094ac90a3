/** The zoo by name. Loaded where it is needed: who verifies a strategy needs none of it. */
import type { Subject, World } from '@s2bench/verify';
import { ANIMALS, VARIATIONS } from '@s2bench/zoo';
import type { SubjectRef } from '../plan/verify-plan.ts';

/** What a worker finds an animal or a variation with; `undefined` where none has the name. */
export function refInZoo(name: string): SubjectRef | undefined {
  if (ANIMALS.some((animal) => animal.name === name)) return { kind: 'animal', name };
  return VARIATIONS.some((variation) => variation.name === name) ? { kind: 'variation', name } : undefined;
}

/** The subject of an animal or a variation. */
export function subjectInZoo(name: string): Subject {
  const found = [...ANIMALS, ...VARIATIONS].find((each) => each.name === name);
  if (found === undefined) throw new Error(`the zoo has no ${name}`);
  return found.subject;
}

/** The worlds in which animals live; some have one of their own. */
export const ZOO_WORLDS: readonly World[] = ANIMALS.map(({ habitat }) => habitat.world);
