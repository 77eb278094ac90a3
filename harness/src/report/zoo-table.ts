/**
 * What was found in the zoo, as text for a terminal: broken strategies that must be caught, and correct ones that must
 * not.
 */
import { formatTime } from '@s2bench/report';
import { breakLines, type FitColumn, fitPlainTable, type PlainRow, type PlainValue } from '@s2bench/report/text';
import { type StrategyJudgement, renderCounterexample, type VerifyResult } from '@s2bench/verify';
import type { Animal } from '@s2bench/zoo';
import type { TextOptions } from '../cli/terminal.ts';
import type { Seen } from '../plan/zoo.ts';
import { shortestOfEach } from './verdicts.ts';

const NUMBER_COLUMNS: readonly FitColumn[] = [
  { label: 'steps', align: 'right' },
  { label: 'time', align: 'right' },
];
const ANIMAL_COLUMNS: readonly FitColumn[] = [
  { label: 'animal', align: 'left', isKey: true, breaks: true },
  { label: 'caught by', align: 'left', breaks: true },
  { label: 'in world', align: 'left', breaks: true },
  { label: 'history', align: 'left', breaks: true },
  { label: 'FWB', align: 'left' },
  ...NUMBER_COLUMNS,
];
const VARIATION_COLUMNS: readonly FitColumn[] = [
  { label: 'variation', align: 'left', isKey: true, breaks: true },
  { label: 'found', align: 'left', breaks: true },
  ...NUMBER_COLUMNS.slice(1),
];

/** The tables of a walk, then the counterexamples of what was asked for by name. */
export function renderZoo(
  results: readonly VerifyResult[],
  judgements: readonly StrategyJudgement[],
  { animals, variations, isAll }: Seen,
  options: TextOptions,
): string {
  const of = (name: string): readonly VerifyResult[] => results.filter(({ strategy }) => strategy === name);
  const animalRows = animals.flatMap((animal) => of(animal.name).map((result) => animalRow(animal, result)));
  const variationRows = variations.flatMap(({ name }) => (of(name).length === 0 ? [] : [variationRow(name, of(name))]));
  const right = judgements.filter(
    ({ unexpected, missing, isComplete }) => isComplete && unexpected.length + missing.length === 0,
  );
  const count = (list: readonly { readonly name: string }[]): string =>
    `${list.filter(({ name }) => right.some((judgement) => judgement.name === name)).length} of ${list.length}`;
  return [
    ...(animalRows.length > 0 ? [fitPlainTable(ANIMAL_COLUMNS, animalRows, options).text, ''] : []),
    ...(variationRows.length > 0 ? [fitPlainTable(VARIATION_COLUMNS, variationRows, options).text, ''] : []),
    ...breakLines(
      `${count(animals)} animals caught by the rule that they are meant for, ${count(variations)} variations safe`,
      options.columns,
      '  ',
    ),
    // All of them would be thousands of lines.
    ...(isAll ? [] : shortestOfEach(results).map((document) => `\n${renderCounterexample(document, options)}`)),
    '',
  ].join('\n');
}

function animalRow(
  { name, rule }: Animal,
  { world, history, fwb, steps, elapsedMs, ...found }: VerifyResult,
): PlainRow {
  const isRight = found.rule === rule;
  const verdict = found.rule === undefined ? `none: ${found.verdict}` : isRight ? rule : `${found.rule}, not ${rule}`;
  return [
    { text: name },
    painted(verdict, isRight),
    { text: world },
    { text: history },
    { text: fwb ? 'on' : 'off' },
    { text: String(steps ?? '–') },
    { text: formatTime(elapsedMs * 1e6) },
  ];
}

function variationRow(name: string, results: readonly VerifyResult[]): PlainRow {
  const odd = results.find(({ verdict }) => verdict !== 'safe');
  const settings = `${results.length} ${results.length === 1 ? 'exploration' : 'explorations'}`;
  const text =
    odd === undefined
      ? `safe in ${settings}`
      : `${odd.verdict}${odd.rule === undefined ? '' : `: ${odd.rule}`} in ${odd.world}, ${odd.history}`;
  const elapsedMs = results.reduce((sum, result) => sum + result.elapsedMs, 0);
  return [{ text: name }, painted(text, odd === undefined), { text: formatTime(elapsedMs * 1e6) }];
}

function painted(text: string, isRight: boolean): PlainValue {
  return { text, alarm: isRight ? 'green' : 'red' };
}
