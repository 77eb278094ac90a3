/** `s2bench verify --zoo`: broken strategies that must be caught, and correct ones that must not. */
import { formatTime } from '@s2bench/report';
import { renderCounterexample, RULE_NAMES, type VerifyResult } from '@s2bench/verify';
import { type Animal, ANIMALS, type Habitat, type Variation, VARIATIONS } from '@s2bench/zoo';
import { UsageError } from '../cli/errors.ts';
import type { TextOptions } from '../cli/terminal.ts';
import { parseChoice } from '../options/values.ts';
import type { VerifyFlags, VerifyRequest } from '../options/verify-request.ts';
import type { SubjectRef, VerifyPlan, WorldTask } from '../plan/verify-plan.ts';
import type { RenderVerdicts } from '../report/publish-verdicts.ts';
import { paint, plainTable } from '../report/verdict-table.ts';
import { type Judgement, shortestOfEach } from '../report/verdicts.ts';

/** Flags that choose worlds and rules: in the zoo each has its own, and all rules are held. */
const NOT_IN_THE_ZOO = [
  'world',
  'history',
  'fwb',
  'vcpus',
  'rule',
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
): { readonly plan: VerifyPlan; readonly render: RenderVerdicts } {
  const flag = NOT_IN_THE_ZOO.find((name) => flags[name] !== undefined);
  if (flag !== undefined)
    throw new UsageError(`--${flag}: not with --zoo, where each strategy has its own worlds and all rules are held`);
  const names = [...ANIMALS, ...VARIATIONS].map(({ name }) => name);
  const chosen = texts.map((text) => parseChoice(text, '--zoo', 'animal or variation', names));
  const isChosen = ({ name }: { readonly name: string }): boolean => chosen.length === 0 || chosen.includes(name);
  const animals = ANIMALS.filter(isChosen);
  const variations = VARIATIONS.filter(isChosen);
  const plan = {
    tasks: [
      ...animals.map(({ name, habitat }) => taskOf({ kind: 'animal', name }, habitat, request)),
      ...variations.flatMap(({ name, habitats }) =>
        habitats.map((habitat) => taskOf({ kind: 'variation', name }, habitat, request)),
      ),
    ],
    expectations: [
      ...animals.map(({ name, rule }) => ({ name, breaks: [rule], isDeclared: true })),
      ...variations.map(({ name }) => ({ name, breaks: [], isDeclared: true })),
    ],
    couldShow: RULE_NAMES,
  };
  return {
    plan,
    render: (results, judgements, options) =>
      render(results, judgements, { animals, variations, isAll: chosen.length === 0 }, options),
  };
}

function taskOf(subject: SubjectRef, { world, history, fwb }: Habitat, { bounds, casemate }: VerifyRequest): WorldTask {
  // An animal is caught by the rule that it is meant for before any other.
  return {
    subject,
    world,
    history,
    fwb,
    rules: RULE_NAMES,
    bounds,
    everyRule: false,
    casemate: casemate !== undefined,
  };
}

interface Seen {
  readonly animals: readonly Animal[];
  readonly variations: readonly Variation[];
  readonly isAll: boolean;
}

const ANIMAL_COLUMNS = ['animal', 'caught by', 'in world', 'history', 'FWB'].map((label) => ({
  label,
  align: 'left' as const,
}));
const VARIATION_COLUMNS = ['variation', 'found'].map((label) => ({ label, align: 'left' as const }));
const NUMBER_COLUMNS = ['steps', 'time'].map((label) => ({ label, align: 'right' as const }));

function render(
  results: readonly VerifyResult[],
  judgements: readonly Judgement[],
  { animals, variations, isAll }: Seen,
  options: TextOptions,
): string {
  const of = (name: string): readonly VerifyResult[] => results.filter(({ strategy }) => strategy === name);
  const animalRows = animals.flatMap((animal) => of(animal.name).map((result) => animalRow(animal, result, options)));
  const variationRows = variations.flatMap(({ name }) =>
    of(name).length === 0 ? [] : [variationRow(name, of(name), options)],
  );
  const right = judgements.filter(
    ({ unexpected, missing, isComplete }) => isComplete && unexpected.length + missing.length === 0,
  );
  const count = (list: readonly { readonly name: string }[]): string =>
    `${list.filter(({ name }) => right.some((judgement) => judgement.name === name)).length} of ${list.length}`;
  return [
    ...(animalRows.length > 0 ? [...plainTable([...ANIMAL_COLUMNS, ...NUMBER_COLUMNS], animalRows), ''] : []),
    ...(variationRows.length > 0
      ? [...plainTable([...VARIATION_COLUMNS, ...NUMBER_COLUMNS.slice(1)], variationRows), '']
      : []),
    `${count(animals)} animals caught by the rule that they are meant for, ${count(variations)} variations safe`,
    // All of them would be thousands of lines.
    ...(isAll ? [] : shortestOfEach(results).map((document) => `\n${renderCounterexample(document, options)}`)),
    '',
  ].join('\n');
}

function animalRow(
  { name, rule }: Animal,
  { world, history, fwb, steps, elapsedMs, ...found }: VerifyResult,
  options: TextOptions,
): string[] {
  const isRight = found.rule === rule;
  const verdict = found.rule === undefined ? `none: ${found.verdict}` : isRight ? rule : `${found.rule}, not ${rule}`;
  return [
    name,
    paint(isRight ? 'green' : 'red', verdict, options),
    world,
    history,
    fwb ? 'on' : 'off',
    String(steps ?? '–'),
    formatTime(elapsedMs * 1e6),
  ];
}

function variationRow(name: string, results: readonly VerifyResult[], options: TextOptions): string[] {
  const odd = results.find(({ verdict }) => verdict !== 'safe');
  const settings = `${results.length} ${results.length === 1 ? 'exploration' : 'explorations'}`;
  const text =
    odd === undefined
      ? `safe in ${settings}`
      : `${odd.verdict}${odd.rule === undefined ? '' : `: ${odd.rule}`} in ${odd.world}, ${odd.history}`;
  const elapsedMs = results.reduce((sum, result) => sum + result.elapsedMs, 0);
  return [name, paint(odd === undefined ? 'green' : 'red', text, options), formatTime(elapsedMs * 1e6)];
}
