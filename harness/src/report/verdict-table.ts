/** Verdicts as text for a terminal. */
import { kernelModelOf } from '@s2bench/kernel';
import { formatBytes, formatCount, formatTime } from '@s2bench/report';
import { breakLines, type FitColumn, fitPlainTable, paint, type PlainRow } from '@s2bench/report/text';
import {
  GENERATED,
  type History,
  renderCounterexample,
  STRICTEST,
  VERIFIED_KERNEL,
  type VerifyResult,
  type World,
} from '@s2bench/verify';
import type { TextOptions } from '../cli/terminal.ts';
import { isUntested, type Judgement, shortestOfEach } from './verdicts.ts';

/** Results of one world with one verdict. */
export interface MergedRow {
  readonly world: string;
  readonly histories: string;
  readonly fwb: string;
  readonly verdict: VerifyResult['verdict'];
  readonly verdictText: string;
  readonly states: number;
  readonly depth: number;
  readonly elapsedMs: number;
}

const ANY = 'any';

/** What of a world the table depends on. */
type ShownWorld = Pick<World, 'name' | 'histories'>;

/** Merges the results of one strategy under one kernel model: with FWB and without first, then histories. */
export function mergeAlike(results: readonly VerifyResult[], worlds: readonly ShownWorld[]): MergedRow[] {
  const byHistory = Map.groupBy(results, (result) => [result.world, result.history, textOf(result)].join('\n'));
  const merged = Map.groupBy([...byHistory.values()], (group) => {
    const [first] = group as [VerifyResult];
    // Generated worlds have names that nobody looks for in a table.
    const world = first.world.startsWith(`${GENERATED}-`) ? GENERATED : first.world;
    return [world, textOf(first), fwbOf(group)].join('\n');
  });
  return [...merged.values()].map((groups) => rowOf(groups.flat(), worlds));
}

function rowOf(results: readonly VerifyResult[], worlds: readonly ShownWorld[]): MergedRow {
  const first = results[0] as VerifyResult;
  const names = new Set(results.map(({ world }) => world));
  const theirs = worlds.filter(({ name }) => names.has(name));
  const histories = [...new Set(results.map(({ history }) => history))];
  return {
    world: names.size === 1 ? first.world : `${names.size} ${GENERATED}`,
    histories: historiesOf([...new Set(theirs.flatMap((world) => world.histories))], histories),
    fwb: fwbOf(results),
    verdict: first.verdict,
    verdictText: textOf(first),
    states: results.reduce((sum, { states }) => sum + states, 0),
    depth: Math.max(...results.map(({ depth }) => depth)),
    elapsedMs: results.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0),
  };
}

function textOf({ verdict, rule, steps }: VerifyResult): string {
  const found = [rule, ...(steps === undefined ? [] : [`${steps} steps`])].join(', ');
  return rule === undefined ? verdict : `${verdict}: ${found}`;
}

function fwbOf(results: readonly VerifyResult[]): string {
  const values = new Set(results.map(({ fwb }) => fwb));
  return values.size > 1 ? ANY : values.has(true) ? 'on' : 'off';
}

function historiesOf(all: readonly History[], histories: readonly History[]): string {
  return all.length > 1 && all.every((history) => histories.includes(history)) ? ANY : histories.join(', ');
}

const COLUMNS: readonly FitColumn[] = [
  // Worlds stand to the right of the strategy that they are of.
  { label: '', align: 'left', isKey: true },
  { label: 'world', align: 'left', isKey: true, breaks: true },
  { label: 'history', align: 'left', isKey: true },
  { label: 'FWB', align: 'left', isKey: true },
  { label: 'verdict', align: 'left', breaks: true },
  { label: 'states', align: 'right' },
  { label: 'depth', align: 'right', dropRank: 1 },
  { label: 'time', align: 'right' },
];

/** The table of what was found in worlds, then the shortest counterexample of each strategy, kernel model and rule. */
export function renderVerdicts(
  results: readonly VerifyResult[],
  judgements: readonly Judgement[],
  worlds: readonly ShownWorld[],
  options: TextOptions,
): string {
  const rows = judgements.flatMap((judgement): PlainRow[] => {
    const theirs = results.filter(({ strategy, kernel }) => strategy === judgement.name && kernel === judgement.kernel);
    return [headingOf(judgement, options), ...mergeAlike(theirs, worlds).map(rowValues)];
  });
  const shown = shortestOfEach(results).map((each) => `\n${renderCounterexample(each, options)}`);
  const findings = results.flatMap(({ strategy, rule = '', world, finding }) =>
    finding === undefined ? [] : [`${strategy} breaks ${rule} in ${world}: ${finding}`],
  );
  const notes = [
    summaryOf(results),
    hardwareOf(results),
    coalescesOf(results),
    ...coverageOf(judgements),
    ...new Set(findings),
  ].flatMap((note) => breakLines(note, options.columns, '  '));
  return [fitPlainTable(COLUMNS, rows, options).text, '', ...notes, ...shown, ''].join('\n');
}

