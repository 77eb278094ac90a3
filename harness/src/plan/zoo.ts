/** The zoo by name, and a walk through it. Loaded where it is needed: who verifies a strategy needs none of it. */
import { isRealTable, RULE_NAMES, type Subject, VERIFIED_KERNEL, type World } from '@s2bench/verify';
import type { Animal, Habitat, Variation } from '@s2bench/zoo';
import { ANIMALS, SHARED_ANIMALS, SHARED_VARIATIONS, VARIATIONS } from '@s2bench/zoo';
import { UsageError } from '../cli/errors.ts';
import { parseChoice } from '../options/values.ts';
import type { VerifyFlags, VerifyRequest } from '../options/verify-request.ts';
import { hasTraces, type SubjectRef, type VerifyPlan, type WorldTask } from './verify-plan.ts';

const ALL_ANIMALS: readonly Animal[] = [...ANIMALS, ...SHARED_ANIMALS];
const ALL_VARIATIONS: readonly Variation[] = [...VARIATIONS, ...SHARED_VARIATIONS];

/** What a worker finds an animal or a variation with; `undefined` where none has the name. */
export function refInZoo(name: string): SubjectRef | undefined {
  if (ALL_ANIMALS.some((animal) => animal.name === name)) return { kind: 'animal', name };
  return ALL_VARIATIONS.some((variation) => variation.name === name) ? { kind: 'variation', name } : undefined;
}

/** The subject of an animal or a variation. */
export function subjectInZoo(name: string): Subject {
  const found = [...ALL_ANIMALS, ...ALL_VARIATIONS].find((each) => each.name === name);
  if (found === undefined) throw new Error(`the zoo has no ${name}`);
  return found.subject;
}

/** The worlds in which animals live; some have one of their own. What is found in a real table has no steps to be run again. */
export const ZOO_WORLDS: readonly World[] = ALL_ANIMALS.flatMap(({ habitat: { world } }) =>
  isRealTable(world) ? [] : [world],
);

/** Flags that choose worlds and rules: in the zoo each has its own, and all rules are held. */
const NOT_IN_THE_ZOO = [
  'world',
  'history',
  'fwb',
  'vcpus',
  'arch',
  'rule',
  'kernel',
  'replay',
] as const satisfies readonly (keyof VerifyFlags)[];

/**
 * Plans a walk through the zoo.
 *
 * @param texts - names of what is to be seen; none: all
 * @throws UsageError where a name is unknown, or a flag chooses what is fixed here
 */
export function planZoo(
  texts: readonly string[],
  flags: VerifyFlags,
  request: VerifyRequest,
): { readonly plan: VerifyPlan; readonly seen: Seen } {
  const flag = NOT_IN_THE_ZOO.find((name) => flags[name] !== undefined);
  if (flag !== undefined)
    throw new UsageError(`--${flag}: not with --zoo, where each strategy has its own worlds and all rules are held`);
  const names = [...ALL_ANIMALS, ...ALL_VARIATIONS].map(({ name }) => name);
  const chosen = texts.map((text) => parseChoice(text, '--zoo', 'animal or variation', names));
  const isChosen = ({ name }: { readonly name: string }): boolean => chosen.length === 0 || chosen.includes(name);
  const animals = ALL_ANIMALS.filter(isChosen);
  const variations = ALL_VARIATIONS.filter(isChosen);
  const plan = {
    tasks: [
      ...animals.map(({ name, habitat }) => taskOf({ kind: 'animal', name }, habitat, request)),
      ...variations.flatMap(({ name, habitats }) =>
        habitats.map((habitat) => taskOf({ kind: 'variation', name }, habitat, request)),
      ),
    ],
    expectations: [
      ...animals.map((one) => ({ name: one.name, breaks: [one.rule], isDeclared: true, kernels: kernelsOf(one) })),
      ...variations.map((one) => ({ name: one.name, breaks: [], isDeclared: true, kernels: kernelsOf(one) })),
    ],
    kernels: [...new Set([...animals, ...variations].flatMap(kernelsOf))],
    couldShow: RULE_NAMES,
    isCovered: false,
  };
  return {
    plan,
    seen: { animals, variations, isAll: chosen.length === 0 },
  };
}

function taskOf(
  subject: SubjectRef,
  { world, history, fwb, arch, kernel = VERIFIED_KERNEL }: Habitat,
  { bounds, casemate }: VerifyRequest,
): WorldTask {
  // An animal is caught by the rule that it is meant for before any other.
  return {
    subject,
    world,
    history,
    fwb,
    ...(arch !== undefined && { arch: arch.name }),
    kernel,
    rules: RULE_NAMES,
    bounds,
    everyRule: false,
    casemate: casemate !== undefined && hasTraces(kernel),
  };
}

/** The kernel models that an animal, or a variation, lives under. */
function kernelsOf(one: Animal | Variation): string[] {
  const habitats = 'habitat' in one ? [one.habitat] : one.habitats;
  return [...new Set(habitats.map(({ kernel = VERIFIED_KERNEL }) => kernel))];
}

/** What is seen on a walk. */
export interface Seen {
  readonly animals: readonly Animal[];
  readonly variations: readonly Variation[];
  readonly isAll: boolean;
}
