/**
 * What was found in the zoo, as text for a terminal: broken strategies that must be caught, and correct ones that must
 * not.
 */
import { formatTime } from '@s2bench/report';
import { type StrategyJudgement, renderCounterexample, type VerifyResult } from '@s2bench/verify';
import type { Animal } from '@s2bench/zoo';
import type { TextOptions } from '../cli/terminal.ts';
import type { Seen } from '../plan/zoo.ts';
import { paint, plainTable } from './verdict-table.ts';
import { shortestOfEach } from './verdicts.ts';

const ANIMAL_COLUMNS = ['animal', 'caught by', 'in world', 'history', 'FWB'].map((label) => ({
  label,
  align: 'left' as const,
}));
const VARIATION_COLUMNS = ['variation', 'found'].map((label) => ({ label, align: 'left' as const }));
const NUMBER_COLUMNS = ['steps', 'time'].map((label) => ({ label, align: 'right' as const }));

/** The tables of a walk, then the counterexamples of what was asked for by name. */
export function renderZoo(
  results: readonly VerifyResult[],
  judgements: readonly StrategyJudgement[],
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