function rowValues({ world, histories, fwb, verdict, verdictText, ...row }: MergedRow): PlainRow {
  const alarm = verdict === 'safe' ? 'green' : verdict === 'unsafe' ? 'red' : 'yellow';
  return [
    { text: '' },
    { text: world },
    { text: histories },
    { text: fwb },
    { text: verdictText, alarm },
    { text: formatCount(row.states) },
    { text: String(row.depth) },
    { text: formatTime(row.elapsedMs * 1e6) },
  ];
}

function headingOf(judgement: Judgement, options: TextOptions): string {
  const { name, kernel, broken, breaks, isDeclared, isComplete, unexpected, missing } = judgement;
  const safe = isUntested(judgement) ? 'safe, untested branches' : 'safe';
  const found =
    broken.length > 0 ? `breaks ${broken.join(', ')}` : isComplete ? safe : 'nothing found, not everything explored';
  const others = breaks.filter((rule) => !broken.includes(rule));
  const isPart = broken.length > 0 && unexpected.length === 0 && others.length > 0;
  const declared = isPart
    ? `declared to break ${others.join(', ')} too`
    : breaks.length > 0
      ? `declared to break ${breaks.join(', ')}`
      : isDeclared
        ? 'declared safe'
        : 'nothing declared';
  const isRight = unexpected.length + missing.length === 0;
  const asDeclared = isDeclared && isComplete && isRight && broken.length === breaks.length;
  const under = kernel === VERIFIED_KERNEL ? '' : ` under ${kernel}`;
  return `${options.color ? paint('bold', name) : name}${under}: ${found}${asDeclared ? ', as declared' : ` (${declared})`}`;
}

/** Branches that no world took, or that nobody has asked. */
function coverageOf(judgements: readonly Judgement[]): string[] {
  if (judgements.every(({ untested }) => untested === undefined)) {
    return [
      'coverage was not judged: it is in a run of all worlds, of all histories, with FWB and without, to its end',
    ];
  }
  return judgements.flatMap(({ name, untested = [] }) =>
    untested.length === 0
      ? [`coverage: every branch of ${name} was taken`]
      : untested.map((line) => `untested in ${name}: ${line}`),
  );
}

/**
 * Which shapes of a coalesce the verdicts speak of, in short; the document has each. Where sections share mmu_lock small
 * worlds write none down: what a section replaced is not told by the section alone.
 */
function coalescesOf(results: readonly VerifyResult[]): string {
  const shapes = [...new Set(results.flatMap(({ coalesces }) => coalesces))];
  const shared = [...new Set(results.map(({ kernel }) => kernel))].filter(
    (kernel) => kernelModelOf(kernel).mapLock === 'shared',
  );
  const unknown = shared.length === 0 ? '' : `not written down of small worlds under ${shared.join(', ')}`;
  if (shapes.length === 0 && unknown !== '') return `shapes of coalesces: ${unknown}`;
  const kinds = Map.groupBy(shapes, (shape) => shape.split(';')[0] ?? '');
  const counts = [...kinds].sort().map(([kind, { length }]) => `${length} of ${kind}`);
  const known = `coalesces of ${formatCount(shapes.length)} shapes${counts.length === 0 ? '' : `: ${counts.join('; ')}`}`;
  return unknown === '' ? known : `${known}; ${unknown}`;
}

function summaryOf(results: readonly VerifyResult[]): string {
  const states = results.reduce((sum, result) => sum + result.states, 0);
  const bytes = results.reduce((sum, result) => sum + result.states * result.bytesPerState, 0);
  const kernels = [...new Set(results.map(({ kernel }) => kernel))];
  const models = `kernel model${kernels.length > 1 ? 's' : ''} ${kernels.join(', ')}`;
  return `${models}; ${formatCount(states)} states, ${(bytes / states).toFixed(0)} bytes a state; the largest exploration took ${formatBytes(largestBytes(results))}`;
}

/** The hardware that the verdicts are of. */
function hardwareOf(results: readonly VerifyResult[]): string {
  const byHardware = Map.groupBy(results, ({ arch }) => arch);
  const texts = [...byHardware].map(([name, of]) => {
    const hardware = name === STRICTEST.name ? `${name} that the architecture allows` : name;
    if (byHardware.size === 1) return hardware;
    return `${hardware} (${[...new Set(of.map(({ strategy }) => strategy))].join(', ')})`;
  });
  return `hardware: ${texts.join('; ')}`;
}

function largestBytes(results: readonly VerifyResult[]): number {
  return (
    Math.round(Math.max(...results.map(({ states, bytesPerState }) => states * bytesPerState)) / 2 ** 20) * 2 ** 20
  );
}
